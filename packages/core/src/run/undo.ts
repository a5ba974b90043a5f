// Takes back what a run wrote: everything is read first, so that what was edited since is known; then only that is written.
import * as Effect from "effect/Effect"
import type { Engine, PassOptions } from "../session/engine.ts"
import { LEASE_TTL_MS, type Session } from "../session/session.ts"
import type { LeaseHeld, StaleLease, StoreError } from "../store/error.ts"
import type { UndoAction, UndoReport } from "../undo/action.ts"
import { applyUndo, type Ended, guardUndo, planUndo } from "../undo/undo.ts"
import type { RunReport } from "../model/report.ts"
import { rehearse } from "./plan.ts"
import { pass } from "./run.ts"

/** What an undo would do, and nothing is written anywhere. */
export const undoPlan = (engine: Engine, run: string, options: PassOptions = {}): Effect.Effect<UndoReport, StoreError> =>
  Effect.acquireUseRelease(
    engine.store.fork(),
    (copy) =>
      Effect.gen(function* () {
        let actions: readonly UndoAction[] | null = null
        const gate = (session: Session) =>
          Effect.gen(function* () {
            const planned = yield* planUndo(session, run)
            actions = planned
            session.guards.push(...(yield* guardUndo(session, planned)))
            return false
          })
        const { report } = yield* rehearse(engine, copy, options, [], { gate })
        return tell(engine, run, actions, { failed: [], open: [] }, report, null)
      }),
    (copy) => copy.close().pipe(Effect.ignore),
  )

export interface Undone {
  readonly undo: UndoReport
  readonly report: RunReport
}

export const undoRun = (
  engine: Engine,
  run: string,
  options: PassOptions = {},
): Effect.Effect<Undone, StoreError | LeaseHeld | StaleLease> =>
  Effect.acquireUseRelease(
    Effect.suspend(() => engine.store.acquire(engine.owner, engine.now(), LEASE_TTL_MS)),
    (lease) =>
      Effect.gen(function* () {
        let actions: readonly UndoAction[] | null = null
        let ended: Ended = { failed: [], open: [] }
        const gate = (session: Session) =>
          Effect.gen(function* () {
            const planned = yield* planUndo(session, run)
            actions = planned
            const trips = yield* guardUndo(session, planned)
            session.guards.push(...trips)
            if (trips.length === 0) ended = yield* applyUndo(session, planned, run)
            // whatever else is owed is for the next run
            return false
          })
        const { report } = yield* pass(engine, options, lease, null, { gate })
        return { undo: tell(engine, run, actions, ended, report, report.run), report }
      }),
    (lease) => engine.store.release(lease).pipe(Effect.ignore),
  )

/** A pass looks at nothing before that, and plans nothing. */
const WAITS = "the store was put back, and not all systems could be read in full since"

const tell = (
  engine: Engine,
  run: string,
  actions: readonly UndoAction[] | null,
  { failed, open }: Ended,
  report: RunReport,
  appliedBy: string | null,
): UndoReport => ({
  undo: 1,
  run,
  pipeline: engine.pipeline.name,
  appliedBy,
  actions: actions ?? [],
  failed,
  open,
  guards: report.guards,
  unreachable: report.unreachable,
  waits: actions === null && report.guards.length === 0 ? WAITS : null,
})
