// Items that must be looked at again before anything else happens to them: after a conflict, a lost answer, a late page.
import * as Effect from "effect/Effect"
import { remoteOf, type Session } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { reread } from "./look-up.ts"
import { siblingOf } from "./sibling.ts"

const REREAD_PAGE = 500

/** Items that must be looked at again before anything else happens to them; answers for how many that is done. */
export const rereadDue = (session: Session): Effect.Effect<number, StoreError | StaleLease> =>
  Effect.gen(function* () {
    const { store, pipeline, now } = session.engine
    let read = 0
    for (const entity of pipeline.entities) {
      for (const binding of entity.bindings) {
        if (remoteOf(session, binding.system).down !== null) continue
        // a lookup shows what was so before the declared lag: asked too early, it would bring old values back
        const links = yield* store.toReread(binding.key, entity.name, now() - binding.spec.read.lagMs.byId, REREAD_PAGE)
        if (links.length === 0) continue
        const sibling = siblingOf(yield* store.unsighted(binding.key, entity.name, Number.MAX_SAFE_INTEGER, "", REREAD_PAGE), links)
        read += yield* reread(session, entity, binding, links, sibling).pipe(
          Effect.map(({ settled }) => settled),
          Effect.catchTag("RemoteFault", () => Effect.succeed(0)),
        )
        for (const { id } of links) {
          session.tried.delete(id)
          session.noticed.delete(id)
        }
      }
    }
    return read
  })
