// A create that never was, for a record that is no more: nothing is there to be deleted. Pure: draft in, draft changed.
import type { Link } from "../model/link.ts"
import { closeReview } from "./dispute.ts"
import type { Draft } from "./draft.ts"

/** Whether it owes the removal of an item that was never made, and no write of ours may still make it. */
export const isUnmade = (draft: Draft, link: Link): boolean =>
  link.remoteId === null && link.owes !== null && draft.intent(link.id) === undefined

/** Called once, at the end of a step: links whose create turned out not to have happened go, and what was asked about them. */
export function forgetUnmade(draft: Draft): void {
  const records = new Set(draft.answered())
  for (const id of draft.changedLinks()) {
    const link = draft.link(id)
    if (link !== undefined) records.add(link.recordId)
  }
  for (const recordId of records) for (const link of draft.links(recordId)) if (isUnmade(draft, link)) forgetLink(draft, link)
}

export function forgetLink(draft: Draft, link: Link): void {
  for (const entry of draft.quarantined()) if (entry.linkId === link.id) draft.release(entry.id)
  for (const review of draft.reviews(link.recordId))
    if (review.linkId === link.id && review.item === null)
      closeReview(draft, review, "withdrawn", "nothing was made, and the record is no more")
  draft.dropLink(link.id)
}
