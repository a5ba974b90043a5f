// Carries out what people decided since the last pass. A decision applies to what its author was shown, or not at all.
import { isObject } from "@syncline/connector"
import type { Link } from "../model/link.ts"
import type { Answered, Choice, Review } from "../model/review.ts"
import type { Quarantined } from "../model/quarantine.ts"
import type { FieldChange } from "../model/journal.ts"
import type { Decision } from "../store/decision.ts"
import { equal, type Json } from "../model/value.ts"
import { chosenValue, refusalOf } from "./decided-value.ts"
import { settleMerge } from "./merge-duplicates.ts"
import { keysOf } from "../integrate/claims.ts"
import { closeReview } from "../integrate/dispute.ts"
import type { Draft } from "../integrate/draft.ts"
import { applyDecision } from "../integrate/edit.ts"
import { identify, ignoreItem, makeRecord, readItem, tie } from "../integrate/identify.ts"
import { integratePage } from "../integrate/integrate.ts"
import { type Observed, parkedItem } from "../integrate/observed.ts"
import type { Binding } from "../model/pipeline.ts"
import { isTakenBack, leaveAlone, stillBlocked } from "../integrate/refusal.ts"
import { deleteRecord, reviveRecord } from "../integrate/remove.ts"
import { isStandIn, letItemStay } from "../integrate/stand-in.ts"
import { spread } from "../integrate/spread.ts"

export function carryOut(draft: Draft, decision: Decision): void {
  draft.carriedOut(decision.id)
  if (decision.kind === "resolve") {
    const review = draft.review(decision.reviewId)
    if (review === undefined || review.status !== "open") return
    const answer: Answered = { by: decision.by, at: decision.at, note: decision.note, choice: decision.choice }
    const back = (asked: Review, why: string): void => giveBack(draft, asked, { ...answer, hash: decision.hash }, why)
    if (review.hash !== decision.hash) return back(review, "was made on values that have moved since")
    const done = resolve(draft, { ...review, answer }, decision.choice, decision.at)
    const still = draft.review(review.id)
    if (typeof done === "object" && done !== null) return back(still ?? review, `cannot be carried out: ${done.why}`)
    if (done === null && still?.status === "open") return back(still, "does not fit any more")
    if (done !== null && still?.status === "open") closeReview(draft, { ...still, answer }, "resolved", said(answer, done))
    return
  }
  const entry = draft.quarantineEntry(decision.quarantineId)
  if (entry === undefined) return
  if (decision.kind === "drop") drop(draft, entry)
  else retry(draft, entry)
}

/** Who decided what, and why. */
const said = ({ by, note }: Answered, what: string): string => `${by}: ${what}${note === null ? "" : ` (${note})`}`

/** An answer that is not carried out is kept on the question, so that whoever gave it sees why it is asked again. */
function giveBack(draft: Draft, review: Review, answer: Answered & { readonly hash: string }, why: string): void {
  draft.putReview({ ...review, returned: { ...answer, why } })
  draft.note("review_opened", review, `${review.id}: ${said(answer, `the answer ${why}; it is asked again`)}`)
}

/** A question is closed by the answer it carries. */
function settle(draft: Draft, review: Review, what: string, changes: readonly FieldChange[] = []): void {
  closeReview(draft, review, "resolved", review.answer === undefined ? what : said(review.answer, what), changes)
}

/** What a decided value means for the account of its field: one row for every value that lost. */
function decided(draft: Draft, recordId: string, field: string, review: Review, value: Json, at: number): readonly FieldChange[] {
  const change: FieldChange = {
    field,
    before: draft.record(recordId).fields[field] ?? null,
    after: value,
    by: { system: "human", at, certainty: "human" },
    rule: review.answer === undefined ? "decided" : said(review.answer, "decided"),
  }
  const lost = review.sides.filter((side) => !equal(side.value, value))
  return lost.length === 0 ? [change] : lost.map((side) => ({ ...change, lost: side.value, lostBy: side.stamp }))
}

/** Why an answer cannot be carried out. */
interface Refused {
  readonly why: string
}

/** What was done, in words; null where the choice does not fit and the review stays open. */
function resolve(draft: Draft, review: Review, choice: Choice, at: number): string | Refused | null {
  switch (review.kind) {
    case "conflict":
      return settleField(draft, review, choice, at)
    case "delete_vs_edit":
      return settleDelete(draft, review, choice, at)
    case "duplicate":
    case "ambiguous":
      return choice.take === "merge" ? settleMerge(draft, review, choice.into) : settleItem(draft, review, choice)
    case "unachievable":
    case "unique_clash":
    case "unknown_write":
      return settleWrite(draft, review, choice, at)
  }
}

const choiceWords = (choice: Choice, value: Json): string =>
  `${JSON.stringify(value)}${choice.take === "system" ? `, as in ${choice.system}` : ""}`

/** null: the choice names no value of a field. */
function settleField(draft: Draft, review: Review, choice: Choice, at: number): "" | Refused | null {
  const chosen = chosenValue(review, choice)
  if (chosen === null || review.recordId === null || review.field === null) return null
  const why = refusalOf(draft.entity, draft.record(review.recordId).fields, review.field, chosen.value)
  if (why !== null) return { why }
  // closed first: the field is free again when its value is set
  settle(draft, review, choiceWords(choice, chosen.value), decided(draft, review.recordId, review.field, review, chosen.value, at))
  applyDecision(draft, review.recordId, review.field, chosen.value, at)
  spread(draft, review.recordId)
  return ""
}

function settleDelete(draft: Draft, review: Review, choice: Choice, at: number): string | null {
  if (review.recordId === null) return null
  const side = choice.take === "system" ? review.sides.find((candidate) => candidate.system === choice.system) : undefined
  // taking the side whose value is nothing means to delete
  const wants = choice.take === "system" ? (side === undefined ? null : side.value === null ? "delete" : "keep") : choice.take
  if (wants === "keep" && isStandIn(draft.record(review.recordId))) {
    if (!draft.links(review.recordId).every((link) => letItemStay(draft, link))) return null
    settle(draft, review, "kept")
    return ""
  }
  if (wants === "keep") {
    settle(draft, review, "kept")
    reviveRecord(draft, review.recordId, "a person decided to keep it")
    // where it had not been made yet when it was deleted, it is wanted again
    spread(draft, review.recordId)
    const link = review.linkId === null ? undefined : draft.link(review.linkId)
    if (link !== undefined && link.remoteId !== null) draft.putLink({ ...link, rereadAt: draft.context.now })
    return ""
  }
  if (wants !== "delete") return null
  settle(draft, review, "deleted")
  // what was shown is what may be deleted: an edit made since is found by comparing with it, and asked about again
  for (const { linkId, value } of review.sides) {
    const link = linkId === null ? undefined : draft.link(linkId)
    if (link !== undefined && isObject(value)) draft.putLink({ ...link, seen: value })
  }
  if (draft.record(review.recordId).deleted === null) deleteRecord(draft, review.recordId, "human", "a person decided the delete", at)
  return ""
}

function settleItem(draft: Draft, review: Review, choice: Choice): string | null {
  const observed = parkedItem(review)
  if (review.binding === null || observed === null) return choice.take === "ignore" ? "left as it is" : null
  const binding = draft.binding(review.binding)
  const holder = draft.linkByRemote(binding.key, observed.id)
  if (holder !== undefined && holder.state !== "gone") return "it found its record meanwhile"
  switch (choice.take) {
    case "record": {
      const link = draft.linkIn(choice.recordId, binding.key)
      const lives = draft.hasRecord(choice.recordId) && draft.record(choice.recordId).deleted === null
      if (!lives || (link !== undefined && link.remoteId !== null && link.state !== "gone")) return null
      tie(draft, binding, choice.recordId, link, observed)
      markForReread(draft, binding.key, observed.id)
      return `belongs to ${choice.recordId}`
    }
    case "new": {
      const own = bringBack(draft, binding, review, observed, "a person decided that its item is one of its own")
      if (!own) makeRecord(draft, binding, observed)
      markForReread(draft, binding.key, observed.id)
      return own ? "the record that it had" : "a record of its own"
    }
    case "ignore":
      ignoreItem(draft, binding, observed.id, observed.item)
      return "left alone"
    default:
      return null
  }
}

/** Whether an item may take this place of a record: none is there, and none is under way. */
const isFree = (draft: Draft, place: Link | undefined): boolean =>
  place === undefined || ((place.remoteId === null || place.state === "gone") && draft.intent(place.id) === undefined)

/** The record that ended with this item lives again with it, and has its other items still. */
function bringBack(draft: Draft, binding: Binding, { formerly }: Review, observed: Observed, why: string): boolean {
  if (formerly === undefined || !draft.hasRecord(formerly)) return false
  const { deleted } = draft.record(formerly)
  if (deleted === null || deleted.mergedInto !== undefined || !isFree(draft, draft.linkIn(formerly, binding.key))) return false
  reviveRecord(draft, formerly, why)
  const place = draft.linkIn(formerly, binding.key)
  tie(draft, binding, formerly, place, observed)
  spread(draft, formerly)
  return true
}

/** The item was kept since it was parked, and is read again to be sure. */
function markForReread(draft: Draft, binding: string, remoteId: string): void {
  const link = draft.linkByRemote(binding, remoteId)
  if (link !== undefined) draft.putLink({ ...link, rereadAt: draft.context.now })
}

function settleWrite(draft: Draft, review: Review, choice: Choice, at: number): string | Refused | null {
  const field = settleField(draft, review, choice, at)
  if (field !== null) return field
  const link = review.linkId === null ? undefined : draft.link(review.linkId)
  // whether an unanswered write happened is no longer asked: what it may have made is met like any other item. Who was asked
  // about something else says nothing of a write that is under way
  const intent = link === undefined || review.kind !== "unknown_write" ? undefined : draft.intent(link.id)
  if (choice.take === "ignore") {
    if (intent !== undefined) draft.closeIntent(intent)
    if (link !== undefined) leaveAlone(draft, link, review.field, review.kind === "unknown_write")
    return "left alone"
  }
  if (choice.take !== "retry") return null
  if (intent !== undefined) draft.closeIntent(intent)
  if (link !== undefined) draft.putLink({ ...link, blocked: stillBlocked(draft, link), dueAt: draft.context.now, attempts: 0 })
  return "to be tried again"
}

function retry(draft: Draft, entry: Quarantined): void {
  const link = entry.linkId === null ? undefined : draft.link(entry.linkId)
  if (entry.direction === "out" || entry.field !== null) {
    draft.release(entry.id)
    if (link !== undefined) draft.putLink({ ...link, blocked: stillBlocked(draft, link), dueAt: draft.context.now, attempts: 0 })
    draft.note("retried", entry, "by decision")
    // an item that was kept from being made anew may be made now; one that an undo is just removing, once that is known
    if (link?.state === "gone") spread(draft, link.recordId)
    else if (link !== undefined && isTakenBack(draft, link.id)) draft.putLink({ ...link, blocked: null, owes: null, dueAt: null })
    return
  }
  if (link !== undefined) {
    draft.putLink({ ...link, blocked: null, rereadAt: draft.context.now })
    draft.note("retried", entry, "by decision")
    return
  }
  if (entry.remoteId === null) return
  draft.note("retried", entry, "by decision")
  draft.release(entry.id)
  const binding = draft.binding(entry.binding)
  integratePage(
    draft,
    binding,
    [
      {
        kind: "upsert",
        id: entry.remoteId,
        item: entry.item,
        ...(entry.version === null ? {} : { version: entry.version }),
        ...(entry.secondary === undefined ? {} : { secondary: entry.secondary }),
      },
    ],
    { confirmed: false },
  )
  markForReread(draft, entry.binding, entry.remoteId)
}

function drop(draft: Draft, entry: Quarantined): void {
  draft.release(entry.id)
  const link = entry.linkId === null ? undefined : draft.link(entry.linkId)
  if (link !== undefined && entry.field === null) draft.putLink({ ...link, blocked: stillBlocked(draft, link) })
  draft.note("released", entry, "dropped by decision")
}

/** Whether somebody else has one of its keys. */
const isClaimed = (draft: Draft, binding: Binding, own: string, observed: Observed): boolean =>
  keysOf(draft.entity, readItem(binding, observed, draft.context.now).fields).some(({ key, value }) =>
    draft.claimantsOf(key, value, binding.key).some((id) => id !== own),
  )

/** Identifies a parked item again, now that its keys may have moved. */
export function identifyAgain(draft: Draft, review: Review): void {
  const observed = parkedItem(review)
  if (review.binding === null || observed === null) return
  const open = draft.review(review.id)
  if (open?.status !== "open") return
  const known = [
    draft.linkByRemote(review.binding, observed.id),
    observed.secondary === null ? undefined : draft.linkBySecondary(review.binding, observed.secondary),
  ]
  if (known.some((link) => link !== undefined && link.state !== "gone"))
    return closeReview(draft, open, "withdrawn", "the item found its record meanwhile")
  const binding = draft.binding(review.binding)
  const own = review.formerly !== undefined && draft.hasRecord(review.formerly) ? draft.record(review.formerly) : null
  const place = own === null ? undefined : draft.linkIn(own.id, binding.key)
  if (own !== null && own.deleted === null && isFree(draft, place)) {
    // whose item it was lives again: nobody has a better claim than that
    if (tie(draft, binding, own.id, place, observed)) closeReview(draft, open, "withdrawn", "the record that it belonged to lives again")
  } else if (
    own !== null &&
    !isClaimed(draft, binding, own.id, observed) &&
    bringBack(draft, binding, review, observed, "its item is back")
  ) {
    closeReview(draft, open, "withdrawn", "nobody else claims its keys any more: it is the record's that it had")
  } else identify(draft, binding, observed)
  markForReread(draft, binding.key, observed.id)
}
