// A person said that several records, and an item that waits, are one. The records are joined; the item finds its place
// beside the one that survives, or is left alone there with what it had to say.
import type { Review } from "../model/review.ts"
import type { Draft } from "../integrate/draft.ts"
import type { Account } from "../integrate/edit.ts"
import { ignoreItem, readItem, tie } from "../integrate/identify.ts"
import { joinRecords, whyNotJoin } from "../integrate/join-records.ts"
import { joinValues } from "../integrate/join-values.ts"
import { parkedItem } from "../integrate/observed.ts"
import { spread } from "../integrate/spread.ts"
import { validate } from "../integrate/validate.ts"

/** What was done, in words; null where the choice does not fit, or why it cannot be done now. */
export function settleMerge(draft: Draft, review: Review, into: string): string | { readonly why: string } | null {
  if (!review.candidates.includes(into)) return null
  const others = review.candidates.filter((id) => id !== into && draft.hasRecord(id) && draft.record(id).deleted === null)
  if (!draft.hasRecord(into) || draft.record(into).deleted !== null) return { why: `${into} is no longer there` }
  for (const id of others) {
    const why = whyNotJoin(draft, into, id)
    if (why !== null) return { why }
  }
  const told = [`merged into ${into}`]
  for (const id of others) {
    const joined = joinRecords(draft, into, id, "a person decided it")
    if (typeof joined === "string") return { why: joined }
    for (const { binding, remoteId } of joined.moved) told.push(`${binding} ${remoteId} re-pointed`)
    for (const { binding, remoteId } of joined.alone) told.push(`${binding} ${remoteId} left alone`)
  }
  const placed = placeItem(draft, review, into)
  return typeof placed === "object" ? placed : [...told, ...(placed === "" ? [] : [placed])].join(", ")
}

function placeItem(draft: Draft, review: Review, into: string): string | { readonly why: string } {
  const { binding: key, remoteId } = review
  const observed = parkedItem(review)
  if (key === null || remoteId === null || observed === null) return ""
  const binding = draft.binding(key)
  const holder = draft.linkByRemote(key, remoteId)
  if (holder !== undefined && holder.state !== "gone") return ""
  const link = draft.linkIn(into, key)
  if (link === undefined || link.remoteId === null || link.state === "gone") {
    if (!tie(draft, binding, into, link, observed)) return { why: `with ${key} ${remoteId} the record would not be valid` }
    const tied = draft.linkByRemote(key, remoteId)
    // it was kept since it was parked, and is read again to be sure
    if (tied !== undefined) draft.putLink({ ...tied, rereadAt: draft.context.now })
    return `${key} ${remoteId} linked`
  }
  const took = draft.attempt(() => {
    const account: Account = { accepted: [], conflicts: [] }
    const { fields, stamps } = readItem(binding, observed, review.openedAt)
    const incoming = Object.entries(fields).flatMap(([field, value]) => {
      const stamp = stamps[field]
      return stamp === undefined ? [] : [{ field, value, stamp, undated: true }]
    })
    joinValues(draft, into, incoming, account)
    if (validate(draft.entity, draft.record(into).fields).refusals.length > 0) return false
    spread(draft, into)
    const changes = [...account.accepted, ...account.conflicts]
    draft.note(
      "merged",
      { recordId: into, binding: key, remoteId },
      `${remoteId} is left alone: ${link.remoteId} is this item there`,
      changes,
    )
    return true
  })
  ignoreItem(draft, binding, remoteId, observed.item)
  return `${key} ${remoteId} left alone${took ? "" : ", its values with it"}`
}
