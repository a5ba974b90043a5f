// A system says that an item is gone, or went into another.
import type { Change } from "@syncline/connector"
import { passingIdKey } from "../model/forgotten-id.ts"
import type { Link } from "../model/link.ts"
import type { Binding } from "../model/pipeline.ts"
import type { Review } from "../model/review.ts"
import { ask, closeReview } from "./dispute.ts"
import { doubt } from "./doubt.ts"
import type { Draft } from "./draft.ts"
import { holdItem } from "./item-hold.ts"
import { giveUpId, orphanId } from "./locate.ts"
import { refusedItem, releaseItem } from "./merge.ts"
import { parseTime } from "./observed.ts"
import { isHeldBack } from "./refusal.ts"
import { removeItem } from "./remove.ts"
import { spread } from "./spread.ts"
import { nextOf } from "./succeed.ts"
import { compareVersions, mayBeNews } from "./version-order.ts"

/** `confirmed`: the answer of a lookup made just now. */
export function integrateDelete(draft: Draft, binding: Binding, change: Extract<Change, { kind: "delete" }>, confirmed: boolean): void {
  const link =
    (change.secondary === undefined ? undefined : draft.linkBySecondary(binding.key, change.secondary)) ??
    draft.linkByRemote(binding.key, change.id)
  forgetWaiting(draft, binding, change)
  if (link === undefined || link.state === "gone") {
    if (link === undefined) return
    const known = endedAt(draft, binding, link, change)
    // one that nobody can place in time is older than what raised the doubt, perhaps: asking for the item tells
    const isTold = confirmed || known !== link || binding.spec.read.lookup === undefined
    if (known.rereadAt !== null && isTold) stayGone(draft, known)
    return
  }
  if (change.secondary !== undefined && link.secondaryId !== null && link.secondaryId !== change.secondary) return
  if (draft.intent(link.id) !== undefined) {
    draft.putLink({ ...link, rereadAt: draft.context.now })
    return
  }
  const order = compareVersions(binding.spec, change.version ?? null, link.version)
  if (!confirmed) {
    const isPlaced = order !== null && !(order === "older" && link.seen !== null && mayBeNews(binding.spec))
    if (order === "older" && isPlaced) return
    // a tombstone that nobody can place in time may belong to an earlier incarnation
    if (!isPlaced && link.seen !== null && binding.spec.read.lookup !== undefined) {
      draft.putLink({ ...link, ...doubt(link, draft.context.now) })
      return
    }
  }
  const proof = change.soft ? "archived there" : confirmed ? "a lookup says it is gone" : "tombstone in the change feed"
  // a delete without a version of its own may have come after versions that nobody has seen
  const lasting = binding.spec.read.lookup === undefined ? link.version : null
  draft.putLink({ ...link, version: change.version ?? lasting })
  removeItem(draft, link.id, proof, parseTime(change.at) ?? draft.context.now)
}

/** It ended later than was known: what is older than that does not bring it back. */
function endedAt(draft: Draft, binding: Binding, link: Link, { version, secondary }: Extract<Change, { kind: "delete" }>): Link {
  const isOther = secondary !== undefined && link.secondaryId !== null && link.secondaryId !== secondary
  if (isOther || version === undefined || compareVersions(binding.spec, version, link.version) !== "newer") return link
  const later = { ...link, version }
  draft.putLink(later)
  return later
}

/** What waits under its id waits no more; unless that is another item by now, or this one since. */
function forgetWaiting(draft: Draft, binding: Binding, change: Extract<Change, { kind: "delete" }>): void {
  const { id, secondary, version } = change
  const isOther = (known: string | undefined): boolean => known !== undefined && secondary !== undefined && known !== secondary
  const refused = refusedItem(draft, binding.key, id)
  const isSince = refused !== undefined && compareVersions(binding.spec, version ?? null, refused.version) === "older"
  if (!isSince && !isOther(refused?.secondary)) releaseItem(draft, binding.key, id)
  for (const review of draft.openReviews()) {
    if (review.item === null || review.binding !== binding.key || review.remoteId !== id || isOther(review.secondary)) continue
    // it is back since
    if (compareVersions(binding.spec, version ?? null, review.version ?? null) === "older") continue
    closeReview(draft, review, "withdrawn", "the item was deleted")
    nameAgain(draft, binding, review, change)
  }
}

/** What waited was a record's that had ended with it: that one knows it by its name again, should it come back once more. */
function nameAgain(draft: Draft, binding: Binding, review: Review, { id, secondary, version }: Extract<Change, { kind: "delete" }>): void {
  const { formerly } = review
  if (formerly === undefined || !draft.hasRecord(formerly) || draft.record(formerly).deleted === null) return
  const place = draft.linkIn(formerly, binding.key)
  const name = secondary ?? review.secondary ?? null
  const isNameless = place?.state === "gone" && place.remoteId === orphanId(place) && place.secondaryId === null
  const isTaken = draft.linkByRemote(binding.key, id) ?? (name === null ? undefined : draft.linkBySecondary(binding.key, name))
  if (!isNameless || isTaken !== undefined) return
  draft.putLink({ ...place, remoteId: id, secondaryId: name, version: version ?? null })
}

/**
 * One item now lives in another: links are re-pointed, nothing is deleted and made anew. Where both stand for a record, the
 * one whose item it was is kept from having another made, until somebody says whether the two records are one.
 */
export function integrateMerge(draft: Draft, binding: Binding, { id, into, secondary }: Extract<Change, { kind: "merge" }>): void {
  const link = (secondary === undefined ? undefined : draft.linkBySecondary(binding.key, secondary)) ?? draft.linkByRemote(binding.key, id)
  if (link === undefined || id === into || link.remoteId === into) return
  // it was that item's id once, and is another's by now
  if (secondary !== undefined && link.secondaryId !== null && link.secondaryId !== secondary) return
  // one that is gone is asked for where its record lives again, and for nothing else
  const lives = draft.record(link.recordId).deleted === null
  // nor where it is told once more what it was told before, and is kept from being made anew for that
  if (link.state === "gone" && (link.rereadAt === null || !lives || isHeldBack(draft, link)))
    return link.rereadAt === null ? undefined : stayGone(draft, link)
  const holder = draft.linkByRemote(binding.key, into)
  // a write is under way to one of them: it is asked for again once that is settled
  if ([link, holder].some((one) => one !== undefined && draft.intent(one.id) !== undefined)) {
    draft.putLink({ ...link, rereadAt: draft.context.now })
    return
  }
  const passing = { key: passingIdKey(binding.key), value: into }
  if (lives && holder === undefined && draft.forgotten.leavesAlone(binding.key, { remoteId: into, secondaryId: null }, [passing])) {
    draft.note("merged", link, `${id} was merged into an item of somebody who was forgotten`)
    draft.putLink({ ...link, state: "gone", owed: {}, owes: null, rereadAt: null, blocked: null })
    return holdItem(
      draft,
      link.id,
      "it was merged there into an item of somebody who was forgotten: it is not made anew until somebody says so",
    )
  }
  draft.note("merged", link, `${id} was merged into ${into}`)
  const isFree = holder === undefined || holder.state === "gone" || draft.record(holder.recordId).deleted !== null
  if (isFree && lives) {
    // whoever stood for it stands for it no more: it is this record's item from now on
    if (holder !== undefined) giveUpId(draft, { ...holder, state: "gone", owed: {}, owes: null, blocked: null }, null)
    // what is known of the one was never the other's: the two meet once it is read
    const { now } = draft.context
    const state = link.state === "gone" ? "live" : link.state
    draft.putLink({ ...nextOf(link, binding, now), state, remoteId: into, seenAt: link.seenAt, rereadAt: now })
    draft.note("rekeyed", { ...link, remoteId: into }, `was ${id}`)
    return
  }
  draft.putLink({ ...link, state: "gone", owed: {}, owes: null, rereadAt: null, blocked: null })
  if (holder === undefined || !lives || holder.recordId === link.recordId) return
  // it stands for what people had in the other as well now: an undo of the run that made it must not take that along
  draft.note("accepted", holder, `${id} was merged into it`)
  // this record keeps the reason, also once whoever the other one stands for is forgotten: it names no item
  holdItem(draft, link.id, "it was merged into another record's item there: it is not made anew until somebody says so")
  ask(draft, {
    kind: "duplicate",
    message: `${binding.key} merged ${id} into ${into}: two records stand for one now`,
    recordId: link.recordId,
    binding: binding.key,
    candidates: [holder.recordId, link.recordId],
  })
}

/** It was asked for once more and is not there: where its record lives, it is made anew. */
export function stayGone(draft: Draft, link: Link): void {
  draft.putLink({ ...link, rereadAt: null })
  spread(draft, link.recordId)
}
