// Which link's memory an item may be compared with: the one of that very item. In: items as a system named them. Out: per
// item its link, or none, where all that is known under its name was another item's.
import * as Effect from "effect/Effect"
import type { Link } from "../model/link.ts"
import type { Binding, Entity } from "../model/pipeline.ts"
import type { StoreError } from "../store/error.ts"
import type { Store } from "../store/port.ts"

/** The least of an item that tells whose it is. */
export interface Named {
  readonly id: string
  readonly secondary?: string
}

/** When a create of this pass was answered with an id, by resource and id. */
export type Made = ReadonlyMap<string, number>

export const madeName = (resource: string, id: string): string => `${resource}\n${id}`

export type LinkOf = (item: Named) => Link | undefined

export const knownLinks = (
  store: Store,
  { entity, binding }: { readonly entity: Entity; readonly binding: Binding },
  made: Made,
  items: readonly Named[],
): Effect.Effect<LinkOf, StoreError> =>
  store
    .loadPage({
      entity: entity.name,
      binding: binding.key,
      remoteIds: items.map((item) => item.id),
      secondaryIds: items.flatMap((item) => item.secondary ?? []),
      keys: [],
    })
    .pipe(
      Effect.map(({ links }) => {
        const own = links.filter((link) => link.binding === binding.key && link.state !== "gone")
        const byId = new Map(own.map((link) => [link.remoteId, link]))
        const bySecondary = new Map(own.map((link) => [link.secondaryId, link]))
        return (item) => {
          const madeAt = made.get(madeName(binding.resource, item.id))
          const link = (item.secondary === undefined ? undefined : bySecondary.get(item.secondary)) ?? byId.get(item.id)
          if (link === undefined) return undefined
          // an id that changed hands: whoever had it has another one by now
          if (item.secondary !== undefined && link.secondaryId !== null && link.secondaryId !== item.secondary) return undefined
          // a create of ours made a new item under the id of an earlier one
          return madeAt !== undefined && (link.seenAt ?? 0) < madeAt ? undefined : link
        }
      }),
    )
