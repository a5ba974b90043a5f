// Whom a record stands for, in full: the records that were merged into it, and the items that wait beside it or were left
// alone when it was merged. In: the store and a record. Out: everything of that person.
import * as Effect from "effect/Effect"
import type { Entity, Pipeline } from "../model/pipeline.ts"
import { fold } from "../store/claim-text.ts"
import type { StoreError } from "../store/error.ts"
import type { Store } from "../store/port.ts"
import { erasureOf } from "./erasure-of.ts"
import { textsOf, type WaitingItem, waitingItems } from "./waiting.ts"

export interface Person {
  readonly entity: Entity
  /** The record first, then those that were merged into it. */
  readonly recordIds: readonly string[]
  /** Known without a record. */
  readonly items: readonly WaitingItem[]
}

const MOST_ROWS = 100_000

export const personOf = (store: Store, pipeline: Pipeline, recordId: string): Effect.Effect<Person | null, StoreError> =>
  Effect.gen(function* () {
    const { records } = yield* store.loadRecords([recordId])
    const entity = pipeline.entities.find((candidate) => candidate.name === records[0]?.entity)
    if (entity === undefined) return null
    const recordIds = [recordId]
    const places = new Set<string>()
    // what was merged into what was merged into it counts as well
    for (const id of recordIds) {
      const rows = yield* store.journal({ recordId: id, limit: MOST_ROWS })
      for (const { kind, binding, remoteId } of rows) {
        if (kind !== "merged" || binding === null || remoteId === null) continue
        places.add(JSON.stringify([binding, remoteId]))
        const there = yield* store.loadPage({ entity: entity.name, binding, remoteIds: [remoteId], secondaryIds: [], keys: [] })
        for (const record of there.records) {
          const into = record.deleted?.mergedInto
          if (into !== undefined && recordIds.includes(into) && !recordIds.includes(record.id)) recordIds.push(record.id)
        }
      }
    }
    const loaded = yield* store.loadRecords(recordIds)
    const alike = new Set(loaded.records.flatMap((record) => erasureOf(entity, record, loaded, 0).alike).map(fold))
    const items = (yield* waitingItems(store)).filter(
      (item) =>
        item.entity === entity.name &&
        (item.recordId === recordId ||
          places.has(JSON.stringify([item.binding, item.remoteId])) ||
          textsOf(pipeline, item).some((text) => alike.has(text))),
    )
    return { entity, recordIds, items }
  })
