// A record that was made for an item only so that it could be deleted there: it holds no value, and never stood for anybody.
// Where its item stays, the record gives it up; brought to life it would write its blanks over all that the item has.
import type { Link } from "../model/link.ts"
import type { RecordRow } from "../model/record.ts"
import type { Draft } from "./draft.ts"
import { refuseItem } from "./merge.ts"

/** Nobody ever wrote anything into it. */
export const isStandIn = ({ deleted, stamps }: RecordRow): boolean => deleted !== null && Object.keys(stamps).length === 0

/** The item is to stay, and waits as it did before somebody asked for its delete. False: it is being deleted at this moment. */
export function letItemStay(draft: Draft, link: Link): boolean {
  if (draft.intent(link.id) !== undefined) return false
  draft.dropLink(link.id)
  const { remoteId, secondaryId, seen, version } = link
  if (remoteId === null || link.state === "gone") return true
  const observed = { id: remoteId, secondary: secondaryId, item: seen ?? {}, version, at: null, fieldTimes: {} }
  refuseItem(draft, draft.binding(link.binding), observed, "a person decided to keep it: it is read again, and taken in, on request", null)
  return true
}
