// One run as the store remembers it, for status and log.
import type { Json } from "../model/value.ts"

export interface RunRow {
  readonly id: string
  readonly startedAt: number
  readonly endedAt: number | null
  /** `running` until it ended by itself; a crash leaves it so. */
  readonly outcome: "running" | "done" | "attention" | "guard" | "unreachable" | "failed" | "interrupted"
  /** Counts per system, as the run's report shows them. */
  readonly report: Json
}
