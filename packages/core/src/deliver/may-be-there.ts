// Nothing is made beside an item that may be the very one: while an item of the binding waits in a review, with the record
// among those that it could belong to or did before, its create waits with it. Nor is anything deleted for the loss of an item
// that is back and waits so.
import * as Effect from "effect/Effect"
import type { Draft } from "../integrate/draft.ts"
import type { Link } from "../model/link.ts"
import type { Loaded } from "../model/loaded.ts"
import type { Entity } from "../model/pipeline.ts"
import type { StoreError } from "../store/error.ts"
import type { Store } from "../store/port.ts"

const MOST_OPEN = 10_000

/** Adds what `mayBeThere` must know: items that wait belong to no record yet, so none brings them along. */
export const withWaiting = (store: Store, entity: Entity, loaded: Loaded): Effect.Effect<Loaded, StoreError> =>
  store.reviews({ status: "open", entity: entity.name, limit: MOST_OPEN }).pipe(
    Effect.map((open) => {
      const known = new Set(loaded.reviews.map((review) => review.id))
      return { ...loaded, reviews: [...loaded.reviews, ...open.filter((review) => review.item !== null && !known.has(review.id))] }
    }),
  )

/** Whether an item that waits to be recognised could be the one that is about to be made. */
export const mayBeThere = (draft: Draft, link: Link): boolean =>
  draft
    .openReviews()
    .some(
      ({ item, binding, candidates, formerly }) =>
        item !== null && binding === link.binding && (candidates.includes(link.recordId) || formerly === link.recordId),
    )

/** Whether an item of its deleted record is back, and waits to be told whose it is: what else is of the record stays until then. */
export const mayBeBack = (draft: Draft, link: Link): boolean =>
  link.owes !== null &&
  draft.record(link.recordId).deleted !== null &&
  draft.openReviews().some(({ item, formerly }) => item !== null && formerly === link.recordId)
