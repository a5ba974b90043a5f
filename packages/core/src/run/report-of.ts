// Sums a session up: what was done, what is left, and which of it needs a person.
import * as Effect from "effect/Effect"
import type { RunOutcome, RunReport, SystemReport, Unreachable } from "../model/report.ts"
import { overdueOf } from "../review/overdue.ts"
import type { Session } from "../session/session.ts"
import type { StoreError } from "../store/error.ts"

const MOST_OPEN = 100_000

export const reportOf = (session: Session): Effect.Effect<RunReport, StoreError> =>
  Effect.gen(function* () {
    const { store, now, pipeline } = session.engine
    const status = yield* store.status()
    const open = status.reduce((sum, binding) => sum + binding.reviews, 0)
    const quarantined = status.reduce((sum, binding) => sum + binding.quarantined, 0)
    const systems: SystemReport[] = []
    const unreachable: Unreachable[] = []
    for (const [system, remote] of session.remotes) {
      const counters = session.counters.get(system)
      if (counters !== undefined) systems.push({ system, ...counters, calls: remote.calls })
      if (remote.down === null) continue
      const own = status.filter((binding) => binding.binding.startsWith(`${system}.`))
      const next = own.map((binding) => binding.nextDueAt).filter((at): at is number => at !== null)
      unreachable.push({
        system,
        reason: remote.down.class === "auth" || remote.down.class === "forbidden" ? "auth" : "network",
        message: remote.down.message,
        owed: own.reduce((sum, binding) => sum + binding.owed, 0),
        nextAttemptAt: next.length === 0 ? null : Math.min(...next),
      })
    }
    const { remindMs } = pipeline.reviews
    const asked = remindMs === null ? [] : yield* store.reviews({ status: "open", limit: MOST_OPEN })
    const last = (yield* store.runs(2)).find((run) => run.id !== session.run)
    const overdue = overdueOf(asked, remindMs, last === undefined ? null : (last.endedAt ?? last.startedAt), now())
    // what is new in this pass; what waits from earlier ones is in the report, and in status
    const attention = overdue.now > 0 || session.reviewsOpened > 0 || session.quarantined > 0 || session.schemaHolds > 0
    const outcome: RunOutcome =
      session.guards.length > 0 ? "guard" : unreachable.length > 0 ? "unreachable" : attention ? "attention" : "done"
    return {
      run: session.run,
      startedAt: session.startedAt,
      endedAt: now(),
      outcome,
      systems,
      reviewsOpened: session.reviewsOpened,
      reviewsClosed: session.reviewsClosed,
      reviewsOpen: open,
      reviewsOverdue: overdue.all,
      overdueNow: overdue.now,
      quarantinedNow: session.quarantined,
      quarantined,
      heldFields: [...session.schemas.values()].flatMap(({ state }) => state.holds.flatMap(({ fields }) => fields)).length,
      guards: session.guards,
      unreachable,
      warnings: [...session.warnings],
    }
  })
