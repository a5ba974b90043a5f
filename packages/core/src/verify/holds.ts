// What keeps a link, or one field of it, waiting for a person: the same reasons as delivery knows, read from loaded rows.
import type { Link } from "../model/link.ts"
import type { Loaded } from "../model/loaded.ts"
import type { Quarantined } from "../model/quarantine.ts"
import type { Review } from "../model/review.ts"

/** Why the link waits as a whole; null where it does not. */
export function wholeHold(loaded: Loaded, link: Link): string | null {
  const item = loaded.quarantine.find((entry) => entry.linkId === link.id && entry.field === null)
  if (item !== undefined) return `in quarantine: ${item.reason}`
  if (link.blocked !== null) return link.blocked
  for (const review of loaded.reviews) {
    if (review.recordId !== link.recordId) continue
    const whole = review.kind === "unknown_write" || review.kind === "unique_clash"
    if (review.kind === "delete_vs_edit" || (whole && review.field === null && review.linkId === link.id))
      return `review ${review.id}: ${review.message}`
  }
  return null
}

export const reviewHolding = (loaded: Loaded, link: Link, field: string): Review | null =>
  loaded.reviews.find(
    (review) => review.recordId === link.recordId && review.field === field && (review.kind === "conflict" || review.linkId === link.id),
  ) ?? null

export const isRefusedField = (loaded: Loaded, link: Link, field: string): string | null =>
  loaded.quarantine.find((entry) => entry.linkId === link.id && entry.field === field && entry.direction === "out")?.reason ?? null

/** What waits for a person about an item that has no link. */
export function itemHold(
  loaded: Loaded,
  binding: string,
  remoteId: string,
): { readonly review: Review | null; readonly entry: Quarantined | null } {
  return {
    review: loaded.reviews.find((review) => review.item !== null && review.binding === binding && review.remoteId === remoteId) ?? null,
    entry: loaded.quarantine.find((entry) => entry.linkId === null && entry.binding === binding && entry.remoteId === remoteId) ?? null,
  }
}
