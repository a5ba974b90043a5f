// Rounds of delivery, reading again and settling, until nothing is owed, due and allowed.
import * as Effect from "effect/Effect"
import { deliverSystem } from "../deliver/deliver.ts"
import { freezeFlipping } from "../deliver/freeze.ts"
import { recover } from "../deliver/recover.ts"
import { rereadDue } from "../pull/reread-due.ts"
import { identifyParked } from "../review/identify-parked.ts"
import { tripped } from "../session/guards.ts"
import { countersOf, type Session } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"

/** Enough for chains (a rekey frees a key that another waits for); more would be a ping-pong. */
const MOST_ROUNDS = 8
/** A write without an answer is waited for within a pass if it can be judged this soon. */
const LONGEST_WAIT_MS = 10_000

export const deliverUntilQuiet = (session: Session): Effect.Effect<void, StoreError | StaleLease> =>
  Effect.gen(function* () {
    const { store, pipeline, now } = session.engine
    for (let round = 0; round < MOST_ROUNDS; round++) {
      yield* freezeFlipping(session)
      const trips = tripped(pipeline.guards, yield* store.dueCounts(session.dueBefore), session.options.allow, (binding, kind) =>
        doneBy(session, binding, kind),
      )
      if (trips.length > 0) {
        session.guards.push(...trips)
        return
      }
      session.written.clear()
      const written = yield* Effect.forEach([...session.remotes.keys()], (system) => deliverSystem(session, system, round), {
        concurrency: "unbounded",
      })
      const read = yield* rereadDue(session)
      const identified = yield* identifyParked(session)
      const { resolved, waitUntil } = yield* recover(session)
      if (waitUntil !== null && waitUntil - now() <= LONGEST_WAIT_MS) {
        yield* Effect.sleep(Math.max(0, waitUntil - now()) + 1)
        yield* recover(session)
        continue
      }
      if (written.every((count) => count === 0) && read === 0 && identified === 0 && resolved === 0) return
    }
  })

const doneBy = (session: Session, binding: string, kind: "delete" | "create" | "update"): number => {
  const counters = countersOf(session, binding.split(".")[0] ?? binding)
  return kind === "delete" ? counters.deleted : kind === "create" ? counters.created : counters.updated
}
