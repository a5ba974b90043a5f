// Whether somebody is told: a review, an entry of the quarantine, or the reason on a link itself.
import type { Link, Review } from "@syncline/core"
import type { Scene } from "./scene.ts"

/** A question about a write to one system says nothing of another. */
const OF_ONE_LINK = new Set<Review["kind"]>(["unknown_write", "unique_clash"])

/** Whether somebody is told about a record, one of its fields, or an item. */
export function isTold(scene: Scene, recordId: string | null, link: Link | null, field: string | null): boolean {
  if (link !== null && link.blocked !== null) return true
  const inReview = scene.reviews.some(
    (review) =>
      (recordId !== null &&
        (review.recordId === recordId || review.candidates.includes(recordId) || review.formerly === recordId) &&
        (!OF_ONE_LINK.has(review.kind) || review.linkId === null || review.linkId === (link?.id ?? null)) &&
        (review.field === null || review.field === field)) ||
      (link !== null && review.linkId === link.id && (review.field === null || review.field === field)),
  )
  if (inReview) return true
  return scene.quarantine.some(
    (entry) =>
      // what was refused in one system says nothing of another
      ((recordId !== null && entry.recordId === recordId && (entry.direction === "in" || entry.linkId === (link?.id ?? null))) ||
        (link !== null && (entry.linkId === link.id || (entry.binding === link.binding && entry.remoteId === link.remoteId)))) &&
      (entry.field === null || entry.field === field),
  )
}
