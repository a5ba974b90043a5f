// Two records stand for one person: one survives. Links are re-pointed, values meet as at a first meeting, and nothing is
// deleted or made anew in any system. Where both have an item in one binding, the other's is left alone, for good.
import type { Link, Owed } from "../model/link.ts"
import { LensFailure } from "../model/pipeline.ts"
import { authorOf, type Stamp } from "../model/record.ts"
import { equal, isBlank, type Json } from "../model/value.ts"
import { closeReview, dispute } from "./dispute.ts"
import type { Draft } from "./draft.ts"
import type { Account } from "./edit.ts"
import { joinValues } from "./join-values.ts"
import { reclaim, spread } from "./spread.ts"
import { validate } from "./validate.ts"

export interface Joined {
  readonly moved: readonly Link[]
  /** A second item of one person in one binding: recognised from now on, and left as it is. */
  readonly alone: readonly Link[]
}

/** Why two records cannot be joined now; null where they can. */
export function whyNotJoin(draft: Draft, intoId: string, fromId: string): string | null {
  if (intoId === fromId) return "it is one record already"
  for (const id of [intoId, fromId]) {
    if (!draft.hasRecord(id) || draft.record(id).deleted !== null) return `${id} is no longer there`
    if (draft.reviews(id).some((review) => review.kind === "delete_vs_edit"))
      return `whether ${id} is to be deleted is a question of its own`
    const leaving = draft.links(id).find((link) => link.owes !== null)
    if (leaving !== undefined) return `${leaving.binding} ${leaving.remoteId ?? ""} is about to be removed`
  }
  return null
}

/** `why`: for the journal. Text: why it was not done, and then nothing has changed. */
export function joinRecords(draft: Draft, intoId: string, fromId: string, why: string): Joined | string {
  const refused = whyNotJoin(draft, intoId, fromId)
  if (refused !== null) return refused
  let invalid = ""
  const moved: Link[] = []
  const alone: Link[] = []
  const done = draft.attempt(() => {
    const account: Account = { accepted: [], conflicts: [] }
    const disputed = closeQuestions(draft, fromId, intoId)
    const from = draft.record(fromId)
    const incoming = draft.entity.fields
      .filter((field) => !disputed.has(field))
      .map((field) => ({ field, value: from.fields[field] ?? null, stamp: authorOf(from, field) }))
    const undecided = new Map([...disputed, ...joinValues(draft, intoId, incoming, account)])
    for (const link of draft.links(fromId)) {
      // a tombstone stays where it is; what was never made there need not be
      if (link.state === "gone") continue
      if (link.remoteId === null) {
        draft.dropLink(link.id)
        continue
      }
      const own = draft.linkIn(intoId, link.binding)
      if (own !== undefined && own.remoteId !== null && own.state !== "gone") {
        draft.putLink({ ...link, state: "kept", owed: {}, blocked: null, rereadAt: null })
        draft.note(
          "merged",
          { ...link, recordId: intoId },
          `${link.remoteId} is left alone: ${own.remoteId} is this ${link.entity}'s item there`,
        )
        alone.push(link)
        continue
      }
      if (own !== undefined && own.remoteId === null) draft.dropLink(own.id)
      else if (own !== undefined) draft.putLink({ ...own, recordId: fromId })
      repoint(draft, link, intoId)
      moved.push(link)
    }
    for (const [field, reason] of undecided) askOrAccount(draft, intoId, moved, from.fields[field] ?? null, field, reason, account)
    const { refusals } = validate(draft.entity, draft.record(intoId).fields)
    invalid = refusals.join("; ")
    if (refusals.length > 0) return false
    draft.putRecord({
      ...draft.record(fromId),
      deleted: { system: "human", at: draft.context.now, proof: `merged into ${intoId}`, mergedInto: intoId },
    })
    reclaim(draft, fromId)
    spread(draft, intoId)
    draft.note("merged", { recordId: fromId }, `it is ${intoId} now: ${why}`)
    draft.note("merged", { recordId: intoId }, `${fromId} is the same ${draft.entity.name}: ${why}`, [
      ...account.accepted,
      ...account.conflicts,
    ])
    return true
  })
  return done ? { moved, alone } : `together they would not be valid: ${invalid}`
}

/** What was asked about a record that ends: its disputes are asked anew where the items went, the rest comes up again if it must. */
function closeQuestions(draft: Draft, fromId: string, intoId: string): ReadonlyMap<string, string> {
  const disputed = new Map<string, string>()
  for (const review of draft.reviews(fromId)) {
    // an item that waits beside it is identified again, now that the keys move
    if (review.item !== null || review.candidates.length > 0) continue
    if (review.kind === "conflict" && review.field !== null) disputed.set(review.field, "it was in question before the merge")
    closeReview(draft, review, "withdrawn", `its record was merged into ${intoId}`)
  }
  return disputed
}

/** The item shows what it showed; what it owes now is whatever differs from the record that it belongs to from here on. */
function repoint(draft: Draft, link: Link, intoId: string): void {
  const binding = draft.binding(link.binding)
  const { fields } = draft.record(intoId)
  const owed: Record<string, Owed[string]> = {}
  for (const field of link.state === "kept" ? [] : binding.fields) {
    if (field.direction === "in") continue
    const known = link.owed[field.name]
    const shown = link.seen === null ? null : (link.means[field.name] ?? field.get(link.seen))
    if (link.seen === null || known?.length === 0 || shown instanceof LensFailure) {
      if (link.seen === null || known !== undefined) owed[field.name] = known ?? []
      continue
    }
    const wanted = fields[field.name] ?? null
    if (equal(shown, wanted) || (field.direction === "out" && isBlank(wanted))) continue
    owed[field.name] = [shown]
  }
  draft.putLink({ ...link, recordId: intoId, owed, dueAt: draft.context.now, attempts: 0 })
  for (const entry of draft.quarantined()) if (entry.linkId === link.id) draft.quarantine({ ...entry, recordId: intoId })
  draft.note("merged", { ...link, recordId: intoId }, `re-pointed from ${link.recordId}`)
}

/** A person decides between the record and the items that came with other values; a value no item of ours shows is only told. */
function askOrAccount(
  draft: Draft,
  intoId: string,
  moved: readonly Link[],
  other: Json,
  field: string,
  reason: string,
  account: Account,
): void {
  const present = draft.record(intoId).fields[field] ?? null
  let asked = false
  for (const { id, binding } of moved) {
    const link = draft.link(id)
    const [shown] = link?.owed[field] ?? []
    if (link === undefined || shown === undefined || equal(shown, present)) continue
    const stamp: Stamp = { system: draft.binding(binding).system, at: link.seenAt ?? draft.context.now, certainty: "observed" }
    dispute(draft, link, field, shown, stamp, [], reason)
    asked = true
  }
  if (!asked && !isBlank(other) && !equal(other, present))
    account.conflicts.push({ field, before: present, after: present, lost: other, rule: `merged, and ${reason}: the record's value stays` })
}
