// A dispute is an open review of one field: the record's value and each system that disagrees, with the base they had
// in common. It follows every later edit, and closes itself when nobody disagrees any more.
import type { FieldChange } from "../model/journal.ts"
import type { Base, Link } from "../model/link.ts"
import { authorOf, type RecordRow, type Stamp } from "../model/record.ts"
import type { Review, ReviewKind, Side } from "../model/review.ts"
import type { Json } from "../model/value.ts"
import { canonicalText, equal } from "../model/value.ts"
import type { Draft } from "./draft.ts"
import { textHash } from "../model/text-hash.ts"

export const disputeOf = (draft: Draft, recordId: string, field: string): Review | undefined =>
  draft.reviews(recordId).find((review) => review.kind === "conflict" && review.field === field)

/** What a person is shown, in one hash: values and who holds them, not when they were read. */
export const hashOfSides = (sides: readonly Side[], item: Json): string =>
  textHash(canonicalText([sides.map((side) => [side.system, side.value]), item]))

const recordSide = (record: RecordRow, field: string): Side => {
  const stamp: Stamp = authorOf(record, field)
  return { system: stamp.system, linkId: null, value: record.fields[field] ?? null, stamp }
}

export interface Question {
  readonly kind: ReviewKind
  readonly message: string
  readonly recordId?: string | null
  readonly field?: string | null
  readonly link?: Link | null
  readonly binding?: string | null
  readonly remoteId?: string | null
  readonly base?: Base
  readonly sides?: readonly Side[]
  readonly item?: Review["item"]
  readonly secondary?: string | null
  readonly version?: string | null
  readonly candidates?: readonly string[]
  readonly formerly?: string | undefined
}

/** Opens a review and journals it. */
export function ask(draft: Draft, question: Question): Review {
  const sides = question.sides ?? []
  const review: Review = {
    id: draft.context.nextId("rev"),
    kind: question.kind,
    entity: draft.entity.name,
    recordId: question.recordId ?? question.link?.recordId ?? null,
    field: question.field ?? null,
    linkId: question.link?.id ?? null,
    binding: question.binding ?? question.link?.binding ?? null,
    remoteId: question.remoteId ?? question.link?.remoteId ?? null,
    base: question.base ?? [],
    sides,
    message: question.message,
    item: question.item ?? null,
    ...(question.secondary == null ? {} : { secondary: question.secondary }),
    ...(question.version == null ? {} : { version: question.version }),
    candidates: question.candidates ?? [],
    ...(question.formerly === undefined ? {} : { formerly: question.formerly }),
    hash: hashOfSides(sides, question.item ?? null),
    openedAt: draft.context.now,
    closedAt: null,
    status: "open",
    resolution: null,
  }
  draft.putReview(review)
  draft.note("review_opened", review, `${review.id}: ${question.message}`)
  return review
}

export function closeReview(
  draft: Draft,
  review: Review,
  status: "resolved" | "withdrawn",
  resolution: string,
  changes: readonly FieldChange[] = [],
): void {
  draft.putReview({ ...review, status, resolution, closedAt: draft.context.now })
  draft.note(status === "resolved" ? "review_resolved" : "review_closed", review, `${review.id}: ${resolution}`, changes)
}

/** Opens the dispute of a field between the record and one system, or adds the system to it. */
export function dispute(draft: Draft, link: Link, field: string, value: Json, stamp: Stamp, base: Base, why: string): void {
  const record = draft.record(link.recordId)
  const side: Side = { system: stamp.system, linkId: link.id, value, stamp }
  const open = disputeOf(draft, record.id, field)
  if (open === undefined) {
    const sides = [recordSide(record, field), side]
    ask(draft, {
      kind: "conflict",
      message: `${field} was changed in ${sides.map((s) => s.system).join(" and in ")}: ${why}`,
      recordId: record.id,
      field,
      link,
      base,
      sides,
    })
    return
  }
  putSides(draft, open, [recordSide(record, field), ...open.sides.slice(1).filter((other) => other.linkId !== link.id), side])
}

const putSides = (draft: Draft, review: Review, sides: readonly Side[]): void =>
  draft.putReview({ ...review, sides, hash: hashOfSides(sides, review.item) })

/** Somebody else has a say, who is no system: it stays asked about until the record has that value, or a person decides. */
export function addSide(draft: Draft, review: Review, side: Side): void {
  if (review.sides.some((other) => equal(other.value, side.value))) return
  putSides(draft, review, [...review.sides, side])
}

/** Whether an item is there that was not read since it came to owe a field, or since a write of ours there came to nobody knows what. */
export const isUnread = (link: Link | undefined, field: string): boolean =>
  link?.state === "live" && link.remoteId !== null && link.owed[field]?.length === 0

/** What a dispute needs done after somebody moved. */
export type DisputeMove = { readonly kind: "none" } | { readonly kind: "yield"; readonly to: Side }

/**
 * Brings the dispute of a field up to date after the record's value or a link's debt changed. `yield`: the record's
 * author went back to the base, so the one value left stands unopposed and is to be accepted.
 */
export function followDispute(draft: Draft, recordId: string, field: string): DisputeMove {
  const review = disputeOf(draft, recordId, field)
  if (review === undefined) return { kind: "none" }
  const record = draft.record(recordId)
  const value = record.fields[field] ?? null
  const rest = review.sides.slice(1).filter((side) => {
    // no system's, but what an undo would put back
    if (side.linkId === null) return !equal(side.value, value)
    const link = draft.link(side.linkId)
    // a side that owes nothing, agrees, or went back to the base has withdrawn
    const owed = link?.owed[field]
    // nobody knows what it says now: what it said last stands until it is read
    if (isUnread(link, field)) return !equal(side.value, value)
    // the value that an undo is just writing there
    const onItsWay = link === undefined ? undefined : draft.intent(link.id)
    if (onItsWay?.undoes !== undefined && equal(onItsWay.sent[field] ?? null, side.value)) return !equal(side.value, value)
    return owed !== undefined && owed.length === 1 && equal(owed[0], side.value) && !equal(side.value, value)
  })
  if (rest.length === 0) {
    closeReview(draft, review, "withdrawn", "nobody disagrees any more")
    return { kind: "none" }
  }
  const first = rest[0] as Side
  const recordWithdrew = review.base.length === 1 && equal(value, review.base[0])
  if (recordWithdrew && rest.every((side) => equal(side.value, first.value))) {
    const rule = `only ${first.system} still differs from the base`
    const { value: after, stamp: by } = first
    closeReview(draft, review, "withdrawn", rule, [{ field, before: value, after, by, lost: value, lostBy: authorOf(record, field), rule }])
    return { kind: "yield", to: first }
  }
  putSides(draft, review, [recordSide(record, field), ...rest])
  return { kind: "none" }
}
