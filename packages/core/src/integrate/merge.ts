// A known item came in changed: three-way, field by field, against what its link had seen.
import { LensFailure, type Binding, type CompiledField } from "../model/pipeline.ts"
import type { Link } from "../model/link.ts"
import type { Quarantined } from "../model/quarantine.ts"
import type { Json } from "../model/value.ts"
import { equal, isBlank } from "../model/value.ts"
import { disputeOf } from "./dispute.ts"
import type { Draft } from "./draft.ts"
import { type Account, applyEdit, applyFirstMeeting, follow, owe, setValue, without } from "./edit.ts"
import { type Observed, stampOf } from "./observed.ts"
import { giveWay, putRight } from "./only-written.ts"
import { forgetRefusals, inQuarantine } from "./refusal.ts"
import { place, spread } from "./spread.ts"
import { holdField, releaseField } from "./unreadable.ts"
import { validate } from "./validate.ts"

/** Field -> what it meant before, where that is not what `seen` says (after our own write, say). */
export type Was = ReadonlyMap<string, Json>
const NOTHING: Was = new Map()

/**
 * Merges an observation into the record of its link. False: the record it leads to is not valid; nothing happened but
 * the quarantine entry of the item.
 */
export function mergeItem(draft: Draft, binding: Binding, linkId: string, observed: Observed, was: Was = NOTHING): boolean {
  return guarded(draft, binding, linkId, observed, (account) => {
    const link = refreshed(draft, binding, linkId, observed)
    for (const field of binding.fields) {
      const value = field.get(observed.item)
      if (value instanceof LensFailure) {
        holdField(draft, current(draft, linkId), field.name, value, observed.item)
        continue
      }
      releaseField(draft, current(draft, linkId), field.name)
      // a field that is new to the mapping was never seen here: the two meet in it for the first time
      if (isNew(current(draft, linkId), field.name)) {
        // what is held is shown as it was last, and nothing is met in that
        if (draft.context.withheld?.(binding.key).includes(field.name) === true) continue
        meetField(draft, binding, linkId, field, value, observed, account)
        continue
      }
      const seen = link.before === null ? undefined : field.get(link.before)
      const before = was.has(field.name) ? was.get(field.name) : seen
      if (before !== undefined && !(before instanceof LensFailure) && equal(before, value)) continue
      editField(draft, binding, linkId, field, value, observed, account)
    }
  })
}

/** A value that is not the one we knew. */
function editField(
  draft: Draft,
  binding: Binding,
  linkId: string,
  field: CompiledField,
  value: Json,
  observed: Observed,
  account: Account,
): void {
  forgetMeaning(draft, linkId, field.name)
  const edit = { linkId, field: field.name, value, stamp: stampOf(field, observed, binding.system, draft.context.now) }
  if (field.direction === "out") return putRight(draft, edit, account)
  applyEdit(draft, edit, account)
}

/**
 * `sent`: canonical values of an own create that may have made this item: equal ones were ours and are agreed.
 * `settled`: fields that are not in question as long as they still have this value.
 */
export function meetItem(
  draft: Draft,
  binding: Binding,
  linkId: string,
  observed: Observed,
  sent: Readonly<Record<string, Json>> = {},
  settled: Was = NOTHING,
): boolean {
  return guarded(draft, binding, linkId, observed, (account) => {
    refreshed(draft, binding, linkId, observed)
    for (const field of binding.fields) {
      const value = field.get(observed.item)
      if (value instanceof LensFailure) {
        if (!settled.has(field.name)) holdField(draft, current(draft, linkId), field.name, value, observed.item)
        continue
      }
      if (settled.has(field.name)) {
        // somebody was quicker than our reading it back: an edit of what we had just written
        if (!equal(value, settled.get(field.name))) editField(draft, binding, linkId, field, value, observed, account)
        continue
      }
      const delivered = sent[field.name]
      // ours, and overtaken by a newer value since: a debt with a known base
      if (delivered !== undefined && equal(value, delivered) && !equal(value, valueOf(draft, linkId, field.name))) {
        owe(draft, linkId, field.name, [value])
        continue
      }
      meetField(draft, binding, linkId, field, value, observed, account)
    }
  })
}

/** Two values meet that have no history in common. What is asked about the field says then what this item says. */
function meetField(
  draft: Draft,
  binding: Binding,
  linkId: string,
  field: CompiledField,
  value: Json,
  observed: Observed,
  account: Account,
): void {
  meetValues(draft, binding, linkId, field, value, observed, account)
  follow(draft, current(draft, linkId).recordId, field.name)
}

function meetValues(
  draft: Draft,
  binding: Binding,
  linkId: string,
  field: CompiledField,
  value: Json,
  observed: Observed,
  account: Account,
): void {
  const link = current(draft, linkId)
  const present = valueOf(draft, linkId, field.name)
  if (equal(value, present) || field.direction === "in") draft.putLink({ ...link, owed: without(link.owed, field.name) })
  if (equal(value, present)) return
  if (field.direction === "out" && isBlank(present)) {
    // a blank is no reason to wipe out what is there
    draft.putLink({ ...current(draft, linkId), owed: without(current(draft, linkId).owed, field.name) })
    return
  }
  // it fills the blank: a debt with a known base
  if (isBlank(value)) return owe(draft, linkId, field.name, [value])
  const stamp = stampOf(field, observed, binding.system, draft.context.now)
  if (field.direction === "out") return giveWay(draft, { linkId, field: field.name, value, stamp }, account)
  // a blank that is in question is somebody's word, and no gap to be filled
  if (isBlank(present) && disputeOf(draft, link.recordId, field.name) === undefined) {
    account.accepted.push({ field: field.name, before: present, after: value, by: stamp, rule: "fills a blank" })
    return setValue(draft, link.recordId, field.name, value, stamp, linkId)
  }
  applyFirstMeeting(draft, { linkId, field: field.name, value, stamp }, account)
}

const valueOf = (draft: Draft, linkId: string, field: string): Json => draft.record(current(draft, linkId).recordId).fields[field] ?? null

const isNew = (link: Link, field: string): boolean => link.owed[field]?.length === 0

const current = (draft: Draft, linkId: string): Link => {
  const link = draft.link(linkId)
  if (link === undefined) throw new Error(`link ${linkId} vanished within a step`)
  return link
}

/** Takes the observation into the link: from here on `seen` is what the system returned. */
function refreshed(draft: Draft, binding: Binding, linkId: string, observed: Observed): { readonly before: Link["seen"] } {
  const link = current(draft, linkId)
  draft.putLink({
    ...link,
    remoteId: observed.id,
    secondaryId: observed.secondary ?? link.secondaryId,
    seen: binding.project(observed.item),
    version: observed.version,
    seenAt: draft.context.now,
    rereadAt: null,
    doubtedAt: null,
    blocked: null,
  })
  forgetRefusals(draft, linkId, null)
  return { before: link.seen }
}

/** Merges, validates, spreads; an item that leads to an invalid record is quarantined whole and leaves no other trace. */
function guarded(draft: Draft, binding: Binding, linkId: string, observed: Observed, merge: (account: Account) => void): boolean {
  const recordBefore = draft.record(current(draft, linkId).recordId)
  let refusal: string | null = null
  const passed = draft.attempt(() => {
    const account: Account = { accepted: [], conflicts: [] }
    merge(account)
    const link = current(draft, linkId)
    const record = draft.record(link.recordId)
    if (record !== recordBefore) {
      const { refusals, warnings } = validate(draft.entity, record.fields)
      if (refusals.length > 0) {
        refusal = refusals.join("; ")
        return false
      }
      spread(draft, record.id)
      for (const warning of warnings) draft.note("accepted", link, `warning: ${warning}`)
    } else if (record.deleted === null) {
      // an item that was just tied to its record may have no place there, although the record did not change
      place(draft, record.id, binding)
    }
    if (account.accepted.length > 0) draft.note("accepted", link, null, account.accepted)
    if (account.conflicts.length > 0) draft.note("conflict", link, null, account.conflicts)
    releaseItem(draft, binding.key, observed.id, observed.secondary)
    return true
  })
  if (!passed) refuseItem(draft, binding, observed, refusal ?? "the record it leads to is not valid", current(draft, linkId))
  return passed
}

function forgetMeaning(draft: Draft, linkId: string, field: string): void {
  const link = current(draft, linkId)
  if (!(field in link.means)) return
  const { [field]: _, ...means } = link.means
  draft.putLink({ ...link, means })
}

const itemQuarantineId = (draft: Draft, binding: string, remoteId: string): string => `q_${draft.entity.name}/${binding}/${remoteId}`

/** Keeps a refused item whole, with its reason; a linked one is not written to until it passes again. */
export function refuseItem(draft: Draft, binding: Binding, observed: Observed, reason: string, link: Link | null): void {
  const blocked = inQuarantine(reason)
  // what it shows cannot be taken in; who it is can, and by that alone a late copy of it is known
  const secondaryId = link?.secondaryId ?? observed.secondary
  if (link !== null && (link.blocked !== blocked || link.rereadAt !== null || link.secondaryId !== secondaryId))
    draft.putLink({ ...link, secondaryId, blocked, seenAt: draft.context.now, rereadAt: null })
  const id = itemQuarantineId(draft, binding.key, observed.id)
  const known = draft.quarantineEntry(id)
  const isTiedAsBefore = known?.linkId === (link?.id ?? null)
  // seen again, no better than before, and nobody's any more than it was
  if (isTiedAsBefore && known !== undefined && known.reason === reason && equal(known.item, observed.item)) return
  draft.quarantine({
    id,
    entity: draft.entity.name,
    binding: binding.key,
    recordId: link?.recordId ?? null,
    linkId: link?.id ?? null,
    remoteId: observed.id,
    field: null,
    direction: "in",
    reason,
    item: observed.item,
    ...(observed.secondary === null ? {} : { secondary: observed.secondary }),
    version: observed.version,
    since: draft.context.now,
  })
  draft.note("quarantined", { recordId: link?.recordId ?? null, binding: binding.key, remoteId: observed.id }, reason)
}

/** The entry of an item that was refused as a whole. */
export const refusedItem = (draft: Draft, binding: string, remoteId: string): Quarantined | undefined =>
  draft.quarantineEntry(itemQuarantineId(draft, binding, remoteId))

/** A refused item has another id by now: what is known of it goes along. */
export function moveRefusal(draft: Draft, binding: string, link: Link, remoteId: string): void {
  const entry = link.remoteId === null ? undefined : refusedItem(draft, binding, link.remoteId)
  if (entry === undefined || entry.linkId !== link.id) return
  draft.release(entry.id)
  draft.quarantine({ ...entry, id: itemQuarantineId(draft, binding, remoteId), remoteId })
}

/** `secondary`: the stable name of the item that passes, where it has one; another that has, or had, the same id stays refused. */
export function releaseItem(draft: Draft, binding: string, remoteId: string, secondary: string | null = null): void {
  const id = itemQuarantineId(draft, binding, remoteId)
  const entry = draft.quarantineEntry(id)
  if (entry === undefined || (secondary !== null && (entry.secondary ?? secondary) !== secondary)) return
  draft.release(id)
  draft.note("released", entry, "the item passes now")
}
