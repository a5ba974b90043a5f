// Which record an item that has no link belongs to: one by match keys, a new one, or a question for a person.
import { LensFailure, type Binding } from "../model/pipeline.ts"
import type { Link } from "../model/link.ts"
import type { Fields, Stamp } from "../model/record.ts"
import type { Review } from "../model/review.ts"
import { equal, type Json, type JsonObject } from "../model/value.ts"
import { asRemembered } from "./as-remembered.ts"
import { claimsOf, keysOf } from "./claims.ts"
import { ask, closeReview, hashOfSides } from "./dispute.ts"
import type { Draft } from "./draft.ts"
import { followDead } from "./follow-dead.ts"
import { freeId } from "./locate.ts"
import { meetItem, refusedItem, refuseItem, releaseItem } from "./merge.ts"
import { namesOf, type Observed, stampOf } from "./observed.ts"
import { newLink, spread } from "./spread.ts"
import { succeed } from "./succeed.ts"
import { holdField } from "./unreadable.ts"
import { validate } from "./validate.ts"
import { compareVersions } from "./version-order.ts"

export type Identified = "linked" | "new" | "filtered" | "review" | "quarantine"

/** The canonical values of an item, and the fields that could not be read. */
export function readItem(
  binding: Binding,
  observed: Observed,
  now: number,
): { readonly fields: Fields; readonly stamps: Record<string, Stamp>; readonly failures: ReadonlyMap<string, LensFailure> } {
  const fields: Record<string, Json> = {}
  const stamps: Record<string, Stamp> = {}
  const failures = new Map<string, LensFailure>()
  for (const field of binding.fields) {
    if (field.direction === "out") continue
    const value = field.get(observed.item)
    if (value instanceof LensFailure) {
      failures.set(field.name, value)
      continue
    }
    fields[field.name] = value
    stamps[field.name] = stampOf(field, observed, binding.system, now)
  }
  return { fields, stamps, failures }
}

/** An item that has no link: it finds its record, makes one, waits for a person, or is none of ours. */
export function identifyNew(draft: Draft, binding: Binding, observed: Observed, formerly?: string): void {
  if (identify(draft, binding, observed, formerly) === "filtered") releaseItem(draft, binding.key, observed.id, observed.secondary)
}

/** Finds or makes the record of an unlinked item. `formerly`: the record that it was known for before it was gone. */
export function identify(draft: Draft, binding: Binding, shown: Observed, formerly?: string): Identified {
  if (draft.quarantineEntry(ignoredId(draft, binding, shown.id)) !== undefined) return "filtered"
  const parked = parkedReview(draft, binding, shown.id)
  const observed = asRemembered(draft, binding, shown, parked ?? refusedItem(draft, binding.key, shown.id))
  const { fields } = readItem(binding, observed, draft.context.now)
  const keys = keysOf(draft.entity, fields)
  if (draft.forgotten.leavesAlone(binding.key, namesOf(observed), keys)) return "filtered"
  const candidates = new Set<string>()
  let crowded = false
  for (const { key, value } of keys) {
    const claimants = draft
      .claimantsOf(key, value, binding.key)
      .filter((id) => draft.record(id).deleted === null || isOurs(draft, draft.linkIn(id, binding.key), fields))
    // two claimants of one key identify nobody
    if (claimants.length > 1) crowded = true
    for (const id of claimants) candidates.add(id)
  }
  const only = candidates.size > 1 || crowded ? asItShows(draft, binding, [...candidates], fields) : undefined
  if ((candidates.size > 1 || crowded) && only === undefined) {
    const ids = [...candidates].sort()
    park(
      draft,
      binding,
      observed,
      parked,
      "ambiguous",
      ids,
      `${ids.length} records could be meant by ${binding.key} ${observed.id}: same ${keys.map((k) => k.key).join(" or ")}`,
      formerly,
    )
    return "review"
  }
  const [recordId] = only === undefined ? candidates : [only]
  if (recordId === undefined) {
    const made = makeRecord(draft, binding, observed)
    if (parked !== undefined && made !== "quarantine") closeReview(draft, parked, "withdrawn", "nothing else claims its keys any more")
    return made
  }
  const link = draft.linkIn(recordId, binding.key)
  const intent = link === undefined ? undefined : draft.intent(link.id)
  if (link !== undefined && isBeforeEnd(binding, link, observed)) return "filtered"
  if (link !== undefined && link.remoteId !== null && link.state !== "gone") {
    park(
      draft,
      binding,
      observed,
      parked,
      "duplicate",
      [recordId],
      `a second item in ${binding.key} for one ${draft.entity.name}: ${observed.id} beside ${link.remoteId}`,
      formerly,
    )
    return "review"
  }
  const own = intent?.kind === "create" ? intent : undefined
  if (own !== undefined && link !== undefined && draft.record(recordId).deleted !== null) {
    freeId(draft, binding.key, observed)
    followDead(draft, binding, link, own, observed, Object.keys(own.sent))
    if (parked !== undefined) closeReview(draft, parked, "withdrawn", "it was made for a record that is no more")
    return "linked"
  }
  const linked = tie(draft, binding, recordId, link, observed, own?.sent ?? {})
  // refused or not, it is the record's item now: the create must not be sent once more
  if (own !== undefined) {
    draft.closeIntent(own)
    for (const review of draft.reviews(recordId)) {
      if (review.kind === "unknown_write" && review.linkId === link?.id) closeReview(draft, review, "withdrawn", "the item was found")
    }
  }
  if (linked && parked !== undefined) closeReview(draft, parked, "withdrawn", "it now belongs to one record")
  return linked ? "linked" : "quarantine"
}

/** A late copy of the item that the record had here before: what takes its place is still to come. */
function isBeforeEnd({ spec }: Binding, link: Link, { version }: Observed): boolean {
  const order = link.remoteId === null ? compareVersions(spec, version, link.version) : null
  return order === "older" || order === "same"
}

/** The one candidate that has no item here and is what the item shows, in every value: a create of ours, say, that a power cut undid. */
function asItShows(draft: Draft, binding: Binding, candidates: readonly string[], fields: Fields): string | undefined {
  const alike = candidates.filter((id) => {
    const link = draft.linkIn(id, binding.key)
    const lacks = link === undefined || link.remoteId === null || link.state === "gone"
    return lacks && Object.entries(fields).every(([name, value]) => equal(value, draft.record(id).fields[name] ?? null))
  })
  return alike.length === 1 ? alike[0] : undefined
}

/** Whether an item is what a create of ours without an answer would have made, in every value. */
function isOurs(draft: Draft, link: Link | undefined, fields: Fields): boolean {
  const intent = link === undefined ? undefined : draft.intent(link.id)
  return intent?.kind === "create" && Object.entries(intent.sent).every(([name, sent]) => !(name in fields) || equal(fields[name], sent))
}

/** Links an existing item to an existing record and lets them meet. */
export function tie(
  draft: Draft,
  binding: Binding,
  recordId: string,
  pending: Link | undefined,
  observed: Observed,
  sent: Fields = {},
): boolean {
  const { now } = draft.context
  const link =
    pending === undefined ? newLink(draft, recordId, binding, {}) : pending.state === "gone" ? succeed(draft, binding, pending) : pending
  const carried = Object.fromEntries(
    binding.fields.filter((field) => field.direction !== "in").map((field) => [field.name, link.owed[field.name] ?? []]),
  )
  freeId(draft, binding.key, observed)
  draft.putLink({ ...link, owed: carried as Link["owed"], owes: null, remoteId: observed.id, secondaryId: observed.secondary, dueAt: now })
  draft.note(
    "linked",
    { recordId, binding: binding.key, remoteId: observed.id },
    `same ${draft.entity.match.map((names) => names.join("+")).join(" or ")}`,
  )
  return meetItem(draft, binding, link.id, observed, sent)
}

/** A record of its own for an item that nothing claims. */
export function makeRecord(draft: Draft, binding: Binding, observed: Observed): Identified {
  const { fields, stamps, failures } = readItem(binding, observed, draft.context.now)
  const belongs = binding.accepts(fields, true)
  if (belongs === false) return "filtered"
  const { refusals, warnings } = validate(draft.entity, fields)
  const unreadable = [...failures].map(([name, failure]) => `${name}: ${failure.message}`)
  if (refusals.length > 0 || belongs instanceof LensFailure) {
    const reasons = [...refusals, ...unreadable, ...(belongs instanceof LensFailure ? [belongs.message] : [])]
    refuseItem(draft, binding, observed, reasons.join("; "), null)
    return "quarantine"
  }
  freeId(draft, binding.key, observed)
  const id = draft.context.nextId("rec")
  draft.putRecord({ id, entity: draft.entity.name, fields, stamps, deleted: null })
  const link = newLink(draft, id, binding, {
    remoteId: observed.id,
    secondaryId: observed.secondary,
    seen: binding.project(observed.item),
    version: observed.version,
    seenAt: draft.context.now,
  })
  draft.putLink(link)
  draft.putClaims(id, claimsOf(draft.entity, fields, id))
  for (const [name, failure] of failures) holdField(draft, link, name, failure, observed.item)
  draft.note("record_new", link, warnings.length > 0 ? `warning: ${warnings.join("; ")}` : null)
  // fields that are only written here, and not yet as they should be, are owed from the start
  spread(draft, id)
  releaseItem(draft, binding.key, observed.id, observed.secondary)
  return "new"
}

const ignoredId = (draft: Draft, binding: Binding, remoteId: string): string => `i_${draft.entity.name}/${binding.key}/${remoteId}`

/** A person decided to leave an item alone: it stays listed, so that the decision can be taken back by dropping it. */
export function ignoreItem(draft: Draft, binding: Binding, remoteId: string, item: JsonObject): void {
  draft.quarantine({
    id: ignoredId(draft, binding, remoteId),
    entity: draft.entity.name,
    binding: binding.key,
    recordId: null,
    linkId: null,
    remoteId,
    field: null,
    direction: "in",
    reason: "left alone by decision",
    item,
    version: null,
    since: draft.context.now,
  })
}

const parkedReview = (draft: Draft, binding: Binding, remoteId: string): Review | undefined =>
  draft.openReviews().find((review) => review.item !== null && review.binding === binding.key && review.remoteId === remoteId)

function park(
  draft: Draft,
  binding: Binding,
  observed: Observed,
  parked: Review | undefined,
  kind: "ambiguous" | "duplicate",
  candidates: readonly string[],
  message: string,
  formerly: string | undefined,
): void {
  const item = observed.item
  if (parked !== undefined) {
    if (parked.kind === kind && parked.candidates.join() === candidates.join()) {
      const version = observed.version === null ? {} : { version: observed.version }
      const isNews = !equal(parked.item, item) || compareVersions(binding.spec, observed.version, parked.version ?? null) === "newer"
      if (isNews) draft.putReview({ ...parked, ...version, item, hash: hashOfSides(parked.sides, item) })
      return
    }
    closeReview(draft, parked, "withdrawn", "its keys moved")
  }
  ask(draft, {
    kind,
    message,
    recordId: kind === "duplicate" ? (candidates[0] ?? null) : null,
    binding: binding.key,
    remoteId: observed.id,
    item,
    secondary: observed.secondary,
    version: observed.version,
    candidates,
    formerly: formerly ?? parked?.formerly,
  })
}
