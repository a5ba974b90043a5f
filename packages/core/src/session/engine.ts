// The engine's parts, put together by whoever runs it: time, ids and everything remote come in from outside.
import type { Connector } from "@syncline/connector"
import type { Pipeline } from "../model/pipeline.ts"
import type { Store } from "../store/port.ts"
import type { Progress } from "../model/report.ts"

export interface IdSource {
  /** A new id, unique in the store: `next("rec")` -> `rec_7k2…`. */
  next(prefix: string): string
}

export interface Engine {
  readonly pipeline: Pipeline
  /** One open connector per system of the pipeline. */
  readonly connectors: ReadonlyMap<string, Connector>
  /** Offset of each system's clock against ours (theirs minus ours), as bounds in ms; null while unknown. */
  readonly clockOffset: (system: string) => { readonly low: number; readonly high: number } | null
  readonly store: Store
  readonly ids: IdSource
  /** Epoch ms. */
  readonly now: () => number
  /** 0 ≤ x < 1, for jitter. */
  readonly random: () => number
  /** Names this process in the lease: host and pid, say. */
  readonly owner: string
  readonly progress?: (event: Progress) => void
}

/** A pass under way is interrupted by interrupting its effect: `Effect.runPromise(runPass(…), { signal })`. */
export interface PassOptions {
  /** Deletes (creates, updates) allowed in this pass beyond the guard, per binding. */
  readonly allow?: Partial<Record<"delete" | "create" | "update", number>>
  /** Read every resource in full, rather than what changed. */
  readonly full?: boolean
  /** Leave what waits for its next attempt alone until then (a watching process); a person who asks for a run is not made to wait. */
  readonly patient?: boolean
}
