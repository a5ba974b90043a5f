// Items that a complete scan did not show. Absence alone deletes nothing: each is looked up, beside one that is there.
import * as Effect from "effect/Effect"
import type { Change } from "@syncline/connector"
import type { Binding, Entity } from "../model/pipeline.ts"
import type { Link } from "../model/link.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { guardLimit } from "../session/guards.ts"
import type { RemoteFault } from "../session/remote.ts"
import type { Session } from "../session/session.ts"
import { reread } from "./look-up.ts"
import { siblingOf } from "./sibling.ts"

const PAGE = 500

/** Whether a scan that ends with this page leaves out anything that is linked. */
export const leavesOut = (
  session: Session,
  entity: Entity,
  binding: Binding,
  scanStart: number,
  lastPage: readonly Change[],
): Effect.Effect<boolean, StoreError> =>
  Effect.gen(function* () {
    const ids = new Set(lastPage.map(({ id }) => id))
    const secondaryIds = new Set(lastPage.flatMap(({ secondary }) => secondary ?? []))
    const before = scanStart - binding.spec.read.lagMs.delta
    const unsighted = yield* session.engine.store.unsighted(binding.key, entity.name, before, "", lastPage.length + 1)
    return unsighted.some(({ remoteId, secondaryId }) => !ids.has(remoteId ?? "") && !secondaryIds.has(secondaryId ?? ""))
  })

/**
 * `scanStart`: when the complete scan began, our clock. `read`: items it returned. False: what it did not show could not be
 * found out, so nobody knows what else it left out.
 */
export const judgeAbsence = (
  session: Session,
  entity: Entity,
  binding: Binding,
  scanStart: number,
  read: number,
): Effect.Effect<boolean, StoreError | StaleLease | RemoteFault> =>
  Effect.gen(function* () {
    const { store, pipeline } = session.engine
    const before = scanStart - binding.spec.read.lagMs.delta
    const absent: Link[] = []
    for (let after = ""; ;) {
      const page = yield* store.unsighted(binding.key, entity.name, before, after, PAGE)
      absent.push(...page)
      const last = page.at(-1)
      if (page.length < PAGE || last === undefined) break
      after = last.id
    }
    if (absent.length === 0) return true
    const linked = absent.length + read
    const limit = guardLimit(pipeline.guards.delete, linked, session.options.allow?.delete)
    if (read === 0 && absent.length > limit) {
      session.guards.push({
        guard: "empty",
        system: binding.system,
        binding: binding.key,
        count: absent.length,
        limit,
        linked,
        message: `${binding.key} returned no items at all although ${absent.length} are linked: this looks like an outage or lost permissions, not like ${absent.length} deletes`,
      })
      return false
    }
    // any item that the scan did show serves as the sibling
    const sibling = siblingOf(yield* store.unsighted(binding.key, entity.name, Number.MAX_SAFE_INTEGER, "", PAGE), absent)
    let conclusive = true
    for (let at = 0; at < absent.length; at += PAGE) {
      const asked = yield* reread(session, entity, binding, absent.slice(at, at + PAGE), sibling)
      conclusive &&= asked.conclusive
    }
    return conclusive
  })
