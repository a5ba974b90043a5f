// One run as the store remembers it, for status and log.
import type { RunReport } from "../model/report.ts"

export interface RunRow {
  readonly id: string
  readonly startedAt: number
  readonly endedAt: number | null
  /** `running` until it ended by itself; a crash leaves it so. */
  readonly outcome: "running" | "done" | "attention" | "guard" | "unreachable" | "failed" | "interrupted"
  /** `null` while it runs. */
  readonly report: RunReport | null
}
