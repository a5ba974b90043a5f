// An item that waits for a person, and was known for a record before, brings that record along: when the item ends while it
// waits, the record is where that is remembered. In: what a page touches. Out: the same, and those records.
import * as Effect from "effect/Effect"
import { joinLoaded, type Loaded } from "../model/loaded.ts"
import type { StoreError } from "../store/error.ts"
import type { Store } from "../store/port.ts"

export const withFormer = (store: Store, page: Effect.Effect<Loaded, StoreError>): Effect.Effect<Loaded, StoreError> =>
  Effect.flatMap(page, (loaded) => {
    const known = new Set(loaded.records.map(({ id }) => id))
    const former = new Set(loaded.reviews.flatMap(({ formerly }) => (formerly === undefined || known.has(formerly) ? [] : [formerly])))
    return former.size === 0 ? Effect.succeed(loaded) : Effect.map(store.loadRecords([...former]), (records) => joinLoaded(loaded, records))
  })
