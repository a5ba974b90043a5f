// A delete of ours took effect: the link becomes a tombstone, or is to be made anew. Pure: draft in, draft changed.
import type { Binding } from "../model/pipeline.ts"
import type { Link } from "../model/link.ts"
import type { Draft } from "../integrate/draft.ts"
import { succeed } from "../integrate/succeed.ts"
import type { Settled } from "./settled.ts"

export function settleDelete(draft: Draft, binding: Binding, link: Link): Settled {
  const record = draft.record(link.recordId)
  draft.note(
    "removed",
    link,
    record.deleted === null ? "it no longer belongs there" : `deleted in ${record.deleted.system}: ${record.deleted.proof}`,
  )
  const gone: Link = { ...link, state: "gone", owed: {}, owes: null, seenAt: draft.context.now, rereadAt: null }
  // revived while the delete was under way: the item is made anew, and its loss is nobody's wish
  if (record.deleted === null && link.owes === null) succeed(draft, binding, gone)
  else draft.putLink(gone)
  return "deleted"
}
