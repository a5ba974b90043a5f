// Items that wait in a review for their keys to become clear are identified again whenever keys moved, or a record that
// they waited beside lost its own item.
import * as Effect from "effect/Effect"
import { touches } from "../integrate/integrate.ts"
import { joinLoaded } from "../model/loaded.ts"
import { keyId, type Session, step } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { identifyAgain } from "./decide.ts"

const MOST_PARKED = 10_000
/** Reviews per step. */
const BATCH = 200

/** Parked items whose keys were claimed or released are identified again; answers how many questions that closed. */
export const identifyParked = (session: Session): Effect.Effect<number, StoreError | StaleLease> =>
  Effect.gen(function* () {
    const { movedKeys, anyKeyMoved } = session
    if (movedKeys.size === 0 && session.freed.size === 0 && !anyKeyMoved) return 0
    const moved = new Set(movedKeys)
    movedKeys.clear()
    const freed = new Set(session.freed)
    session.freed.clear()
    session.anyKeyMoved = false
    const { store, pipeline } = session.engine
    const closedBefore = session.reviewsClosed
    const open = yield* store.reviews({ status: "open", limit: MOST_PARKED })
    for (const entity of pipeline.entities) {
      for (const binding of entity.bindings) {
        const parked = open.flatMap((review) => {
          if (review.entity !== entity.name || review.binding !== binding.key || review.remoteId === null || review.item === null) return []
          const change = {
            kind: "upsert",
            id: review.remoteId,
            item: review.item,
            ...(review.secondary === undefined ? {} : { secondary: review.secondary }),
          } as const
          const waits =
            anyKeyMoved ||
            [...review.candidates, review.formerly ?? ""].some((id) => freed.has(id)) ||
            touches(binding, entity, [change]).keys.some(({ key, value }) => moved.has(keyId(key, value)))
          return waits ? [{ review, change }] : []
        })
        for (let at = 0; at < parked.length; at += BATCH) {
          const batch = parked.slice(at, at + BATCH)
          const touched = touches(
            binding,
            entity,
            batch.map(({ change }) => change),
          )
          const formerly = batch.flatMap(({ review }) => review.formerly ?? [])
          const load = Effect.zipWith(
            store.loadPage({ entity: entity.name, binding: binding.key, ...touched }),
            store.loadRecords(formerly),
            joinLoaded,
          )
          yield* step(session, entity, load, (draft) => {
            for (const { review } of batch) identifyAgain(draft, review)
          })
        }
      }
    }
    return session.reviewsClosed - closedBefore
  })
