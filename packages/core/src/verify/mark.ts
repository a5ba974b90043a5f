// What a repair does before the ordinary pass, so that the pass then does the rest: silent corruption becomes a debt, an
// edit or a second look, each of them something that merge and delivery know how to handle. A mark that no longer fits
// what is stored is left out: the pass sees to it as it finds it.
import * as Effect from "effect/Effect"
import { joinLoaded } from "../model/loaded.ts"
import type { Entity } from "../model/pipeline.ts"
import type { Stamp } from "../model/record.ts"
import { equal, type Json, type JsonObject } from "../model/value.ts"
import { withValues } from "../model/path.ts"
import { type Account, applyEdit } from "../integrate/edit.ts"
import type { Draft } from "../integrate/draft.ts"
import { repoint } from "../integrate/locate.ts"
import { writeAgain } from "../integrate/refusal.ts"
import { spread } from "../integrate/spread.ts"
import { nextOf } from "../integrate/succeed.ts"
import { validate } from "../integrate/validate.ts"
import { type Session, step } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"

export type Mark = { readonly entity: string; readonly recordId: string } & (
  | {
      /** The system lost a write of ours: what it has now is the base, and the record's value is owed. */
      readonly kind: "deliver"
      readonly linkId: string
      /** As it was when the comparison was made. */
      readonly seen: JsonObject | null
      readonly field: string
      readonly actual: Json
      /** Remote paths of the field as the system returned them. */
      readonly paths: Readonly<Record<string, Json>>
      readonly version: string | null
    }
  | {
      /** Nobody vouches for the record's value: the system's is taken in, like an edit. */
      readonly kind: "take"
      readonly linkId: string
      readonly field: string
      readonly record: Json
      readonly actual: Json
      readonly stamp: Stamp
    }
  /** A write that was taken and did not show is sent once more. */
  | { readonly kind: "again"; readonly linkId: string; readonly field: string }
  /** The item is there under another id than the one we remember. */
  | { readonly kind: "repoint"; readonly linkId: string; readonly remoteId: string; readonly secondaryId: string | null }
  /** The item is read again by its id, whatever its version says. */
  | { readonly kind: "reread"; readonly linkId: string }
  /** The record is asked anew where it belongs. */
  | { readonly kind: "spread" }
)

const PAGE = 500

export const putMarks = (session: Session, marks: readonly Mark[]): Effect.Effect<void, StoreError | StaleLease> =>
  Effect.forEach(
    session.engine.pipeline.entities,
    (entity) => {
      const own = Map.groupBy(
        marks.filter((mark) => mark.entity === entity.name),
        (mark) => mark.recordId,
      )
      const ids = [...own.keys()]
      const pages = Array.from({ length: Math.ceil(ids.length / PAGE) }, (_, n) => ids.slice(n * PAGE, (n + 1) * PAGE))
      return Effect.forEach(
        pages,
        (page) =>
          putPage(
            session,
            entity,
            page.map((id) => own.get(id) ?? []),
          ),
        { discard: true },
      )
    },
    { discard: true },
  )

const putPage = (session: Session, entity: Entity, groups: readonly (readonly Mark[])[]): Effect.Effect<void, StoreError | StaleLease> => {
  const ids = groups.flatMap(([first]) => (first === undefined ? [] : [first.recordId]))
  const moved = groups.flat().flatMap((mark) => (mark.kind === "repoint" ? [mark.remoteId] : []))
  const load = Effect.gen(function* () {
    const { store } = session.engine
    let loaded = yield* store.loadRecords(ids)
    // whoever may hold these ids by now
    for (const { key } of moved.length === 0 ? [] : entity.bindings)
      loaded = joinLoaded(
        loaded,
        yield* store.loadPage({ entity: entity.name, binding: key, remoteIds: moved, secondaryIds: [], keys: [] }),
      )
    return loaded
  })
  return step(session, entity, load, (draft) => {
    for (const mark of groups.flat()) putMark(draft, mark)
  })
}

/** Exported for tests. */
export function putMark(draft: Draft, mark: Mark): void {
  if (!draft.hasRecord(mark.recordId)) return
  if (mark.kind === "spread") return spread(draft, mark.recordId)
  const link = draft.link(mark.linkId)
  if (link === undefined || draft.intent(link.id) !== undefined) return
  const record = draft.record(link.recordId)
  const now = draft.context.now
  switch (mark.kind) {
    case "reread": {
      // without a lookup the page itself must count: a version that is not known is never older
      const readable = draft.binding(link.binding).spec.read.lookup !== undefined
      draft.putLink(readable ? { ...link, rereadAt: now } : { ...link, version: null })
      return
    }
    case "again":
      return writeAgain(draft, link, mark.field)
    case "repoint": {
      if (draft.linkByRemote(link.binding, mark.remoteId) !== undefined) return
      draft.note("repaired", link, `it is there as ${mark.remoteId}, and was remembered as ${link.remoteId ?? "nothing"}`)
      const binding = draft.binding(link.binding)
      const moved = repoint(draft, binding, link, mark.remoteId, mark.secondaryId)
      // without a stable name that says so it may be another item: nothing that is known of the one was ever the other's
      const isSame = mark.secondaryId !== null && mark.secondaryId === link.secondaryId
      const { remoteId, secondaryId, state, seenAt } = moved
      draft.putLink({ ...(isSame ? moved : { ...nextOf(moved, binding, now), remoteId, secondaryId, state, seenAt }), rereadAt: now })
      return
    }
    case "deliver": {
      if (!equal(link.seen, mark.seen) || mark.field in link.owed || link.state !== "live" || link.owes !== null) return
      draft.putLink({
        ...link,
        seen: draft.binding(link.binding).project(withValues(link.seen, mark.paths)),
        version: mark.version,
        owed: { ...link.owed, [mark.field]: [mark.actual] },
        dueAt: now,
        attempts: 0,
      })
      draft.note("repaired", link, "a value that was lost there is to be written again", [
        { field: mark.field, before: mark.actual, after: record.fields[mark.field] ?? null },
      ])
      return
    }
    case "take": {
      if (!equal(record.fields[mark.field], mark.record) || mark.field in link.owed || record.deleted !== null) return
      draft.attempt(() => {
        const account: Account = { accepted: [], conflicts: [] }
        applyEdit(draft, { linkId: link.id, field: mark.field, value: mark.actual, stamp: mark.stamp }, account)
        if (validate(draft.entity, draft.record(record.id).fields).refusals.length > 0) return false
        spread(draft, record.id)
        const changes = [...account.accepted, ...account.conflicts]
        if (changes.length > 0) draft.note("repaired", link, "nobody wrote what the record said: the system's value is taken", changes)
        return true
      })
    }
  }
}
