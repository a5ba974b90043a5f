// A delete of ours took effect: the link becomes a tombstone, or is to be made anew. Pure: draft in, draft changed.
import { LensFailure, type Binding } from "../model/pipeline.ts"
import { type FieldChange, GONE_BEFORE } from "../model/journal.ts"
import type { Link } from "../model/link.ts"
import type { Fields } from "../model/record.ts"
import { equal, isBlank } from "../model/value.ts"
import type { Draft } from "../integrate/draft.ts"
import { succeed } from "../integrate/succeed.ts"
import { forgetUnread } from "../integrate/unreadable.ts"
import type { Settled } from "./settled.ts"

/** `found`: false where it is certain that the delete met no item, and somebody else had removed it. */
export function settleDelete(draft: Draft, binding: Binding, link: Link, found: boolean): Settled {
  const record = draft.record(link.recordId)
  const why = record.deleted === null ? "it no longer belongs there" : `deleted in ${record.deleted.system}: ${record.deleted.proof}`
  draft.note("removed", link, found ? why : `${GONE_BEFORE}; ${why}`, found ? untaken(binding, link, record.fields) : [])
  forgetUnread(draft, link)
  const gone: Link = { ...link, state: "gone", owed: {}, owes: null, seenAt: draft.context.now, rereadAt: null }
  // revived while the delete was under way: the item is made anew, and its loss is nobody's wish
  if (record.deleted === null && link.owes === null) succeed(draft, binding, gone)
  else draft.putLink(gone)
  return "deleted"
}

/** What went with it and nobody else ever had: values where a field is only written, and showed another. */
const untaken = (binding: Binding, link: Link, fields: Fields): readonly FieldChange[] =>
  binding.fields.flatMap((field) => {
    const there = field.direction === "out" && link.seen !== null ? field.get(link.seen) : null
    if (there instanceof LensFailure || isBlank(there) || equal(there, fields[field.name] ?? null)) return []
    return [{ field: field.name, before: there, after: null, lost: there, rule: "direction out: it went with the item" }]
  })
