// An item is gone for certain: what that means for its record and the other systems. Enters a proof, leaves debts.
import type { Link } from "../model/link.ts"
import type { Binding } from "../model/pipeline.ts"
import { livingAgain } from "./archive-marks.ts"
import { deleteAgainstEdit } from "./delete-against-edit.ts"
import { ask, closeReview } from "./dispute.ts"
import type { Draft } from "./draft.ts"
import { orphanId } from "./locate.ts"
import { owedSince } from "./owed-since.ts"
import { isHeldBack, isTakenBack } from "./refusal.ts"
import { reclaim } from "./spread.ts"
import { owesEverything, succeed } from "./succeed.ts"
import { forgetUnread, unreadOf } from "./unreadable.ts"

/** `at`: when it was deleted, as far as known, epoch ms. */
export function removeItem(draft: Draft, linkId: string, proof: string, at: number): void {
  const link = draft.link(linkId)
  if (link === undefined || link.state === "gone") return
  forgetUnread(draft, link)
  const record = draft.record(link.recordId)
  const { system } = draft.binding(link.binding)
  const gone: Link = { ...link, state: "gone", owes: null, rereadAt: null, blocked: null, seenAt: draft.context.now }
  if (record.deleted !== null || link.owes === "delete" || link.state === "kept") {
    draft.putLink({ ...gone, owed: {} })
    return
  }
  if (link.state === "parked") {
    draft.putLink({ ...gone, owed: {} })
    draft.note("deleted", link, `${proof}; the record does not belong there, so nothing else follows`)
    return
  }
  const elsewhere = draft.links(record.id).filter((other) => other.id !== link.id)
  const unknownThere = [...Object.keys(link.owed), ...elsewhere.flatMap((other) => unreadOf(draft, other))]
  const disputed = draft.reviews(record.id).filter((review) => review.kind === "conflict")
  if (unknownThere.length === 0 && disputed.length === 0) {
    draft.putLink(gone)
    deleteRecord(draft, record.id, system, proof, at)
    return
  }
  const unseen = new Set([...unknownThere, ...disputed.map((review) => review.field)])
  const what = `${link.binding} deleted the item (${proof}) without having seen a change of ${[...unseen].join(", ")}`
  switch (deleteAgainstEdit(draft)) {
    case "delete_wins":
      draft.putLink(gone)
      draft.note("conflict", link, `delete wins: ${what}`)
      return deleteRecord(draft, record.id, system, proof, at)
    case "edit_wins": {
      const binding = draft.binding(link.binding)
      // asked for once more under its old name, which keeps late copies of it from being taken for news, then made anew
      if (isNamed(binding, link)) draft.putLink({ ...gone, rereadAt: draft.context.now })
      else succeed(draft, binding, gone)
      draft.note("conflict", link, `edit wins: ${what}; it will be created anew`)
      return
    }
    case "review":
      draft.putLink(gone)
      ask(draft, {
        kind: "delete_vs_edit",
        message: what,
        link,
        sides: [{ system: system, linkId: link.id, value: null, stamp: { system, at, certainty: "item" } }],
      })
  }
}

/** The record ends: each other system does what its binding says. */
export function deleteRecord(draft: Draft, recordId: string, system: string, proof: string, at: number): void {
  const record = draft.record(recordId)
  draft.putRecord({ ...record, deleted: { system, at, proof } })
  reclaim(draft, recordId)
  draft.note("deleted", { recordId }, `deleted in ${system}: ${proof}`)
  for (const review of draft.reviews(recordId)) {
    // an item that waits beside it is a question of its own: it is identified again now that the keys are free
    if (review.item === null) closeReview(draft, review, "withdrawn", "the record was deleted")
  }
  for (const link of draft.links(recordId)) {
    if (link.state === "gone" || link.state === "kept") continue
    const binding = draft.binding(link.binding)
    if (link.remoteId === null) {
      // never created; if a create is under way it comes to owe a delete instead
      if (draft.intent(link.id) === undefined) draft.dropLink(link.id)
      else draft.putLink({ ...link, owed: {}, owes: "delete", dueAt: draft.context.now })
      continue
    }
    const { onDelete } = binding
    if (onDelete.kind === "keep" || link.state === "parked") draft.putLink({ ...link, state: "kept", owed: {}, owes: null })
    else if (onDelete.kind === "archive" && onDelete.fields !== null) {
      draft.putLink({ ...link, state: "live", owes: "archive", dueAt: draft.context.now, attempts: 0 })
      // what it owes stays on the books: the record may come back before its item is gone
    } else draft.putLink({ ...link, state: "live", owes: "delete", dueAt: draft.context.now, attempts: 0 })
  }
}

/** Back from the dead: an edit or a restore won against the delete. */
export function reviveRecord(draft: Draft, recordId: string, why: string): void {
  const record = draft.record(recordId)
  if (record.deleted !== null) {
    draft.putRecord({ ...record, deleted: null })
    draft.note("revived", { recordId }, why)
  }
  // whoever shares its keys must find it again, from this very step on
  reclaim(draft, recordId)
  for (const link of draft.links(recordId)) {
    // what an undo took, or is taking, back is not made anew for that
    if ((link.state === "gone" && isHeldBack(draft, link)) || isTakenBack(draft, link.id)) continue
    const binding = draft.binding(link.binding)
    if (isOnItsOwn(draft, link)) continue
    // it may be back as well: asked for under its old name first, and made anew where it is not
    if (link.state === "gone" && isNamed(binding, link)) draft.putLink({ ...link, rereadAt: draft.context.now })
    else if (link.state === "gone" && binding.create && binding.spec.write.create !== undefined) succeed(draft, binding, link)
    else if (link.state === "kept") draft.putLink({ ...link, ...livingAgain(binding, link), state: "live", rereadAt: draft.context.now })
    else if (link.owes !== null && link.remoteId !== null) {
      // what was edited there while it was to go was not merged: it is read before anything is written over it
      const { now } = draft.context
      draft.putLink({ ...link, owes: null, owed: owedSince(draft, binding, link), dueAt: now, rereadAt: now })
    } else if (link.owes !== null) draft.putLink({ ...link, owes: null, owed: owesEverything(binding) })
  }
}

/** Let go where the record has no place: it stays so when that lives again, with whatever people put there since. */
export const isOnItsOwn = (draft: Draft, link: Link): boolean =>
  link.state === "kept" && draft.binding(link.binding).accepts(draft.record(link.recordId).fields, true) === false

/** Whether the name of an item that is gone still means this item and no other. */
function isNamed({ spec }: Binding, link: Link): boolean {
  const by = spec.read.lookup?.by ?? []
  if (link.remoteId === null || link.remoteId === orphanId(link)) return link.secondaryId !== null && by.includes("secondary")
  return (spec.id.stable && by.includes("id")) || (link.secondaryId !== null && by.includes("secondary"))
}
