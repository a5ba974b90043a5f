// Which link's memory an item may be compared with: the one of that very item. In: items as a system named them. Out: per
// item its link, or none, where all that is known under its name was another item's.
import * as Effect from "effect/Effect"
import type { Link } from "../model/link.ts"
import type { Binding, Entity } from "../model/pipeline.ts"
import type { StoreError } from "../store/error.ts"
import type { Renamed } from "../session/session.ts"
import type { Store } from "../store/port.ts"

/** The least of an item that tells whose it is. */
export interface Named {
  readonly id: string
  readonly secondary?: string
}

/** Ids that writes of this pass gave to items, by `madeName`. */
export type Made = ReadonlyMap<string, Renamed>

export const madeName = (system: string, resource: string, id: string): string => `${system}\n${resource}\n${id}`

export type LinkOf = (item: Named) => Link | undefined

/** `also`: those of items that went count as well, where no other stands under their name. */
export const knownLinks = (
  store: Store,
  { entity, binding }: { readonly entity: Entity; readonly binding: Binding },
  made: Made,
  items: readonly Named[],
  also: "gone" | null = null,
): Effect.Effect<LinkOf, StoreError> => {
  const madeAs = ({ id }: Named): Renamed | undefined => {
    const renamed = made.get(madeName(binding.system, binding.resource, id))
    // an id that never changes is answered with where another item stands for the one that was written to
    return renamed?.was != null && binding.spec.id.stable ? undefined : renamed
  }
  return store
    .loadPage({
      entity: entity.name,
      binding: binding.key,
      remoteIds: items.flatMap((item) => [item.id, madeAs(item)?.was ?? item.id]),
      secondaryIds: items.flatMap((item) => item.secondary ?? []),
      keys: [],
    })
    .pipe(
      Effect.map(({ links }) => {
        const there = links.filter((link) => link.binding === binding.key)
        const [went, living] = [there.filter((link) => link.state === "gone"), there.filter((link) => link.state !== "gone")]
        const own = also === "gone" ? [...went, ...living] : living
        const byId = new Map(own.map((link) => [link.remoteId, link]))
        const bySecondary = new Map(own.map((link) => [link.secondaryId, link]))
        return (item) => {
          const named = item.secondary === undefined ? undefined : bySecondary.get(item.secondary)
          const known = named ?? byId.get(item.id)
          const renamed = madeAs(item)
          // until the write is settled, what is known under the id that it was answered with was another item's
          const isSettled = renamed === undefined || (known?.seenAt ?? 0) >= renamed.at
          const link = isSettled ? known : renamed.was === null ? undefined : (named ?? byId.get(renamed.was))
          // an id that changed hands: whoever had it has another one by now
          const isAnothers = item.secondary !== undefined && (link?.secondaryId ?? item.secondary) !== item.secondary
          return isAnothers ? undefined : link
        }
      }),
    )
}
