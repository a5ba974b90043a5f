// Creates without an answer, in a rehearsal: told as writes, and played only where no page shows their items.
import * as Effect from "effect/Effect"
import type { Intent } from "../model/intent.ts"
import type { Binding, Entity } from "../model/pipeline.ts"
import { type Session, step } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { plannedOf } from "./planned.ts"

/**
 * In a rehearsal nobody knows whether the create did happen. It is told as a write, for it will be sent again; then the
 * pages are given the chance to show its item, and only what they do not show is played as if it had not happened.
 */
export const rehearseReplays = (
  session: Session,
  entity: Entity,
  binding: Binding,
  replays: readonly Intent[],
): Effect.Effect<readonly Intent[], StoreError | StaleLease> =>
  Effect.gen(function* () {
    const untold = replays.filter((intent) => !session.toldReplays.has(intent.id))
    if (untold.length === 0) return replays
    for (const intent of untold) session.toldReplays.add(intent.id)
    yield* step(session, entity, session.engine.store.loadRecords([...new Set(untold.map((intent) => intent.recordId))]), (draft) => {
      for (const intent of untold) session.planned?.push(plannedOf(draft, binding, intent))
    })
    return replays.filter((intent) => !untold.includes(intent))
  })
