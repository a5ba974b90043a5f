// An item that a record was to be tied to is of somebody who was forgotten: nobody meets it, and nothing of it is kept.
import type { Link } from "../model/link.ts"
import type { Draft } from "./draft.ts"
import { holdItem } from "./item-hold.ts"

/** The record has no item there, and none is made beside that one before a person says so. */
export function keepApart(draft: Draft, link: Link): void {
  // another generation: a create that was answered with that item would be so for ever under the same key
  const { generation } = link
  const own = { remoteId: null, secondaryId: null, seen: null, version: null, rereadAt: null, doubtedAt: null, generation: generation + 1 }
  draft.putLink({ ...link, ...own })
  holdItem(draft, link.id, "what is there is of somebody who was forgotten: it is not taken in, and nothing is made beside it")
}
