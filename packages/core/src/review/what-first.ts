// What has to come before an answer can be carried out: a write that is under way to one of its records, or a look at an item of
// which nobody knows what it says. In: a decision and what is stored. Out: that, in words.
import { isUnread } from "../integrate/dispute.ts"
import type { Draft } from "../integrate/draft.ts"
import type { Decision } from "../store/decision.ts"

/** What has to come first; null: nothing. The next pass finds the decision where it is. */
export function whatFirst(draft: Draft, decision: Decision): string | null {
  if (decision.kind !== "resolve") return null
  if (decision.choice.take === "merge" && isUnderWay(draft, decision.reviewId)) return "a write that is on its way to one of the records"
  return isToBeRead(draft, decision.reviewId) ? "that an item which it is about is read: nobody knows what it says now" : null
}

const isUnderWay = (draft: Draft, reviewId: string): boolean => {
  const review = draft.review(reviewId)
  return review?.status === "open" && review.candidates.some((id) => draft.links(id).some((link) => draft.intent(link.id) !== undefined))
}

/** An answer is to what items say, and of one of these nobody knows what it says now. */
function isToBeRead(draft: Draft, reviewId: string): boolean {
  const review = draft.review(reviewId)
  const { field = null, sides = [] } = review ?? {}
  if (review?.status !== "open" || review.kind !== "conflict" || field === null) return false
  return sides.some(({ linkId }) => {
    const link = linkId === null ? undefined : draft.link(linkId)
    return isUnread(link, field)
  })
}
