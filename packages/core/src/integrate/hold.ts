// What keeps a link from being delivered, wholly or in single fields, and when it is due.
import { LensFailure } from "../model/pipeline.ts"
import type { Link } from "../model/link.ts"
import type { Draft } from "./draft.ts"

/** Of an item that is not removed for reasons of our own. */
export const UNREAD = "it shows values that cannot be read"
const UNSEEN = "it was not read there yet"
const WITHHELD = "the system no longer has it, or not as it was"

/** Fields of a link that are not delivered now, each with the reason. */
export function heldFields(draft: Draft, link: Link): ReadonlyMap<string, string> {
  const held = new Map<string, string>()
  for (const review of draft.reviews(link.recordId)) {
    if (review.field === null) continue
    if (review.kind === "conflict" || review.linkId === link.id) held.set(review.field, `review ${review.id}`)
  }
  for (const [name, why] of barredFields(draft, link)) held.set(name, why)
  return held
}

/** Of these, the ones that cannot be written there, whatever anybody decides about their values. */
export function barredFields(draft: Draft, link: Link): ReadonlyMap<string, string> {
  const held = new Map<string, string>()
  for (const entry of draft.quarantined()) {
    if (entry.linkId === link.id && entry.field !== null && entry.direction === "out") held.set(entry.field, `refused: ${entry.reason}`)
  }
  for (const name of draft.context.withheld?.(link.binding) ?? []) held.set(name, WITHHELD)
  if (link.seen === null) return held
  const binding = draft.binding(link.binding)
  for (const [name, base] of Object.entries(link.owed)) {
    // new to the mapping: what is there is somebody's, and no page has shown it yet
    if (base.length === 0 && link.remoteId !== null && binding.field(name) !== undefined) held.set(name, UNSEEN)
    // what we cannot read there we must not overwrite
    const present = binding.field(name)?.get(link.seen)
    if (present instanceof LensFailure) held.set(name, `unreadable there: ${present.message}`)
  }
  return held
}

/** Why nothing at all may be sent to this link now; null when it may. */
export function heldWhole(draft: Draft, link: Link): string | null {
  if (link.blocked !== null) return link.blocked
  // what nobody could read must not go with an item that we remove for reasons of our own
  if (isLeaving(draft, link) && (draft.context.unread?.(link.binding) ?? []).length > 0) return UNREAD
  // nothing is made that could not be recognised afterwards
  if (
    link.remoteId === null &&
    (draft.context.withheld?.(link.binding) ?? []).some((name) => draft.entity.match.some((key) => key.includes(name)))
  )
    return "a key cannot be written there now"
  for (const review of draft.reviews(link.recordId)) {
    if (review.kind === "delete_vs_edit") return `review ${review.id}`
    // what an item says in a question is there until that is answered, where we remove it for reasons of our own
    if (review.kind === "conflict" && isLeaving(draft, link) && review.sides.some((side) => side.linkId === link.id))
      return `review ${review.id}`
    if ((review.kind === "unknown_write" || review.kind === "unique_clash") && review.field === null && review.linkId === link.id)
      return `review ${review.id}`
  }
  return null
}

const isLeaving = (draft: Draft, link: Link): boolean => link.owes === "delete" && draft.record(link.recordId).deleted === null

/** Fields that are owed and may be sent; where the record has left, nothing is, however long. */
export function sendable(draft: Draft, link: Link): readonly string[] {
  const names = link.state === "live" ? Object.keys(link.owed) : []
  if (names.length === 0) return names
  const held = heldFields(draft, link)
  return names.filter((name) => !held.has(name))
}

function wantsDelivery(draft: Draft, link: Link): boolean {
  // where nothing is known to be there, nothing can be read again
  if (link.state !== "live" || (link.rereadAt !== null && link.remoteId !== null)) return false
  if (link.owes === null && Object.keys(link.owed).length === 0) return false
  // the item that went may be back: nothing else is deleted for it before that is looked up
  if (link.owes !== null && draft.links(link.recordId).some((other) => other.state === "gone" && other.rereadAt !== null)) return false
  if (heldWhole(draft, link) !== null) return false
  return link.owes !== null || sendable(draft, link).length > 0
}

/** Sets `dueAt` of every link that this draft may have moved. Called once, at the end of a step. */
export function reschedule(draft: Draft): void {
  const records = new Set(draft.changedRecords())
  for (const id of draft.changedLinks()) {
    const link = draft.link(id)
    if (link !== undefined) records.add(link.recordId)
  }
  for (const review of draft.changedReviews()) if (review.recordId !== null) records.add(review.recordId)
  for (const recordId of records) {
    for (const link of draft.links(recordId)) {
      const dueAt = wantsDelivery(draft, link) ? (link.dueAt ?? draft.context.now) : null
      if (dueAt !== link.dueAt) draft.putLink({ ...link, dueAt })
    }
  }
}
