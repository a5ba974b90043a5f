// Fields that a system took and did not show are held; here they are let go. In: the held writes of a binding. Out: those
// whose field is shown again are read, and written anew.
import * as Effect from "effect/Effect"
import type { Quarantined } from "../model/quarantine.ts"
import { NOT_SHOWN } from "../integrate/refusal.ts"
import { shapeAt } from "../session/schema-state.ts"
import { type Session, step, type Watched } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { askItems } from "./probe.ts"

/** Fields whose writes did not show: where an item has the field now, it is as it was, and they are written again. */
export const releaseShown = (
  session: Session,
  { entity, binding }: Watched,
  entries: readonly Quarantined[],
): Effect.Effect<void, StoreError | StaleLease> =>
  Effect.gen(function* () {
    const hidden = entries.filter((entry) => entry.field !== null && entry.remoteId !== null && entry.reason.startsWith(NOT_SHOWN))
    for (const own of Map.groupBy(hidden, (entry) => entry.field ?? "").values()) {
      const paths = binding.field(own[0]?.field ?? "")?.reads ?? []
      const recordIds = [...new Set(own.flatMap(({ recordId }) => recordId ?? []))]
      const { links } = yield* session.engine.store.loadRecords(recordIds)
      const hiding = links.filter((link) => own.some(({ linkId }) => linkId === link.id))
      const items = yield* askItems(session, { entity, binding }, hiding, () => paths)
      // no longer mapped, or shown by one of those that did not show it
      if (paths.length > 0 && !items.some((item) => paths.some((path) => shapeAt(item, path) !== "absent"))) continue
      yield* step(session, entity, session.engine.store.loadRecords(recordIds), (draft) => {
        for (const { id, linkId } of own) {
          const entry = draft.quarantineEntry(id)
          const link = linkId === null ? undefined : draft.link(linkId)
          if (entry === undefined) continue
          draft.release(id)
          draft.note("released", entry, "the field is back")
          // what it shows now may be somebody's: it is read before it is written over
          if (link !== undefined) draft.putLink({ ...link, dueAt: session.engine.now(), rereadAt: session.engine.now() })
        }
      })
    }
  })
