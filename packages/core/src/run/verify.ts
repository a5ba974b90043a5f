// A full comparison of all systems with the store, and its repair: what ordinary merge and delivery cannot see is marked,
// then an ordinary full pass does the rest, guards, reviews and policies included.
import * as Effect from "effect/Effect"
import type { RunReport } from "../model/report.ts"
import type { Engine, PassOptions } from "../session/engine.ts"
import { LEASE_TTL_MS } from "../session/session.ts"
import type { LeaseHeld, StaleLease, StoreError } from "../store/error.ts"
import type { VerifyReport } from "../verify/difference.ts"
import { putMarks } from "../verify/mark.ts"
import { compareAll, type Verified } from "../verify/read.ts"
import { pass } from "./run.ts"

/** Reads every system in full and writes nothing anywhere. */
export const verifyAll = (engine: Engine): Effect.Effect<VerifyReport, StoreError> =>
  compareWithCopy(engine).pipe(Effect.map(({ report }) => report))

const compareWithCopy = (engine: Engine): Effect.Effect<Verified, StoreError> =>
  Effect.acquireUseRelease(
    engine.store.fork(),
    (copy) => compareAll(engine, copy),
    (copy) => copy.close().pipe(Effect.ignore),
  )

export interface Repaired {
  readonly found: VerifyReport
  readonly run: RunReport
  /** What a second comparison finds afterwards. */
  readonly left: VerifyReport
}

/** Only the pass itself holds the lease: a mark that no longer fits when it begins is left out. */
export const repairAll = (engine: Engine, options: PassOptions = {}): Effect.Effect<Repaired, StoreError | LeaseHeld | StaleLease> =>
  Effect.gen(function* () {
    const { report: found, marks } = yield* compareWithCopy(engine)
    const run = yield* Effect.acquireUseRelease(
      Effect.suspend(() => engine.store.acquire(engine.owner, engine.now(), LEASE_TTL_MS)),
      (lease) => pass(engine, { ...options, full: true }, lease, null, { beforePull: (session) => putMarks(session, marks) }),
      (lease) => engine.store.release(lease).pipe(Effect.ignore),
    )
    const { report: left } = yield* compareWithCopy(engine)
    return { found, run: run.report, left }
  })
