// An item that no link knows: why that is so. Pure.
import { cutReason } from "../model/admissible.ts"
import { LensFailure, type Binding, type Entity } from "../model/pipeline.ts"
import { namesKeys } from "../model/forgotten-id.ts"
import type { Loaded } from "../model/loaded.ts"
import { keysOf } from "../integrate/claims.ts"
import { readItem } from "../integrate/identify.ts"
import { namesOf, type Observed } from "../integrate/observed.ts"
import type { Cause, Reason } from "./difference.ts"
import { itemHold } from "./holds.ts"

export type Unlinked =
  | { readonly reason: Reason }
  | { readonly cause: Cause; readonly note: string; readonly recordId: string | null; readonly label: string | null }

export function judgeUnlinked(entity: Entity, binding: Binding, observed: Observed, loaded: Loaded, now: number): Unlinked {
  const { fields, failures } = readItem(binding, observed, now)
  const keys = keysOf(entity, fields)
  const forgotten = new Set((loaded.forgotten ?? []).map(({ key, value }) => JSON.stringify([key, value])))
  if ([...keys, ...namesKeys(binding.key, namesOf(observed))].some(({ key, value }) => forgotten.has(JSON.stringify([key, value]))))
    return { reason: "forgotten" }
  const label = keys[0] === undefined ? null : labelOf(keys[0].value)
  const { review, entry } = itemHold(loaded, binding.key, observed.id)
  if (entry?.id.startsWith("i_") === true) return { reason: "ignored" }
  if (review !== null) return { cause: "held", note: `review ${review.id}: ${review.message}`, recordId: review.recordId, label }
  if (entry !== null) return { cause: "held", note: `in quarantine: ${entry.reason}`, recordId: entry.recordId, label }
  const cut = cutReason(observed.item)
  if (cut !== undefined) return { cause: "mapping", note: `it cannot be read: ${cut}`, recordId: null, label }
  const alive = new Set(loaded.records.filter((record) => record.deleted === null).map((record) => record.id))
  const candidates = new Set(
    keys.flatMap(({ key, value }) =>
      loaded.claims
        .filter((claim) => claim.key === key && claim.value === value && alive.has(claim.recordId))
        .map((claim) => claim.recordId),
    ),
  )
  const [recordId] = candidates
  if (recordId === undefined) {
    const belongs = binding.accepts(fields, true)
    if (belongs === false) return { reason: "filter" }
    const unreadable = [...failures].map(([name, failure]) => `${name}: ${failure.message}`)
    if (belongs instanceof LensFailure) unreadable.push(belongs.message)
    if (unreadable.length > 0) return { cause: "mapping", note: `it cannot be read: ${unreadable.join("; ")}`, recordId: null, label }
    return { cause: "never_synced", note: "no record stands for this item", recordId: null, label }
  }
  const own = loaded.links.find((link) => link.recordId === recordId && link.binding === binding.key)
  if (candidates.size === 1 && own !== undefined && own.remoteId !== null && own.state !== "gone")
    return { cause: "extra", note: `a second item beside ${own.remoteId}`, recordId, label }
  return { cause: "never_synced", note: "the item has the keys of a record and is not tied to it", recordId, label }
}

/** Keys are canonical text: `["jane@x.com"]`. */
function labelOf(value: string): string {
  const parsed: unknown = JSON.parse(value)
  return Array.isArray(parsed) ? parsed.map(String).join(" ") : String(parsed)
}
