// Fields that go back and forth are frozen before they are delivered once more: a review with their history holds them.
// In: records whose fields changed hands in this pass, and their journal. Out: open conflicts, one per frozen field.
import * as Effect from "effect/Effect"
import { dispute, disputeOf } from "../integrate/dispute.ts"
import type { Draft } from "../integrate/draft.ts"
import { flippingFields, sayFlipping, type Flipping } from "../integrate/flip.ts"
import type { Stamp } from "../model/record.ts"
import { equal } from "../model/value.ts"
import { type Session, step } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import type { Store } from "../store/port.ts"

/** Enough of a record's journal to see it flip. */
const ROWS = 100

export const freezeFlipping = (session: Session): Effect.Effect<void, StoreError | StaleLease> =>
  Effect.gen(function* () {
    const { store, pipeline, now } = session.engine
    for (const [recordId, entityName] of session.contested) {
      session.contested.delete(recordId)
      const entity = pipeline.entities.find((candidate) => candidate.name === entityName)
      const rows = yield* store.journal({ recordId, limit: ROWS, newestFirst: true })
      const flipping = flippingFields(rows, now())
      if (entity === undefined || flipping.length === 0) continue
      yield* step(session, entity, store.loadRecords([recordId]), (draft) => {
        for (const field of flipping) freeze(draft, recordId, field)
      })
    }
  })

/** More passes than are ever cut off one after the other, and more rows than one of them leaves. */
const MOST_RUNS = 20
const MOST_ROWS = 1_000

/** Records whose fields changed hands in passes that were cut off before they could be looked at: by record, their entity. */
export const contestedBefore = (store: Store): Effect.Effect<Map<string, string>, StoreError> =>
  Effect.gen(function* () {
    const contested = new Map<string, string>()
    for (const { id, outcome } of yield* store.runs(MOST_RUNS)) {
      if (outcome !== "running" && outcome !== "interrupted" && outcome !== "failed") break
      for (const { kind, recordId, entity } of yield* store.journal({ run: id, limit: MOST_ROWS, newestFirst: true }))
        if ((kind === "accepted" || kind === "conflict") && recordId !== null && entity !== null) contested.set(recordId, entity)
    }
    return contested
  })

function freeze(draft: Draft, recordId: string, flipping: Flipping): void {
  const { field } = flipping
  if (!draft.hasRecord(recordId) || disputeOf(draft, recordId, field) !== undefined) return
  const present = draft.record(recordId).fields[field] ?? null
  for (const link of draft.links(recordId)) {
    const base = link.owed[field]
    if (link.state !== "live" || base === undefined || base.length === 0 || equal(base[0], present)) continue
    const [system = link.binding] = link.binding.split(".")
    const said = flipping.turns.findLast((turn) => turn.system === system)
    const stamp: Stamp = { system, at: said?.at ?? draft.context.now, certainty: "observed" }
    dispute(draft, link, field, base[0], stamp, [], sayFlipping(flipping))
  }
}
