// A page of observations in, Changes out: decode, identify, merge, validate. Pure: the same page on the same rows gives
// the same changes, and the same page a second time gives none.
import type { Change } from "@syncline/connector"
import { cutReason } from "../model/admissible.ts"
import type { Link } from "../model/link.ts"
import { LensFailure, type Binding, type Entity } from "../model/pipeline.ts"
import type { Fields, KeyValue } from "../model/record.ts"
import { equal, type Json, type JsonObject } from "../model/value.ts"
import { keysOf } from "./claims.ts"
import type { Draft } from "./draft.ts"
import { HOLLOW, isHollow, tells } from "./hollow.ts"
import { identifyNew } from "./identify.ts"
import { keepApart } from "./keep-apart.ts"
import { locate, repoint } from "./locate.ts"
import { meetItem, mergeItem, refusedItem, refuseItem, releaseItem } from "./merge.ts"
import { doubt, NOT_FOUND } from "./doubt.ts"
import { namesOf, observe, type Observed } from "./observed.ts"
import { isRefused } from "./refusal.ts"
import { editAgainstDelete, integrateReturn } from "./return.ts"
import { integrateDelete, integrateMerge } from "./tombstone.ts"
import { compareVersions, mayBeNews } from "./version-order.ts"

export interface PageCounts {
  readonly read: number
  readonly changed: number
}

export interface PageOptions {
  /** These answers come from a lookup made just now: they are as fresh as it gets. */
  readonly confirmed: boolean
}

/** The values that match keys are made of, and no others: this is read of every item, changed or not. */
function keyFields(binding: Binding, entity: Entity, item: JsonObject): Fields {
  const fields: Record<string, Json> = {}
  for (const name of new Set(entity.match.flat())) {
    const field = binding.field(name)
    if (field === undefined || field.direction === "out") continue
    const value = field.get(item)
    if (!(value instanceof LensFailure)) fields[name] = value
  }
  return fields
}

/** What the store must load for a page. */
export function touches(
  binding: Binding,
  entity: Entity,
  changes: readonly Change[],
): { readonly remoteIds: string[]; readonly secondaryIds: string[]; readonly keys: KeyValue[] } {
  const remoteIds = new Set<string>()
  const secondaryIds = new Set<string>()
  const keys = new Map<string, KeyValue>()
  for (const change of changes) {
    remoteIds.add(change.id)
    if (change.kind === "rekey") remoteIds.add(change.was)
    if (change.kind === "merge") remoteIds.add(change.into)
    if (change.secondary !== undefined) secondaryIds.add(change.secondary)
    if (change.kind !== "upsert") continue
    for (const pair of keysOf(entity, keyFields(binding, entity, change.item))) keys.set(`${pair.key}\n${pair.value}`, pair)
  }
  return { remoteIds: [...remoteIds], secondaryIds: [...secondaryIds], keys: [...keys.values()] }
}

export function integratePage(draft: Draft, binding: Binding, changes: readonly Change[], options: PageOptions): PageCounts {
  let changed = 0
  for (const change of withoutMootDeletes(changes)) {
    const before = draft.notes()
    integrateChange(draft, binding, change, options)
    // what is worth a journal row is news; an item that waits or rests as before is not
    if (draft.notes() > before) changed++
  }
  return { read: changes.length, changed }
}

/** A tombstone that is followed by the item itself tells of an earlier incarnation. */
function withoutMootDeletes(changes: readonly Change[]): readonly Change[] {
  if (changes.every((change) => change.kind !== "delete")) return changes
  const last = new Map(changes.map((change, at) => [nameOf(change), at]))
  return changes.filter((change, at) => change.kind !== "delete" || changes[last.get(nameOf(change)) ?? at]?.kind !== "upsert")
}
const nameOf = (change: Change): string => JSON.stringify([change.id, change.secondary ?? null])

function integrateChange(draft: Draft, binding: Binding, change: Change, options: PageOptions): void {
  switch (change.kind) {
    case "upsert":
      return integrateItem(draft, binding, observe(change), options)
    case "delete":
      return integrateDelete(draft, binding, change, options.confirmed)
    case "rekey": {
      const link = draft.linkByRemote(binding.key, change.was)
      if (link === undefined) return
      repoint(draft, binding, link, change.id, change.secondary ?? link.secondaryId)
      return
    }
    case "merge":
      return integrateMerge(draft, binding, change)
  }
}

function integrateItem(draft: Draft, binding: Binding, observed: Observed, options: PageOptions): void {
  const link = locate(draft, binding, observed, options.confirmed)
  const cut = cutReason(observed.item)
  // whom it is about may be told by what can be read of it
  const isForgotten = (): boolean =>
    draft.forgotten.leavesAlone(binding.key, namesOf(observed), keysOf(draft.entity, keyFields(binding, draft.entity, observed.item)))
  if (cut !== undefined && link === undefined && isForgotten()) return
  const held = draft.context.withheld?.(binding.key) ?? []
  const unread = cut ?? (link !== undefined && isHollow(draft.entity, binding, link.seen, observed.item, held) ? HOLLOW : undefined)
  if (link?.state === "gone" && draft.intent(link.id) === undefined && unread !== undefined)
    return refuseReturn(draft, binding, link, observed, unread)
  if (cut !== undefined) return refuseItem(draft, binding, observed, cut, link === undefined || link.state === "gone" ? null : link)
  if (link === undefined) return identifyNew(draft, binding, observed)
  if (draft.intent(link.id) !== undefined) {
    // a write of ours is open: this item is read again after it is settled
    draft.putLink({ ...link, rereadAt: draft.context.now })
    return
  }
  if (link.state === "gone") return integrateReturn(draft, binding, link, observed, options.confirmed)
  // what pages show of an item that no lookup finds, a late copy perhaps, counts only once one does
  if (!options.confirmed && link.blocked === NOT_FOUND) return draft.putLink({ ...link, ...doubt(link, draft.context.now) })
  if (unread !== undefined) return refuseItem(draft, binding, observed, unread, link)
  const projected = binding.project(observed.item)
  // where a field is new to the item, and can be read: what cannot is no news however often it is shown, nor is what is to go
  const unmet =
    link.owes === null &&
    Object.entries(link.owed).some(([name, base]) => base.length === 0 && !held.includes(name) && isReadable(binding, name, observed.item))
  if (link.seen !== null && !unmet && equal(projected, link.seen)) {
    const refused = refusedItem(draft, binding.key, link.remoteId ?? observed.id)
    if (refused !== undefined && !options.confirmed && binding.spec.read.lookup !== undefined) {
      // as it was before it was refused: it was put right since, or this is a copy from before; a lookup tells which
      const order = compareVersions(binding.spec, observed.version, refused.version)
      if (order !== "newer") return order === "older" ? undefined : draft.putLink({ ...link, ...doubt(link, draft.context.now) })
    }
    unblock(draft, binding, link.id, observed.id)
    const present = draft.link(link.id) ?? link
    if (observed.version !== link.version || observed.secondary !== link.secondaryId || link.rereadAt !== null) {
      // of an item that came without anything this version has not been read
      const isOld = compareVersions(binding.spec, observed.version, link.version) === "older" || !tells(binding, observed.item, held)
      draft.putLink({
        ...present,
        version: isOld ? link.version : observed.version,
        secondaryId: observed.secondary ?? link.secondaryId,
        ...(options.confirmed && isSure(draft, binding, link, options) ? { rereadAt: null, doubtedAt: null } : {}),
        seenAt: draft.context.now,
      })
    } else draft.sighted(link.id)
    return
  }
  if (!options.confirmed && isBeforeRefusal(draft, binding, link, observed)) return
  const order = compareVersions(binding.spec, observed.version, link.version)
  if (order === "older" && !options.confirmed) {
    if (mayBeNews(binding.spec)) draft.putLink({ ...link, ...doubt(link, draft.context.now), seenAt: draft.context.now })
    else draft.sighted(link.id)
    return
  }
  // an answer may be as old as answers there are: what was seen later than that stands until one tells for certain
  if (order === "older" && (link.seenAt ?? 0) + binding.spec.read.lagMs.byId > draft.context.now)
    return draft.putLink({ ...link, ...doubt(link, draft.context.now) })
  // the same revision with other values: not the item changed, but what is read of it
  if (order === null && link.seen !== null && !options.confirmed && binding.spec.read.lookup !== undefined) {
    // nobody can say that this is news and not a stale copy: a lookup decides, after the declared lag
    draft.putLink({ ...link, ...doubt(link, draft.context.now), seenAt: draft.context.now })
    return
  }
  if (link.state === "parked" || link.state === "kept") {
    draft.putLink({ ...link, seen: projected, version: observed.version, seenAt: draft.context.now, rereadAt: null })
    return
  }
  if (link.seen === null && isForgotten()) return keepApart(draft, link)
  // before all else, adopted or not: what nobody has read yet is an edit as well
  if (link.owes !== null) editAgainstDelete(draft, binding, link, observed)
  // adopted, but never read: the two meet now
  else if (link.seen === null) meetItem(draft, binding, link.id, observed)
  else mergeItem(draft, binding, link.id, observed)
  // another copy of what is known, in which a field is new, says nothing to what spoke against it
  const isCopy = order === "same" && !options.confirmed && binding.spec.read.lookup !== undefined
  if (isCopy || !isSure(draft, binding, link, options)) keepDoubt(draft, link)
}

function isReadable(binding: Binding, name: string, item: JsonObject): boolean {
  const field = binding.field(name)
  return field !== undefined && !(field.get(item) instanceof LensFailure)
}

/** It may be back, and nobody can read it: until it is asked for again, nothing else goes that was to go because it went. */
function refuseReturn(draft: Draft, binding: Binding, link: Link, observed: Observed, reason: string): void {
  if (compareVersions(binding.spec, observed.version, link.version) === "older") return
  refuseItem(draft, binding, observed, reason, null)
  draft.putLink({ ...link, ...doubt(link, draft.context.now) })
}

/**
 * An item in quarantine was seen later than its link says: a copy from before tells nothing new, and where versions do not
 * order, it may be one, and a lookup tells.
 */
function isBeforeRefusal(draft: Draft, binding: Binding, link: Link, observed: Observed): boolean {
  const refused = refusedItem(draft, binding.key, link.remoteId ?? observed.id)
  if (refused === undefined || (refused.secondary ?? null) !== observed.secondary || equal(refused.item, observed.item)) return false
  const order = compareVersions(binding.spec, observed.version, refused.version)
  if (order === "older") return true
  if (order !== null || binding.spec.read.lookup === undefined) return false
  draft.putLink({ ...link, ...doubt(link, draft.context.now) })
  return true
}

/** What spoke against it is younger than this answer may be: there may be more to see, and it is asked once more. */
function keepDoubt(draft: Draft, { id, rereadAt, doubtedAt }: Link): void {
  const link = draft.link(id)
  if (link !== undefined && link.remoteId !== null) draft.putLink({ ...link, rereadAt: doubtedAt ?? rereadAt, doubtedAt })
}

/**
 * Whether an answer, or a page, of now can tell what the item was waiting to be asked: one within the declared lag cannot. Only
 * what spoke against `seen` counts; an item that pages show as it is known, however often, raises no question.
 */
function isSure(draft: Draft, { spec }: Binding, link: Link, { confirmed }: PageOptions): boolean {
  const { byId, delta } = spec.read.lagMs
  return Math.max(link.rereadAt ?? 0, link.doubtedAt ?? 0) + (confirmed ? byId : delta) <= draft.context.now
}

/** An item that is as we know it is no longer in quarantine; only a refused write still blocks its link. */
function unblock(draft: Draft, binding: Binding, linkId: string, remoteId: string): void {
  releaseItem(draft, binding.key, remoteId)
  const link = draft.link(linkId)
  if (link !== undefined && link.blocked !== null && !isRefused(draft, link)) draft.putLink({ ...link, blocked: null })
}
