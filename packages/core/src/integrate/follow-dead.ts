// A create without an answer did happen, for a record that was deleted meanwhile: its item follows it. Pure: draft in,
// draft changed.
import type { Binding } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import type { Link } from "../model/link.ts"
import { equal } from "../model/value.ts"
import { closeReview } from "./dispute.ts"
import type { Draft } from "./draft.ts"
import type { Observed } from "./observed.ts"
import { withDelivered } from "./with-delivered.ts"

/** `delivered`: fields that are as we sent them; what else the item shows is somebody's edit, to be found before the delete. */
export function followDead(
  draft: Draft,
  binding: Binding,
  link: Link,
  intent: Intent,
  observed: Observed,
  delivered: readonly string[],
): void {
  const { now } = draft.context
  const shown = binding.project(observed.item)
  const seen = withDelivered(binding, link, delivered, shown)
  // nor was anything taken in of a field that changed its type: asked for by itself, the item says what it has there
  const isRead = equal(seen, shown) && (draft.context.unread?.(binding.key) ?? []).length === 0
  draft.closeIntent(intent)
  draft.putLink({
    ...link,
    remoteId: observed.id,
    secondaryId: observed.secondary,
    seen,
    version: observed.version,
    owed: {},
    owes: "delete",
    dueAt: now,
    attempts: 0,
    seenAt: now,
    rereadAt: isRead ? link.rereadAt : now,
  })
  for (const review of draft.reviews(link.recordId)) {
    if (review.kind === "unknown_write" && review.linkId === link.id) closeReview(draft, review, "withdrawn", "the item was found")
  }
  draft.note(
    "linked",
    { recordId: link.recordId, binding: link.binding, remoteId: observed.id },
    "made by a create that gave no answer; its record was deleted meanwhile, and so is the item",
  )
}
