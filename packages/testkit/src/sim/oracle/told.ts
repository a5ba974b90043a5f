// Whether somebody is told: a review, an entry of the quarantine, or the reason on a link itself.
import type { Link } from "@syncline/core"
import type { Scene } from "./scene.ts"

/** Whether somebody is told about a record, one of its fields, or an item. */
export function isTold(scene: Scene, recordId: string | null, link: Link | null, field: string | null): boolean {
  if (link !== null && link.blocked !== null) return true
  const inReview = scene.reviews.some(
    (review) =>
      (recordId !== null &&
        (review.recordId === recordId || review.candidates.includes(recordId) || review.formerly === recordId) &&
        (review.field === null || review.field === field)) ||
      (link !== null && review.linkId === link.id && (review.field === null || review.field === field)),
  )
  if (inReview) return true
  return scene.quarantine.some(
    (entry) =>
      ((recordId !== null && entry.recordId === recordId) ||
        (link !== null && (entry.linkId === link.id || (entry.binding === link.binding && entry.remoteId === link.remoteId)))) &&
      (entry.field === null || entry.field === field),
  )
}
