// One field of one record: what an edit by one system does to the record and to everybody else's debts.
import type { Base, Link, Owed } from "../model/link.ts"
import type { FieldChange } from "../model/journal.ts"
import type { RecordRow, Stamp } from "../model/record.ts"
import type { Json } from "../model/value.ts"
import { LensFailure } from "../model/pipeline.ts"
import { alike, equal } from "../model/value.ts"
import { closeReview, dispute, disputeOf, followDispute } from "./dispute.ts"
import type { Draft } from "./draft.ts"
import { decide, decideFirstMeeting } from "./policy/decide.ts"
import { later } from "./policy/clock-bounds.ts"
import type { Verdict } from "./policy/verdict.ts"
import { forgetRefusals } from "./refusal.ts"

export interface Edit {
  readonly linkId: string
  readonly field: string
  readonly value: Json
  readonly stamp: Stamp
}

/** Collects what happened, for one journal row per item. */
export interface Account {
  readonly accepted: FieldChange[]
  readonly conflicts: FieldChange[]
}

export const without = (owed: Owed, field: string): Owed => {
  const { [field]: _, ...rest } = owed
  return rest
}

const carries = (draft: Draft, link: Link, field: string): boolean => {
  const rule = draft.binding(link.binding).field(field)
  return rule !== undefined && rule.direction !== "in"
}

const mustLink = (draft: Draft, id: string): Link => {
  const link = draft.link(id)
  if (link === undefined) throw new Error(`link ${id} is not part of this step`)
  return link
}

/** Sets a value; its author owes it no more, and every other link that carries the field and knew the old value now does. */
export function setValue(draft: Draft, recordId: string, field: string, value: Json, stamp: Stamp, authorLinkId: string | null): void {
  // first: a dispute that yields below may make even the author owe another value
  if (authorLinkId !== null) settleAuthor(draft, authorLinkId, field, value)
  const record = draft.record(recordId)
  const before = record.fields[field] ?? null
  putField(draft, record, field, value, stamp)
  // what a system refused, or could not hold, was the old value
  for (const link of draft.links(recordId))
    if (link.owed[field] !== undefined || link.id === authorLinkId) forgetTrouble(draft, link, field)
  for (const link of draft.links(recordId)) {
    if (link.id === authorLinkId || link.state === "gone" || link.state === "kept" || !carries(draft, link, field)) continue
    const base: Base = link.owed[field] ?? [before]
    const agrees = base.length === 1 && equal(base[0], value) && mayShow(draft, link, field, value)
    if (agrees) {
      if (field in link.owed) draft.putLink({ ...link, owed: without(link.owed, field) })
      continue
    }
    // a new value deserves a prompt delivery, whatever the last one met with
    draft.putLink({ ...link, owed: { ...link.owed, [field]: base }, dueAt: draft.context.now, attempts: 0 })
  }
  follow(draft, recordId, field)
}

/** Brings the dispute of a field up to date; where only one value is left to differ from the base, it stands. */
export function follow(draft: Draft, recordId: string, field: string): void {
  const move = followDispute(draft, recordId, field)
  if (move.kind === "yield") setValue(draft, recordId, field, move.to.value, move.to.stamp, move.to.linkId)
}

/** A write of this field was refused, or a person was asked about it: with another value both are over. */
function forgetTrouble(draft: Draft, link: Link, field: string): void {
  forgetRefusals(draft, link.id, field)
  const binding = draft.binding(link.binding)
  const isKey = binding.field(field)?.writes.some((path) => binding.spec.keys.some((key) => key.paths.includes(path))) === true
  for (const review of draft.reviews(link.recordId)) {
    if (review.linkId !== link.id || (review.kind !== "unachievable" && review.kind !== "unique_clash")) continue
    if (review.field === field || (review.field === null && isKey))
      closeReview(draft, review, "withdrawn", `${field} has another value now`)
  }
}

function settleAuthor(draft: Draft, linkId: string, field: string, value: Json): void {
  const link = mustLink(draft, linkId)
  if (field in link.owed && mayShow(draft, link, field, value)) draft.putLink({ ...link, owed: without(link.owed, field) })
}

/**
 * Whether an item was last seen with a value, or nobody can read what it was seen with. What a write of an undo may have put
 * there, and no answer tells, is written once more where it comes to be the record's.
 */
function mayShow(draft: Draft, link: Link, field: string, value: Json): boolean {
  const shown = link.seen === null ? undefined : draft.binding(link.binding).field(field)?.get(link.seen)
  if (shown === undefined || shown instanceof LensFailure) return true
  return alike(shown, value) || (field in link.means && equal(link.means[field], value))
}

function putField(draft: Draft, record: RecordRow, field: string, value: Json, stamp: Stamp): void {
  const old = record.stamps[field]
  const at = old !== undefined && isSameClock(old, stamp) ? Math.max(old.at, stamp.at) : stamp.at
  draft.putRecord({ ...record, fields: { ...record.fields, [field]: value }, stamps: { ...record.stamps, [field]: { ...stamp, at } } })
}

/** What was only observed is stamped with our own time, whatever the system's clock says. */
const isSameClock = (a: Stamp, b: Stamp): boolean => a.system === b.system && isOurs(a) === isOurs(b)
const isOurs = ({ certainty }: Stamp): boolean => certainty === "observed" || certainty === "human"

export function owe(draft: Draft, linkId: string, field: string, base: Base): void {
  const link = mustLink(draft, linkId)
  if (!carries(draft, link, field)) return
  draft.putLink({ ...link, owed: { ...link.owed, [field]: base } })
}

/** A link's value changed from what we knew: merges it into the record. */
export function applyEdit(draft: Draft, edit: Edit, account: Account): void {
  const link = mustLink(draft, edit.linkId)
  const record = draft.record(link.recordId)
  const present = record.fields[edit.field] ?? null
  const base = link.owed[edit.field]
  if (equal(edit.value, present)) return agree(draft, link, record, edit)
  if (base === undefined) {
    account.accepted.push({ field: edit.field, before: present, after: edit.value, by: edit.stamp })
    return setValue(draft, record.id, edit.field, edit.value, edit.stamp, link.id)
  }
  const open = disputeOf(draft, record.id, edit.field)
  if (open !== undefined) return moveSide(draft, link, edit, open.base, account)
  const contest = {
    base,
    record: { value: present, stamp: record.stamps[edit.field] },
    incoming: { value: edit.value, stamp: edit.stamp },
    clocks: draft.context.clocks,
  }
  rule(draft, link, record, edit, base, decide(draft.entity.policy(edit.field), contest), account)
}

/** Two items meet for the first time and differ in a field. */
export function applyFirstMeeting(draft: Draft, edit: Edit, account: Account): void {
  const link = mustLink(draft, edit.linkId)
  const record = draft.record(link.recordId)
  const present = record.fields[edit.field] ?? null
  // what is in question already is asked about as it is now, this item included
  const open = disputeOf(draft, record.id, edit.field)
  if (open !== undefined) return moveSide(draft, link, edit, open.base, account)
  const base: Base = []
  const contest = {
    base,
    record: { value: present, stamp: record.stamps[edit.field] },
    incoming: { value: edit.value, stamp: edit.stamp },
    clocks: draft.context.clocks,
  }
  rule(draft, link, record, edit, base, decideFirstMeeting(draft.entity, edit.field, contest), account)
}

function agree(draft: Draft, link: Link, record: RecordRow, edit: Edit): void {
  settleAuthor(draft, link.id, edit.field, edit.value)
  forgetTrouble(draft, mustLink(draft, link.id), edit.field)
  const old = record.stamps[edit.field]
  if (old === undefined || later(edit.stamp, old, draft.context.clocks) === "a") {
    draft.putRecord({ ...record, stamps: { ...record.stamps, [edit.field]: edit.stamp } })
  }
  follow(draft, record.id, edit.field)
}

/** A party of an open dispute edits again: back to the base it withdraws, else it is asked about anew. */
function moveSide(draft: Draft, link: Link, edit: Edit, base: Base, account: Account): void {
  owe(draft, link.id, edit.field, [edit.value])
  const withdrew = base.length === 1 && equal(edit.value, base[0])
  if (!withdrew)
    return dispute(draft, mustLink(draft, link.id), edit.field, edit.value, edit.stamp, base, "it was changed again while in review")
  account.accepted.push({
    field: edit.field,
    before: edit.value,
    after: edit.value,
    by: edit.stamp,
    rule: "back to the base: withdrawn from the review",
  })
  follow(draft, link.recordId, edit.field)
}

function rule(draft: Draft, link: Link, record: RecordRow, edit: Edit, base: Base, verdict: Verdict, account: Account): void {
  const { field, value, stamp } = edit
  const present = record.fields[field] ?? null
  const presentStamp = record.stamps[field]
  const lost = (winner: Json, by: Stamp | undefined, loser: Json, loserBy: Stamp | undefined, why: string): FieldChange => ({
    field,
    before: present,
    after: winner,
    lost: loser,
    rule: why,
    ...(by === undefined ? {} : { by }),
    ...(loserBy === undefined ? {} : { lostBy: loserBy }),
  })
  switch (verdict.kind) {
    case "accept":
      account.conflicts.push(lost(value, stamp, present, presentStamp, verdict.rule))
      return setValue(draft, record.id, field, value, stamp, link.id)
    case "keep":
      account.conflicts.push(lost(present, presentStamp, value, stamp, verdict.rule))
      return owe(draft, link.id, field, [value])
    case "merged": {
      account.conflicts.push(lost(verdict.value, stamp, present, presentStamp, verdict.rule))
      setValue(draft, record.id, field, verdict.value, stamp, link.id)
      return equal(verdict.value, value) ? undefined : owe(draft, link.id, field, [value])
    }
    case "hold":
      owe(draft, link.id, field, [value])
      return dispute(draft, mustLink(draft, link.id), field, value, stamp, base, verdict.why)
  }
}

/** A person's decision: everybody who differs from it owes it now. */
export function applyDecision(draft: Draft, recordId: string, field: string, value: Json, at: number): void {
  setValue(draft, recordId, field, value, { system: "human", at, certainty: "human" }, null)
}
