// Deletes a person's items in the systems before everything about them is erased here: by the same intents as other deletes,
// within the guards, whatever a binding says about deletes of records.
import * as Effect from "effect/Effect"
import { cutReason } from "../model/admissible.ts"
import type { Intent } from "../model/intent.ts"
import type { Link } from "../model/link.ts"
import { joinLoaded } from "../model/loaded.ts"
import type { GuardTrip } from "../model/report.ts"
import { closeReview } from "../integrate/dispute.ts"
import type { Draft } from "../integrate/draft.ts"
import { newLink, reclaim } from "../integrate/spread.ts"
import { open } from "../deliver/prepare.ts"
import { pushAll } from "../deliver/push-all.ts"
import { guardLimit } from "../session/guards.ts"
import { type Session, step } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import type { Person } from "./person.ts"
import type { WaitingItem } from "./waiting.ts"

const isThere = (link: Link): boolean => link.remoteId !== null && link.state !== "gone"

/** Answers the records that stand for them now: an item without one gets one, so that its delete can be owed. */
export const deleteThere = (
  session: Session,
  { entity, recordIds, items }: Person,
): Effect.Effect<readonly string[], StoreError | StaleLease> =>
  Effect.gen(function* () {
    const { store, pipeline } = session.engine
    const { links } = yield* store.loadRecords(recordIds)
    for (const { binding, linked } of (yield* store.dueCounts(0)).filter((counts) => counts.entity === entity.name)) {
      const count =
        links.filter((link) => link.binding === binding && isThere(link)).length + items.filter((item) => item.binding === binding).length
      const limit = guardLimit(pipeline.guards.delete, linked, session.options.allow?.delete)
      if (count > limit) session.guards.push(tripOf(binding, count, limit, linked))
    }
    if (session.guards.length > 0) return []
    let made: readonly string[] = []
    const load = Effect.gen(function* () {
      let loaded = yield* store.loadRecords(recordIds)
      for (const { binding, remoteId } of items)
        loaded = joinLoaded(
          loaded,
          yield* store.loadPage({ entity: entity.name, binding, remoteIds: [remoteId], secondaryIds: [], keys: [] }),
        )
      return loaded
    })
    const intents = yield* step(session, entity, load, (draft) => {
      made = items.flatMap((item) => adopt(draft, item, recordIds[0]) ?? [])
      return [...new Set([...recordIds, ...made])].flatMap((id) => condemn(draft, session, id))
    })
    yield* pushAll(session, entity, intents)
    return made
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

/** A record for an item that has none, only so that it can be deleted; it holds no value. */
function adopt(draft: Draft, { binding: key, remoteId, secondary, item, version }: WaitingItem, into: string | undefined): string | null {
  const binding = draft.binding(key)
  if (binding.spec.write.delete === undefined) return null
  // an earlier try was not answered
  const known = draft.linkByRemote(key, remoteId)
  if (known !== undefined) return known.recordId
  const id = draft.context.nextId("rec")
  const deleted = { system: "human", at: draft.context.now, proof: "a person asked to be forgotten" }
  draft.putRecord({
    id,
    entity: draft.entity.name,
    fields: {},
    stamps: {},
    deleted: into === undefined ? deleted : { ...deleted, mergedInto: into },
  })
  // by its stable name it is found also where it has moved on to another id: a delete is not taken for done because of that
  const names = { remoteId, secondaryId: secondary }
  // of what could not be taken nothing was read
  const seen = cutReason(item) === undefined ? binding.project(item) : null
  const link = newLink(draft, id, binding, { ...names, seen, version, seenAt: draft.context.now })
  draft.putLink(link)
  draft.note("linked", link, "to be deleted: a person asked to be forgotten")
  return id
}

function condemn(draft: Draft, session: Session, recordId: string): readonly Intent[] {
  const { now } = draft.context
  const record = draft.record(recordId)
  if (record.deleted === null)
    draft.putRecord({ ...record, deleted: { system: "human", at: now, proof: "a person asked to be forgotten" } })
  for (const review of draft.reviews(recordId)) closeReview(draft, review, "withdrawn", "the record is forgotten")
  const intents: Intent[] = []
  for (const link of draft.links(recordId)) {
    if (link.state === "gone") continue
    if (draft.intent(link.id) !== undefined) {
      // whatever becomes of what is under way: it comes to owe a delete
      draft.putLink({ ...link, state: "live", owed: {}, owes: "delete", blocked: null, dueAt: now })
      continue
    }
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
