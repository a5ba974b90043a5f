// A delete of ours took effect: the link becomes a tombstone, or is to be made anew. Pure: draft in, draft changed.
import type { Binding } from "../model/pipeline.ts"
import { GONE_BEFORE } from "../model/journal.ts"
import type { Link } from "../model/link.ts"
import type { Draft } from "../integrate/draft.ts"
import { succeed } from "../integrate/succeed.ts"
import type { Settled } from "./settled.ts"

/** `found`: false where it is certain that the delete met no item, and somebody else had removed it. */
export function settleDelete(draft: Draft, binding: Binding, link: Link, found: boolean): Settled {
  const record = draft.record(link.recordId)
  const why = record.deleted === null ? "it no longer belongs there" : `deleted in ${record.deleted.system}: ${record.deleted.proof}`
  draft.note("removed", link, found ? why : `${GONE_BEFORE}; ${why}`)
  const gone: Link = { ...link, state: "gone", owed: {}, owes: null, seenAt: draft.context.now, rereadAt: null }
  // revived while the delete was under way: the item is made anew, and its loss is nobody's wish
  if (record.deleted === null && link.owes === null) succeed(draft, binding, gone)
  else draft.putLink(gone)
  return "deleted"
}
