// Items that are known without a record of their own: in quarantine, or parked with a question. People can be forgotten
// who never got further than that. In: the store and what somebody typed. Out: the items that it means.
import * as Effect from "effect/Effect"
import { LensFailure, type Binding, type Entity, type Pipeline } from "../model/pipeline.ts"
import { segmentsOf, valueAt } from "../model/path.ts"
import type { Fields, KeyValue } from "../model/record.ts"
import type { Json, JsonObject } from "../model/value.ts"
import { keysOf } from "../integrate/claims.ts"
import { fold } from "../store/claim-text.ts"
import type { StoreError } from "../store/error.ts"
import type { Store } from "../store/port.ts"

export interface WaitingItem {
  readonly entity: string
  readonly binding: string
  readonly remoteId: string
  readonly secondary: string | null
  readonly item: JsonObject
  readonly version: string | null
  /** The one record that it is a second item of, where that is the question. */
  readonly recordId: string | null
}

/** More than ever wait for people. */
const MOST_WAITING = 100_000

export const waitingItems = (store: Store): Effect.Effect<readonly WaitingItem[], StoreError> =>
  Effect.gen(function* () {
    const found = new Map<string, WaitingItem>()
    const add = (item: WaitingItem): void => void found.set(JSON.stringify([item.entity, item.binding, item.remoteId]), item)
    for (const { entity, binding, remoteId, secondary = null, item, version, linkId, direction } of yield* store.quarantined({
      limit: MOST_WAITING,
    }))
      if (linkId === null && direction === "in" && remoteId !== null)
        add({ entity, binding, remoteId, secondary, item, version, recordId: null })
    for (const review of yield* store.reviews({ status: "open", limit: MOST_WAITING })) {
      const { entity, binding, remoteId, secondary = null, item, candidates, kind } = review
      if (item === null || binding === null || remoteId === null) continue
      add({ entity, binding, remoteId, secondary, item, version: null, recordId: kind === "duplicate" ? (candidates[0] ?? null) : null })
    }
    return [...found.values()]
  })

export interface FoundWaiting {
  readonly items: readonly WaitingItem[]
  /** By a key, which means one person; else by a remote id, which two systems may have given to two. */
  readonly by: "key" | "id"
}

/** What somebody typed may be a key or a remote id. */
export const findWaiting = (store: Store, pipeline: Pipeline, text: string): Effect.Effect<FoundWaiting, StoreError> =>
  Effect.map(waitingItems(store), (items) => {
    const folded = fold(text)
    const byKey = items.filter((item) => textsOf(pipeline, item).includes(folded))
    return byKey.length > 0 ? { items: byKey, by: "key" } : { items: items.filter((item) => fold(item.remoteId) === folded), by: "id" }
  })

/** The texts that the item's match keys are made of, folded: as they are read, and as they stand there where they cannot be. */
export function textsOf(pipeline: Pipeline, { entity: name, binding: key, item }: WaitingItem): readonly string[] {
  const entity = pipeline.entities.find((candidate) => candidate.name === name)
  const binding = entity?.bindings.find((candidate) => candidate.key === key)
  if (entity === undefined || binding === undefined) return []
  const texts = entity.match.flatMap((names): readonly Json[] => {
    const [only, ...more] = names
    // half of a key, a family name say, is nobody's alone
    if (only === undefined || more.length > 0) return []
    const field = binding.field(only)
    return field === undefined ? [] : [readable(field.get(item)), ...field.reads.map((path) => valueAt(item, segmentsOf(path)))]
  })
  return texts.filter((value): value is string => typeof value === "string" && value !== "").map(fold)
}

const readable = (value: Json | LensFailure): Json => (value instanceof LensFailure ? null : value)

/** The match keys by which the item would come in again; none where they cannot be read. */
export function keysOfItem(entity: Entity, binding: Binding, item: JsonObject): readonly KeyValue[] {
  const fields: Fields = Object.fromEntries(binding.fields.map((field) => [field.name, readable(field.get(item))]))
  return keysOf(entity, fields)
}
