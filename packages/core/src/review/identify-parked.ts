// Items that wait in a review for their keys to become clear are identified again whenever keys moved.
import * as Effect from "effect/Effect"
import { touches } from "../integrate/integrate.ts"
import { type Session, step } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { identifyAgain } from "./decide.ts"

const MOST_PARKED = 1_000

/** Parked items are identified again once keys were claimed or released. */
export const identifyParked = (session: Session): Effect.Effect<number, StoreError | StaleLease> =>
  Effect.gen(function* () {
    if (!session.keysMoved) return 0
    session.keysMoved = false
    const { store, pipeline, now } = session.engine
    const closedBefore = session.reviewsClosed
    const parked = (yield* store.reviews({ status: "open", limit: MOST_PARKED })).filter((review) => review.item !== null)
    for (const entity of pipeline.entities) {
      for (const review of parked.filter((candidate) => candidate.entity === entity.name)) {
        const binding = entity.bindings.find((candidate) => candidate.key === review.binding)
        if (binding === undefined || review.remoteId === null || review.item === null) continue
        const touched = touches(binding, entity, [{ kind: "upsert", id: review.remoteId, item: review.item }], now())
        yield* step(session, entity, store.loadPage({ entity: entity.name, binding: binding.key, ...touched }), (draft) =>
          identifyAgain(draft, review),
        )
      }
    }
    return session.reviewsClosed - closedBefore
  })
