// How long a system asked to be left alone: remembered beside its connector, so that whatever this process does next, another
// pass, a comparison or a rehearsal, keeps to it as well.
import type { Connector } from "@syncline/connector"

export interface Pause {
  /** No call before this time; epoch ms. */
  until: number
}

const pauses = new WeakMap<Connector, Pause>()

export function pauseOf(connector: Connector): Pause {
  const known = pauses.get(connector) ?? { until: 0 }
  pauses.set(connector, known)
  return known
}

/** One that stands before another calls the same system. */
export const sharePause = (connector: Connector, front: Connector): void => void pauses.set(front, pauseOf(connector))
