// After a record changed: its match keys, and which systems it belongs to now.
import { LensFailure, type Binding } from "../model/pipeline.ts"
import type { Link } from "../model/link.ts"
import type { Claim } from "../model/record.ts"
import { equal } from "../model/value.ts"
import { claimsOf, claimsThere, isUpsert, keyThere } from "./claims.ts"
import type { Draft } from "./draft.ts"
import { type Account, applyEdit } from "./edit.ts"
import { putRight } from "./only-written.ts"
import { isHeldBack, isTakenBack } from "./refusal.ts"
import { owesEverything, succeed } from "./succeed.ts"

export function newLink(draft: Draft, recordId: string, binding: Binding, part: Partial<Link>): Link {
  return {
    id: draft.context.nextId("lnk"),
    recordId,
    entity: draft.entity.name,
    binding: binding.key,
    state: "live",
    remoteId: null,
    secondaryId: null,
    generation: 1,
    seen: null,
    owed: {},
    owes: null,
    means: {},
    version: null,
    seenAt: null,
    dueAt: null,
    attempts: 0,
    rereadAt: null,
    doubtedAt: null,
    blocked: null,
    ...part,
  }
}

/**
 * A record's keys: its own while it lives, those that a create of it, still on its way, may have taken out there, and
 * those of its past that an item of it shows still, where an upsert would land on it.
 */
export function reclaim(draft: Draft, recordId: string): void {
  const record = draft.record(recordId)
  const own = record.deleted === null ? claimsOf(draft.entity, record.fields, recordId) : []
  const links = draft.links(recordId)
  const reserved = links.flatMap((link) => draft.intent(link.id)?.keys ?? [])
  const present = new Set(own.map(({ key, value }) => `${key}\n${value}`))
  const past = record.deleted !== null ? [] : links.flatMap((link) => pastClaims(draft, link, present))
  draft.putClaims(recordId, [...own, ...reserved, ...past])
}

const pastClaims = (draft: Draft, link: Link, present: ReadonlySet<string>): readonly Claim[] => {
  const binding = draft.binding(link.binding)
  const names = new Map(draft.entity.match.map((key) => [keyThere(key.join("+"), binding), key.join("+")]))
  return claimsThere(draft.entity, binding, link).filter(({ key, value }) => !present.has(`${names.get(key) ?? key}\n${value}`))
}

/** What the items of a step show changed: so did what they hold there. */
export function reclaimShown(draft: Draft): void {
  const records = new Set<string>()
  for (const id of draft.changedLinks()) {
    const link = draft.link(id)
    if (link !== undefined && isUpsert(draft.binding(link.binding))) records.add(link.recordId)
  }
  for (const recordId of records) if (draft.hasRecord(recordId)) reclaim(draft, recordId)
}

/** Brings claims and links in line with the record's present values. */
export function spread(draft: Draft, recordId: string): void {
  const record = draft.record(recordId)
  reclaim(draft, recordId)
  if (record.deleted !== null) return
  for (const binding of draft.entity.bindings) place(draft, recordId, binding)
}

/** Makes a living record enter or leave one binding, as its filter says. */
export function place(draft: Draft, recordId: string, binding: Binding): void {
  const link = draft.linkIn(recordId, binding.key)
  const linked = link !== undefined && link.remoteId !== null && link.state !== "gone"
  const belongs = binding.accepts(draft.record(recordId).fields, linked)
  // a filter that cannot be judged changes nothing
  if (belongs instanceof LensFailure) return
  if (link !== undefined && belongs) enter(draft, link, binding)
  else if (link !== undefined) leave(draft, link, binding)
  else if (belongs && binding.create && binding.spec.write.create !== undefined)
    draft.putLink(newLink(draft, recordId, binding, { owed: owesEverything(binding) }))
}

function enter(draft: Draft, link: Link, binding: Binding): void {
  if (link.state === "gone") return recreate(draft, link, binding)
  if (link.owes === "delete" && !draft.record(link.recordId).deleted) {
    // what an undo removes belonged there all along: a person took it back, and nothing but a person brings it there again
    if (isTakenBack(draft, link.id)) return
    draft.putLink({ ...link, owes: null })
    draft.note("unparked", link, "belongs here again: the removal is called off")
    return
  }
  if (link.state === "kept") {
    // on its own since it left: the two meet anew, once it is read
    draft.putLink({ ...link, state: "live", owed: owesEverything(binding), owes: null, rereadAt: draft.context.now })
    draft.note("unparked", link, "the record belongs here again: the item is read, and meets it anew")
    return
  }
  if (link.state !== "parked") return
  draft.putLink({ ...link, state: "live" })
  draft.note("unparked", link, "the record belongs here again")
  // while parked, `seen` moved on and the base stayed: what differs from it was edited meanwhile
  if (link.seen === null) return
  const record = draft.record(link.recordId)
  const account: Account = { accepted: [], conflicts: [] }
  for (const field of binding.fields) {
    const value = field.get(link.seen)
    if (value instanceof LensFailure) continue
    const base = link.owed[field.name]
    const agreed = base === undefined ? (record.fields[field.name] ?? null) : base[0]
    if (base?.length === 0 || equal(value, agreed)) continue
    const stamp = { system: binding.system, at: draft.context.now, certainty: "observed" } as const
    const edit = { linkId: link.id, field: field.name, value, stamp }
    if (field.direction === "out") putRight(draft, edit, account)
    else applyEdit(draft, edit, account)
  }
  if (account.accepted.length > 0) draft.note("accepted", link, null, account.accepted)
  if (account.conflicts.length > 0) draft.note("conflict", link, null, account.conflicts)
  // it may have another key by now, and belong elsewhere
  if (account.accepted.length + account.conflicts.length > 0) spread(draft, link.recordId)
}

/** The item was removed for reasons of our own, or a person decided to keep the record: it is made anew. */
function recreate(draft: Draft, link: Link, binding: Binding): void {
  const undecided = draft.reviews(link.recordId).some((review) => review.kind === "delete_vs_edit")
  if (undecided || isHeldBack(draft, link) || link.rereadAt !== null || !binding.create || binding.spec.write.create === undefined) return
  succeed(draft, binding, link)
  draft.note("revived", link, "the record belongs here (again): the item will be created anew")
}

/** It was to be removed, and what leaves is let be by now: its removal is called off. False: it still is to be. */
export function letBe(draft: Draft, link: Link, binding: Binding): boolean {
  const isOurs = link.owes === "delete" && draft.record(link.recordId).deleted === null && !isTakenBack(draft, link.id)
  if (!isOurs || binding.leaving === "delete") return false
  leave(draft, { ...link, owes: null }, binding)
  return true
}

function leave(draft: Draft, link: Link, binding: Binding): void {
  if (link.state !== "live" || link.owes !== null) return
  if (link.remoteId === null) {
    // an open create may have happened: it is settled first, and the link leaves then
    if (draft.intent(link.id) === undefined) draft.dropLink(link.id)
    return
  }
  switch (binding.leaving) {
    case "keep":
      draft.putLink({ ...link, state: "parked" })
      draft.note("parked", link, "the record no longer belongs here: left as it is")
      return
    case "unlink":
      draft.putLink({ ...link, state: "kept", owed: {} })
      draft.note("unlinked", link, "the record no longer belongs here: the item is on its own now")
      return
    case "delete":
      draft.putLink({ ...link, owes: "delete", dueAt: draft.context.now })
      draft.note("parked", link, "the record no longer belongs here: the item is to be removed")
  }
}
