// Deletes a person's items in the systems before everything about them is erased here: by the same intents as other deletes,
// within the guards, whatever a binding says about deletes of records.
import * as Effect from "effect/Effect"
import type { Entity } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import type { GuardTrip } from "../model/report.ts"
import { closeReview } from "../integrate/dispute.ts"
import type { Draft } from "../integrate/draft.ts"
import { reclaim } from "../integrate/spread.ts"
import { open } from "../deliver/prepare.ts"
import { pushAll } from "../deliver/push-all.ts"
import { guardLimit } from "../session/guards.ts"
import { type Session, step } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"

export const deleteThere = (session: Session, entity: Entity, recordId: string): Effect.Effect<void, StoreError | StaleLease> =>
  Effect.gen(function* () {
    const { store, pipeline } = session.engine
    const { links } = yield* store.loadRecords([recordId])
    for (const { binding, linked } of (yield* store.dueCounts(0)).filter((counts) => counts.entity === entity.name)) {
      const count = links.filter((link) => link.binding === binding && link.remoteId !== null && link.state !== "gone").length
      const limit = guardLimit(pipeline.guards.delete, linked, session.options.allow?.delete)
      if (count > limit) session.guards.push(tripOf(binding, count, limit, linked))
    }
    if (session.guards.length > 0) return
    const intents = yield* step(session, entity, store.loadRecords([recordId]), (draft) => condemn(draft, session, recordId))
    yield* pushAll(session, entity, intents)
  })

const tripOf = (binding: string, count: number, limit: number, linked: number): GuardTrip => ({
  guard: "delete",
  system: binding.split(".")[0] ?? binding,
  binding,
  count,
  limit,
  linked,
  message: `this would delete ${count} item in ${binding}, more than the guard allows (${limit} of ${linked} linked)`,
})

function condemn(draft: Draft, session: Session, recordId: string): readonly Intent[] {
  const { now } = draft.context
  const record = draft.record(recordId)
  draft.putRecord({ ...record, deleted: { system: "human", at: now, proof: "a person asked to be forgotten" } })
  for (const review of draft.reviews(recordId)) closeReview(draft, review, "withdrawn", "the record is forgotten")
  const intents: Intent[] = []
  for (const link of draft.links(recordId)) {
    if (link.state === "gone" || draft.intent(link.id) !== undefined) continue
    if (link.remoteId === null) {
      draft.dropLink(link.id)
      continue
    }
    if (draft.binding(link.binding).spec.write.delete === undefined) continue
    const doomed = { ...link, state: "live" as const, owed: {}, owes: "delete" as const, blocked: null, dueAt: now, attempts: 0 }
    draft.putLink(doomed)
    intents.push(open(draft, doomed, "delete", {}, {}, { epoch: session.lease.epoch, run: session.run }))
  }
  reclaim(draft, recordId)
  return intents
}
