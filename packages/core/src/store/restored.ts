// The mark of a store that is older than what the systems have seen of it: a backup was restored, or an old file put back.
// It is kept under this name among the states of systems until a pass has read every system in full.
import { isObject } from "@syncline/connector"
import type { Json } from "../model/value.ts"

export const RESTORED = "store/restored"

export interface Restored {
  /** When it was put back, epoch ms; for a file that was put back by hand, when that was noticed. */
  readonly at: number
  /** `backup`: by a restore. `replaced`: somebody put another, or an older, file in its place. */
  readonly how: "backup" | "replaced"
}

export const markOf = (restored: Restored): Json => ({ at: restored.at, how: restored.how })

export function readMark(state: Json): Restored | null {
  if (!isObject(state)) return null
  const { at, how } = state
  return { at: typeof at === "number" ? at : 0, how: how === "backup" ? "backup" : "replaced" }
}

export const sayRestored = ({ how }: Restored): string =>
  how === "backup" ? "the store was restored from a backup" : "the store's file was replaced by another or an older one"
