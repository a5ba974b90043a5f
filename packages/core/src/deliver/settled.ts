// What became of a write, as passes count it.
import type { Binding } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import { countersOf, type Session } from "../session/session.ts"

/** `trimmed`: a part was refused and the rest goes without it, at once. */
export type Settled = "created" | "updated" | "deleted" | "postponed" | "refused" | "trimmed" | "open"

/** A write of this very pass whose answer was missing, and what it was found to have come to: for the guards it is one that was made. */
export function countFound(session: Session, binding: Binding, intent: Intent, settled: Settled): void {
  if (intent.run !== session.run || settled === "trimmed" || settled === "open") return
  const counters = countersOf(session, binding.system)
  counters.postponed--
  counters[settled]++
}
