// Who holds the unique keys of a resource: what a system would refuse in a rehearsal because it is somebody's already.
// In: the private copy of the store, after everything was read. Out: per item that it knows, its unique values.
import * as Effect from "effect/Effect"
import type { ResourceSpec } from "@syncline/connector"
import { PLANNED_ID } from "../deliver/only-planned.ts"
import { orphanId } from "../integrate/locate.ts"
import type { Link } from "../model/link.ts"
import { segmentsOf, valueAt } from "../model/path.ts"
import type { Pipeline } from "../model/pipeline.ts"
import { canonicalText, isBlank, type Json, type JsonObject } from "../model/value.ts"
import type { Store } from "../store/port.ts"

export interface Holder {
  readonly id: string
  readonly item: JsonObject
  readonly secondary?: string
  readonly version?: string
}

const PAGE = 1_000
const MOST_WAITING = 10_000

/** As systems compare addresses: case and blanks around them make no difference. */
const same = (value: Json): string => (typeof value === "string" ? value.trim().normalize("NFC").toLowerCase() : canonicalText(value))

/** The unique values of an item, each with the name of its key. */
export function uniqueValues(spec: ResourceSpec, item: JsonObject): readonly string[] {
  return spec.keys.flatMap(({ name, paths, unique }) => {
    const values = paths.map((path) => valueAt(item, segmentsOf(path)))
    return unique && values.every((value) => !isBlank(value)) ? [`${name}\n${values.map(same).join("\n")}`] : []
  })
}

const holderOf = (link: Link, remoteId: string, item: JsonObject): Holder => ({
  // nobody knows what it is called now: whoever is answered with it is to take no name of ours for that
  id: remoteId === orphanId(link) ? `${PLANNED_ID}${remoteId}` : remoteId,
  item,
  ...(link.secondaryId === null ? {} : { secondary: link.secondaryId }),
  ...(link.version === null ? {} : { version: link.version }),
})

/** Every item of a resource that the store knows: linked, waiting for a person, or in quarantine. */
export const knownItems = (store: Store, pipeline: Pipeline, system: string, resource: string): Promise<readonly Holder[]> =>
  Effect.runPromise(
    Effect.gen(function* () {
      const holders: Holder[] = []
      for (const entity of pipeline.entities) {
        const keys = entity.bindings.filter((each) => each.system === system && each.resource === resource).map((each) => each.key)
        if (keys.length === 0) continue
        for (const key of keys) {
          for (let after = ""; ;) {
            const links = yield* store.unsighted(key, entity.name, Number.MAX_SAFE_INTEGER, after, PAGE)
            for (const link of links)
              if (link.remoteId !== null && link.seen !== null) holders.push(holderOf(link, link.remoteId, link.seen))
            const last = links.at(-1)
            if (last === undefined) break
            after = last.id
          }
        }
        const waiting = yield* store.reviews({ status: "open", limit: MOST_WAITING })
        const refused = yield* store.quarantined({ limit: MOST_WAITING })
        for (const { binding, remoteId, item } of [...waiting, ...refused.filter((entry) => entry.direction === "in")])
          if (binding !== null && keys.includes(binding) && remoteId !== null && item !== null) holders.push({ id: remoteId, item })
      }
      return holders
    }),
  )
