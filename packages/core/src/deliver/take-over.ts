// The item of a record that is no more, and another record that has its key now. Pure: draft in, draft changed.
import type { Link } from "../model/link.ts"
import type { Draft } from "../integrate/draft.ts"
import { giveUpId } from "../integrate/locate.ts"

export const isDoomed = (draft: Draft, holder: Link): boolean => holder.owes === "delete" || draft.record(holder.recordId).deleted !== null

/** The item of a record that is no more goes over to the one that has its key now: its delete is called off. */
export function takeOver(draft: Draft, holder: Link, link: Link): void {
  giveUpId(draft, { ...holder, state: "gone", owes: null, owed: {} }, holder.secondaryId)
  draft.note("unlinked", holder, `the item goes over to record ${link.recordId}, which has its key now`)
}
