// Where an id is made from an address and there is no other name, a delete that is still under way meets whoever has that
// address when it arrives: until it can arrive no more, nothing of ours is made or renamed to have it.
import * as Effect from "effect/Effect"
import { keysOf, keysShown } from "../integrate/claims.ts"
import type { Draft } from "../integrate/draft.ts"
import type { Intent } from "../model/intent.ts"
import type { Link } from "../model/link.ts"
import { joinLoaded, type Loaded } from "../model/loaded.ts"
import type { Binding, Entity } from "../model/pipeline.ts"
import type { KeyValue } from "../model/record.ts"
import type { StoreError } from "../store/error.ts"
import type { Store } from "../store/port.ts"

const MOST_INTENTS = 100_000

/** Whether an item is known by nothing that stays the same. */
export const isByAddress = ({ spec }: Binding, { secondaryId }: Pick<Intent, "secondaryId">): boolean =>
  !spec.id.stable && secondaryId === null

/** Adds the deletes that are under way, and what they are to delete. */
export const withDeletes = (store: Store, entity: Entity, binding: Binding, loaded: Loaded): Effect.Effect<Loaded, StoreError> =>
  binding.spec.id.stable
    ? Effect.succeed(loaded)
    : Effect.gen(function* () {
        const open = yield* store.openIntents(MOST_INTENTS)
        const deletes = open.filter((intent) => intent.kind === "delete" && intent.entity === entity.name && intent.binding === binding.key)
        const known = deletes.filter((intent) => isByAddress(binding, intent))
        return known.length === 0
          ? loaded
          : joinLoaded(loaded, yield* store.loadRecords([...new Set(known.map(({ recordId }) => recordId))]))
      })

/** Whether what is about to be sent would have an address at which a delete of another item is still under way. */
export function meetsDelete(draft: Draft, binding: Binding, link: Link): boolean {
  const own = new Set(keysOf(draft.entity, draft.record(link.recordId).fields).map(nameOf))
  return draft.openIntents().some((intent) => {
    if (intent.kind !== "delete" || intent.binding !== binding.key || !isByAddress(binding, intent) || intent.linkId === link.id)
      return false
    return keysShown(draft.entity, binding, intent.seen ?? {}).some((key) => own.has(nameOf(key)))
  })
}

const nameOf = ({ key, value }: KeyValue): string => `${key}\n${value}`
