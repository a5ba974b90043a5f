// What can go wrong with the store, and what to do about it.
import * as Data from "effect/Data"

export class StoreError extends Data.TaggedError("StoreError")<{
  readonly reason: "locked" | "corrupt" | "full" | "version" | "unavailable"
  readonly message: string
  readonly cause?: unknown
}> {}

/** Another process holds the lease; who knows that process to be dead may release it in its name. */
export class LeaseHeld extends Data.TaggedError("LeaseHeld")<{
  readonly owner: string
  readonly epoch: number
  readonly until: number
}> {}

/** The lease was taken over: this process must stop writing. */
export class StaleLease extends Data.TaggedError("StaleLease")<{ readonly epoch: number }> {}
