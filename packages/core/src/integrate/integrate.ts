// A page of observations in, Changes out: decode, identify, merge, validate. Pure: the same page on the same rows gives
// the same changes, and the same page a second time gives none.
import type { Change } from "@syncline/connector"
import type { Binding } from "../model/pipeline.ts"
import type { Link } from "../model/link.ts"
import { equal } from "../model/value.ts"
import { keysOf, type KeyValue } from "./claims.ts"
import { ask, closeReview } from "./dispute.ts"
import type { Draft } from "./draft.ts"
import { identify, readItem } from "./identify.ts"
import { meetItem, mergeItem, releaseItem } from "./merge.ts"
import { observe, type Observed, parseTime } from "./observed.ts"
import { isRefused } from "./refusal.ts"
import { removeItem, reviveRecord } from "./remove.ts"
import { spread } from "./spread.ts"
import { compareVersions } from "./version-order.ts"

export interface PageCounts {
  readonly read: number
  readonly changed: number
}

export interface PageOptions {
  /** These answers come from a lookup made just now: they are as fresh as it gets. */
  readonly confirmed: boolean
}

/** What the store must load for a page. */
export function touches(
  binding: Binding,
  entity: Draft["entity"],
  changes: readonly Change[],
  now: number,
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
    for (const pair of keysOf(entity, readItem(binding, observe(change), now).fields)) keys.set(`${pair.key}\n${pair.value}`, pair)
  }
  return { remoteIds: [...remoteIds], secondaryIds: [...secondaryIds], keys: [...keys.values()] }
}

export function integratePage(draft: Draft, binding: Binding, changes: readonly Change[], options: PageOptions): PageCounts {
  let changed = 0
  for (const change of changes) if (integrateChange(draft, binding, change, options)) changed++
  return { read: changes.length, changed }
}

/** True where the change told something new. */
function integrateChange(draft: Draft, binding: Binding, change: Change, options: PageOptions): boolean {
  switch (change.kind) {
    case "upsert":
      return integrateItem(draft, binding, observe(change), options)
    case "delete":
      return integrateDelete(draft, binding, change, options)
    case "rekey": {
      const link = draft.linkByRemote(binding.key, change.was)
      if (link === undefined) return false
      repoint(draft, binding, link, change.id, change.secondary ?? link.secondaryId)
      return true
    }
    case "merge":
      return integrateMerge(draft, binding, change.id, change.into)
  }
}

function integrateItem(draft: Draft, binding: Binding, observed: Observed, options: PageOptions): boolean {
  const link = locate(draft, binding, observed)
  if (link === undefined) return identifyNew(draft, binding, observed) !== "filtered"
  if (draft.intent(link.id) !== undefined) {
    // a write of ours is open: this item is read again after it is settled
    draft.putLink({ ...link, rereadAt: draft.context.now })
    return false
  }
  if (link.state === "gone") return integrateReturn(draft, binding, link, observed, options)
  const projected = binding.project(observed.item)
  const unmet = Object.values(link.owed).some((base) => base.length === 0)
  if (link.seen !== null && !unmet && equal(projected, link.seen)) {
    unblock(draft, binding, link.id, observed.id)
    const present = draft.link(link.id) ?? link
    if (observed.version !== link.version || observed.secondary !== link.secondaryId || link.rereadAt !== null) {
      const older = compareVersions(binding.spec, observed.version, link.version) === "older"
      draft.putLink({
        ...present,
        version: older ? link.version : observed.version,
        secondaryId: observed.secondary ?? link.secondaryId,
        rereadAt: null,
        seenAt: draft.context.now,
      })
    } else draft.sighted(link.id)
    return false
  }
  const order = compareVersions(binding.spec, observed.version, link.version)
  if (order === "older" && !options.confirmed) {
    draft.sighted(link.id)
    return false
  }
  // the same revision with other values: not the item changed, but what is read of it
  if (order === null && link.version !== null && !options.confirmed && binding.spec.read.lookup !== undefined) {
    // nobody can say that this is news and not a stale copy: a lookup decides, after the declared lag
    draft.putLink({ ...link, rereadAt: draft.context.now + binding.spec.read.lagMs.byId })
    return false
  }
  if (link.state === "parked" || link.state === "kept") {
    draft.putLink({ ...link, seen: projected, version: observed.version, seenAt: draft.context.now, rereadAt: null })
    return true
  }
  // adopted, but never read: the two meet now
  if (link.seen === null) return meetItem(draft, binding, link.id, observed) || true
  if (link.owes !== null) return editAgainstDelete(draft, binding, link, observed)
  return mergeItem(draft, binding, link.id, observed) || true
}

/** An item that is as we know it is no longer in quarantine; only a refused write still blocks its link. */
function unblock(draft: Draft, binding: Binding, linkId: string, remoteId: string): void {
  releaseItem(draft, binding.key, remoteId)
  const link = draft.link(linkId)
  if (link !== undefined && link.blocked !== null && !isRefused(draft, link)) draft.putLink({ ...link, blocked: null })
}

function identifyNew(draft: Draft, binding: Binding, observed: Observed): ReturnType<typeof identify> {
  const outcome = identify(draft, binding, observed)
  if (outcome === "filtered") releaseItem(draft, binding.key, observed.id)
  return outcome
}

/** The link of an item: by its id, or by its stable secondary id where the id changed. */
function locate(draft: Draft, binding: Binding, observed: Observed): Link | undefined {
  const byId = draft.linkByRemote(binding.key, observed.id)
  if (observed.secondary === null) return byId
  const bySecondary = draft.linkBySecondary(binding.key, observed.secondary)
  if (byId !== undefined && byId.state !== "gone" && bySecondary?.state === "gone") return byId
  if (byId !== undefined && byId.secondaryId !== null && byId.secondaryId !== observed.secondary && byId.state !== "gone") {
    // the id went over to another item: whose it was must be found by its secondary id
    draft.putLink({ ...byId, remoteId: orphanId(byId.secondaryId), rereadAt: draft.context.now })
  }
  if (bySecondary === undefined)
    return byId?.secondaryId === null || byId?.secondaryId === observed.secondary ? byId : byId?.state === "gone" ? byId : undefined
  if (bySecondary.remoteId !== observed.id) {
    if (byId !== undefined && byId.id !== bySecondary.id && byId.state === "gone")
      draft.putLink({ ...byId, remoteId: orphanId(byId.secondaryId ?? byId.id) })
    return repoint(draft, binding, bySecondary, observed.id, observed.secondary)
  }
  return bySecondary
}

/** Stands in for the id of an item that lost its id to another and has not been found again yet. */
export const orphanId = (secondary: string): string => `~${secondary}`

function repoint(draft: Draft, binding: Binding, link: Link, remoteId: string, secondaryId: string | null): Link {
  const moved = { ...link, remoteId, secondaryId }
  draft.putLink(moved)
  draft.note("rekeyed", { recordId: link.recordId, binding: binding.key, remoteId }, `was ${link.remoteId ?? "unknown"}`)
  return moved
}

/** An item under an id that is known to be gone: a late page, or a restore. */
function integrateReturn(draft: Draft, binding: Binding, link: Link, observed: Observed, options: PageOptions): boolean {
  const order = compareVersions(binding.spec, observed.version, link.version)
  if (order === "older") return false
  if (order !== "newer" && !options.confirmed) {
    draft.putLink({ ...link, rereadAt: draft.context.now + binding.spec.read.lagMs.byId })
    return false
  }
  const record = draft.record(link.recordId)
  const claimed = keysOf(draft.entity, readItem(binding, observed, draft.context.now).fields).some(({ key, value }) =>
    draft.claimantsOf(key, value).some((id) => id !== record.id),
  )
  const sameItem = link.secondaryId === null || observed.secondary === null || link.secondaryId === observed.secondary
  // an item under an old id that is another's by now, or a record of somebody who claims its keys meanwhile
  if (
    !sameItem ||
    (claimed && record.deleted !== null) ||
    (record.deleted === null && draft.linkIn(record.id, binding.key)?.id !== link.id)
  ) {
    draft.putLink({ ...link, remoteId: orphanId(link.secondaryId ?? link.id), rereadAt: null })
    return identifyNew(draft, binding, observed) !== "filtered"
  }
  for (const review of draft.reviews(record.id)) {
    if (review.kind === "delete_vs_edit") closeReview(draft, review, "withdrawn", "the item came back")
  }
  draft.putLink({ ...link, state: "live", generation: link.generation + 1, owes: null, rereadAt: null })
  reviveRecord(draft, record.id, `${binding.key} has the item again`)
  // it may have come back with other values: what it had when it went is the base
  mergeItem(draft, binding, link.id, observed)
  spread(draft, record.id, { accepted: [], conflicts: [] })
  return true
}

function integrateDelete(draft: Draft, binding: Binding, change: Extract<Change, { kind: "delete" }>, options: PageOptions): boolean {
  const link =
    (change.secondary === undefined ? undefined : draft.linkBySecondary(binding.key, change.secondary)) ??
    draft.linkByRemote(binding.key, change.id)
  releaseItem(draft, binding.key, change.id)
  withdrawParked(draft, binding, change.id)
  if (link === undefined || link.state === "gone") {
    if (link !== undefined && link.rereadAt !== null) draft.putLink({ ...link, rereadAt: null })
    return false
  }
  if (change.secondary !== undefined && link.secondaryId !== null && link.secondaryId !== change.secondary) return false
  if (draft.intent(link.id) !== undefined) {
    draft.putLink({ ...link, rereadAt: draft.context.now })
    return false
  }
  const order = compareVersions(binding.spec, change.version ?? null, link.version)
  if (!options.confirmed) {
    if (order === "older") return false
    // a tombstone that nobody can place in time may belong to an earlier incarnation
    if (order === null && link.version !== null && binding.spec.read.lookup !== undefined) {
      draft.putLink({ ...link, rereadAt: draft.context.now + binding.spec.read.lagMs.byId })
      return false
    }
  }
  const proof = change.soft ? "archived there" : options.confirmed ? "a lookup says it is gone" : "tombstone in the change feed"
  draft.putLink({ ...link, version: change.version ?? link.version })
  removeItem(draft, link.id, proof, parseTime(change.at) ?? draft.context.now)
  return true
}

function withdrawParked(draft: Draft, binding: Binding, remoteId: string): void {
  for (const review of draft.openReviews()) {
    if (review.item === null || review.binding !== binding.key || review.remoteId !== remoteId) continue
    closeReview(draft, review, "withdrawn", "the item was deleted")
  }
}

/** The item that is to be deleted was edited meanwhile. */
function editAgainstDelete(draft: Draft, binding: Binding, link: Link, observed: Observed): boolean {
  const record = draft.record(link.recordId)
  const known: Link = { ...link, version: observed.version, seenAt: draft.context.now, rereadAt: null }
  if (record.deleted === null) {
    // on its way out of a filter: its own edit may bring it back, or not
    draft.putLink({ ...known, owes: null })
    mergeItem(draft, binding, link.id, observed)
    spread(draft, record.id, { accepted: [], conflicts: [] })
    return true
  }
  const what = `${binding.key} ${observed.id} was edited after the record was deleted in ${record.deleted.system}`
  switch (draft.entity.deleteVsEdit) {
    case "delete_wins":
      draft.putLink({ ...known, seen: binding.project(observed.item) })
      draft.note("conflict", link, `delete wins: ${what}`)
      return true
    case "edit_wins":
      draft.putLink(known)
      reviveRecord(draft, record.id, `edit wins: ${what}`)
      return mergeItem(draft, binding, link.id, observed) || true
    case "review":
      draft.putLink(known)
      if (draft.reviews(record.id).some((review) => review.kind === "delete_vs_edit")) return true
      ask(draft, {
        kind: "delete_vs_edit",
        message: what,
        link,
        item: null,
        sides: [
          {
            system: record.deleted.system,
            linkId: null,
            value: null,
            stamp: { system: record.deleted.system, at: record.deleted.at, certainty: "item" },
          },
          {
            system: binding.system,
            linkId: link.id,
            value: binding.project(observed.item),
            stamp: { system: binding.system, at: observed.at ?? draft.context.now, certainty: "item" },
          },
        ],
      })
      return true
  }
}

/** One item now lives in another: links are re-pointed, nothing is deleted and made anew. */
function integrateMerge(draft: Draft, binding: Binding, id: string, into: string): boolean {
  const link = draft.linkByRemote(binding.key, id)
  if (link === undefined || link.state === "gone") return false
  const survivor = draft.linkByRemote(binding.key, into)
  draft.note("merged", link, `${id} was merged into ${into}`)
  if (survivor === undefined) {
    draft.putLink({ ...link, remoteId: into, rereadAt: draft.context.now })
    return true
  }
  draft.putLink({ ...link, state: "gone", owed: {}, owes: null })
  ask(draft, {
    kind: "duplicate",
    message: `${binding.key} merged ${id} into ${into}: two records stand for one now`,
    recordId: survivor.recordId,
    binding: binding.key,
    candidates: [survivor.recordId, link.recordId],
  })
  return true
}
