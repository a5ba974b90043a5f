// Hints of systems that can say when something may have changed, for a watching process: the next pass starts at once
// rather than after the pause. A hint that is lost costs nothing but time, since the schedule goes on beside it.
import { setTimeout } from "node:timers/promises"
import { FaultError, type Connector } from "@syncline/connector"
import { cleanText } from "../render/clean.ts"
import type { Screen } from "../screen/screen.ts"
import type { Opened } from "./opened.ts"

export interface Hints {
  /** Resolves when something was heard that nobody has taken yet. */
  next(): Promise<void>
  /** Whether something was heard; from now on it counts as taken. */
  take(): boolean
}

/** A connection that broke is made again; what was missed meanwhile is found by the schedule. */
const LISTEN_AGAIN_MS = 30_000

async function keepListening(
  system: string,
  connector: Connector,
  resources: readonly string[],
  hear: () => void,
  screen: Screen,
  signal: AbortSignal,
): Promise<void> {
  let said = false
  while (!signal.aborted) {
    try {
      await connector.listen?.(resources, hear, { signal })
    } catch (error) {
      const why = error instanceof FaultError ? error.fault.message : String(error)
      if (!said && !signal.aborted) screen.note(`${cleanText(system)} gives no hints now (${cleanText(why)}); it is asked by the schedule.`)
      said = true
    }
    await setTimeout(LISTEN_AGAIN_MS, undefined, { signal, ref: false }).catch(() => {})
  }
}

export function listenForHints({ session, pipeline }: Opened, screen: Screen, signal: AbortSignal): Hints {
  let heard = Promise.withResolvers<void>()
  let waiting = false
  const hear = (): void => {
    waiting = true
    heard.resolve()
  }
  for (const [system, connector] of session.connectors) {
    const resources = pipeline.entities.flatMap(({ bindings }) =>
      bindings.filter((binding) => binding.system === system).map((binding) => binding.resource),
    )
    if (connector.listen === undefined || resources.length === 0) continue
    void keepListening(system, connector, [...new Set(resources)], hear, screen, signal)
  }
  return {
    next: () => heard.promise,
    take: () => {
      const was = waiting
      waiting = false
      heard = Promise.withResolvers()
      return was
    },
  }
}
