// Nothing is made beside an item that may be the very one: while an item of the binding waits in a review, with the record
// among those that it could belong to or did before, or in quarantine, with a key of the record, its create waits with it. Nor is
// anything deleted for the loss of an item that is back and waits so.
import * as Effect from "effect/Effect"
import { keysOf } from "../integrate/claims.ts"
import type { Draft } from "../integrate/draft.ts"
import { touches } from "../integrate/integrate.ts"
import { refusedItem } from "../integrate/merge.ts"
import type { Link } from "../model/link.ts"
import type { Loaded } from "../model/loaded.ts"
import type { Binding, Entity } from "../model/pipeline.ts"
import type { KeyValue } from "../model/record.ts"
import type { StoreError } from "../store/error.ts"
import type { Store } from "../store/port.ts"

const MOST_OPEN = 10_000

/** Adds what `mayBeThere` must know: items that wait belong to no record yet, so none brings them along. */
export const withWaiting = (store: Store, entity: Entity, binding: Binding, loaded: Loaded): Effect.Effect<Loaded, StoreError> =>
  Effect.zipWith(
    store.reviews({ status: "open", entity: entity.name, limit: MOST_OPEN }),
    store.quarantined({ entity: entity.name, binding: binding.key, limit: MOST_OPEN }),
    (open, refused) => {
      const known = new Set([...loaded.reviews, ...loaded.quarantine].map(({ id }) => id))
      return {
        ...loaded,
        reviews: [...loaded.reviews, ...open.filter(({ id, item }) => item !== null && !known.has(id))],
        quarantine: [...loaded.quarantine, ...refused.filter(({ id, linkId }) => linkId === null && !known.has(id))],
      }
    },
  )

const nameOf = ({ key, value }: KeyValue): string => `${key}\n${value}`

/** Match keys that items in quarantine show, which belong to no record yet. */
export function keysInQuarantine(draft: Draft, binding: Binding): ReadonlySet<string> {
  const shown = [...draft.quarantined()].flatMap(({ id, linkId, remoteId, item }) =>
    linkId === null && remoteId !== null && refusedItem(draft, binding.key, remoteId)?.id === id
      ? touches(binding, draft.entity, [{ kind: "upsert", id: remoteId, item }]).keys.map(nameOf)
      : [],
  )
  return new Set(shown)
}

/** Whether an item that waits to be recognised could be the one that is about to be made. `inQuarantine`: see above. */
export const mayBeThere = (draft: Draft, link: Link, inQuarantine: ReadonlySet<string>): boolean =>
  keysOf(draft.entity, draft.record(link.recordId).fields).some((key) => inQuarantine.has(nameOf(key))) ||
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
