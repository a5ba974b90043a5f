// One system during one pass: calls with a little patience, and a circuit breaker that stays open for the rest of the
// pass; a watching process then finds it half-open.
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { type Connector, type Fault, FaultError } from "@syncline/connector"
import { StaleLease, StoreError } from "../store/error.ts"
import type { Pause } from "./pauses.ts"

/** A call that did not go through. */
export class RemoteFault extends Data.TaggedError("RemoteFault")<{ readonly system: string; readonly fault: Fault }> {}

/** Waits between tries of one call within a pass, ms: enough for a restart, short enough for a person who waits. */
const PATIENCE_MS: readonly number[] = [300, 1_000, 3_000]
/** A system that asks for a longer pause than this is left for a later pass. */
const LONGEST_PAUSE_MS = 20_000

export interface Remote {
  readonly system: string
  readonly connector: Connector
  /** Half-open: it was down a pass ago, so one call without patience tells whether it is back. */
  readonly halfOpen: boolean
  calls: number
  /** Of the calls, those that asked once more for what did not get through. */
  retries: number
  /** Why nothing more is asked of this system in this pass. */
  down: Fault | null
  onDown: (fault: Fault) => void
  readonly now: () => number
  /** What it asked for, whoever asked it. */
  readonly pause: Pause
}

/** Tries that are free to be repeated in one pass; beyond them only a share of all calls: a system in trouble is left alone. */
const FREE_RETRIES = 10
const SHARE_OF_RETRIES = 0.1

/** What comes from our own store, which is asked before an answer is handed on, is no fault of the system: it answered. */
const faultOf = (error: unknown): Fault | StoreError | StaleLease =>
  error instanceof StoreError || error instanceof StaleLease ? error : faultThere(error)

const faultThere = (error: unknown): Fault =>
  error instanceof FaultError ? error.fault : { class: "transient", message: error instanceof Error ? error.message : String(error) }

const stillPausing = (restMs: number): Fault => ({
  class: "rateLimited",
  message: `it asked to be left alone for another ${Math.ceil(restMs / 1_000)} s`,
  retryAfterMs: restMs,
})

const asked = <A>(remote: Remote, make: (connector: Connector, signal: AbortSignal) => Promise<A>) =>
  Effect.suspend(() => {
    remote.calls++
    return Effect.tryPromise({ try: (signal) => make(remote.connector, signal), catch: faultOf })
  }).pipe(
    Effect.map((value) => ({ value }) as const),
    Effect.catch((fault) => {
      if (fault instanceof StoreError || fault instanceof StaleLease) return Effect.fail(fault)
      if (fault.retryAfterMs !== undefined) remote.pause.until = Math.max(remote.pause.until, remote.now() + fault.retryAfterMs)
      return Effect.succeed({ fault } as const)
    }),
  )

/**
 * A call whose repetition is harmless: reads, and pushes that reject only when nothing can have been applied. `ready`: comes
 * before every try.
 */
export const callRemote = <A, E = never>(
  remote: Remote,
  make: (connector: Connector, signal: AbortSignal) => Promise<A>,
  ready: Effect.Effect<void, E> = Effect.void,
): Effect.Effect<A, RemoteFault | StoreError | StaleLease | E> =>
  Effect.gen(function* () {
    if (remote.down !== null) return yield* new RemoteFault({ system: remote.system, fault: remote.down })
    const waits = remote.halfOpen ? [] : PATIENCE_MS
    for (let attempt = 0; ; attempt++) {
      const restMs = remote.pause.until - remote.now()
      if (restMs > 0 && restMs <= LONGEST_PAUSE_MS) yield* Effect.sleep(restMs)
      yield* ready
      const answer = restMs > LONGEST_PAUSE_MS ? ({ fault: stillPausing(restMs) } as const) : yield* asked(remote, make)
      if ("value" in answer) return answer.value
      const { fault } = answer
      const pauseMs = Math.max(waits[attempt] ?? 0, fault.retryAfterMs ?? 0)
      const mayWait =
        (fault.class === "transient" || fault.class === "rateLimited") &&
        attempt < waits.length &&
        pauseMs <= LONGEST_PAUSE_MS &&
        remote.retries + 1 <= Math.max(FREE_RETRIES, SHARE_OF_RETRIES * remote.calls)
      if (mayWait) {
        remote.retries++
        yield* Effect.sleep(pauseMs)
        continue
      }
      if (fault.class === "transient" || fault.class === "rateLimited" || fault.class === "auth" || fault.class === "forbidden") {
        // another call may have found out first
        if (remote.down === null) {
          remote.down = fault
          remote.onDown(fault)
        }
      }
      return yield* new RemoteFault({ system: remote.system, fault })
    }
  })
