// The outcome of a write is merged into what is known, item by item. Pure: outcome in, draft changed.
import type { Fault, Outcome } from "@syncline/connector"
import { LensFailure, type Binding } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import type { Link } from "../model/link.ts"
import { segmentsOf, valueAt, withValues } from "../model/path.ts"
import { equal, type Json, type JsonObject } from "../model/value.ts"
import { ask } from "../integrate/dispute.ts"
import type { Draft } from "../integrate/draft.ts"
import { without } from "../integrate/edit.ts"
import { meetItem, mergeItem } from "../integrate/merge.ts"
import { observe } from "../integrate/observed.ts"
import { sendable } from "../integrate/hold.ts"
import { refuseWrite } from "../integrate/refusal.ts"
import { giveUpId, orphanId } from "../integrate/locate.ts"
import { revived } from "../integrate/spread.ts"
import { retryDelayMs } from "./retry-delay.ts"
import { asDeclared } from "./normalised.ts"
import { changesOf } from "./planned.ts"

export interface SettleContext {
  readonly retryDelaysMs: readonly number[]
  readonly random: () => number
}

/** `trimmed`: a part was refused and the rest goes without it, at once. */
export type Settled = "created" | "updated" | "deleted" | "postponed" | "refused" | "trimmed" | "open"

/** `atomic`: the item in the outcome is the answer to this very write, not a later read. */
export function settle(draft: Draft, binding: Binding, intent: Intent, outcome: Outcome, atomic: boolean, context: SettleContext): Settled {
  const link = draft.link(intent.linkId)
  if (link === undefined) throw new Error(`link ${intent.linkId} is gone while its intent ${intent.id} is open`)
  switch (outcome.status) {
    case "applied":
      draft.closeIntent(intent)
      return intent.kind === "delete" ? settleDelete(draft, binding, link) : settleWrite(draft, binding, link, intent, outcome, atomic)
    case "unknown":
      return leaveOpen(draft, binding, link, intent, outcome.fault)
    case "failed":
      return settleFailure(draft, binding, link, intent, outcome.fault, context)
  }
}

/** Nobody knows whether it happened: the intent stays open until that is found out. */
export function leaveOpen(draft: Draft, binding: Binding, link: Link, intent: Intent, fault: Fault): "open" {
  const horizonMs = Math.max(binding.spec.write[intent.kind]?.horizonMs ?? 0, binding.spec.read.lagMs.byId)
  draft.openIntent({ ...intent, unanswered: true, settlesAt: draft.context.now + horizonMs })
  draft.note("unanswered", link, `${intent.kind}: ${fault.message}`)
  return "open"
}

function settleDelete(draft: Draft, binding: Binding, link: Link): Settled {
  const record = draft.record(link.recordId)
  draft.note(
    "removed",
    link,
    record.deleted === null ? "it no longer belongs there" : `deleted in ${record.deleted.system}: ${record.deleted.proof}`,
  )
  const gone: Link = { ...link, state: "gone", owed: {}, owes: null, seenAt: draft.context.now, rereadAt: null }
  // revived while the delete was under way: the item is made anew, and its loss is nobody's wish
  draft.putLink(record.deleted === null && link.owes === null ? revived(gone, binding, draft.context.now) : gone)
  return "deleted"
}

function settleWrite(
  draft: Draft,
  binding: Binding,
  link: Link,
  intent: Intent,
  outcome: Extract<Outcome, { status: "applied" }>,
  atomic: boolean,
): Settled {
  const item = outcome.item ?? null
  if (item === null) throw new Error(`the outcome of ${intent.id} carries no item: it must be read back first`)
  const observed = observe({ ...outcome, item })
  const settled = new Map<string, Json>()
  let { owed, means } = link
  const record = draft.record(link.recordId)
  for (const [name, sent] of Object.entries(intent.sent)) {
    const field = binding.field(name)
    const returned = field?.get(item)
    if (field === undefined || returned === undefined || returned instanceof LensFailure) continue
    const same = equal(returned, sent)
    const ours = same || atomic || asDeclared(binding.spec, field, intent.set, item)
    settled.set(name, ours ? returned : sent)
    const { [name]: _, ...rest } = means
    means = ours && !same ? { ...rest, [name]: sent } : rest
    owed = equal(record.fields[name], sent) ? without(owed, name) : { ...owed, [name]: [sent] }
  }
  const kind = intent.kind === "create" ? "created" : "updated"
  draft.note(
    kind,
    { recordId: link.recordId, binding: link.binding, remoteId: outcome.id },
    link.owes === "archive" ? "archived: the record was deleted" : null,
    changesOf(draft, binding, intent),
  )
  const secondaryId = observed.secondary ?? link.secondaryId
  if (!takeId(draft, binding, link, outcome.id, observed.secondary)) return "refused"
  const known: Link = { ...link, remoteId: outcome.id, secondaryId, owed, means, dueAt: null, attempts: 0, blocked: null }
  if (link.owes !== null || record.deleted !== null) {
    const archived = link.owes === "archive"
    draft.putLink({
      ...known,
      seen: binding.project(item),
      version: observed.version,
      seenAt: draft.context.now,
      state: archived ? "kept" : link.state,
      owes: archived ? null : link.owes,
      owed: archived ? {} : owed,
    })
    return kind
  }
  draft.putLink(known)
  const merged =
    intent.kind === "create"
      ? meetItem(draft, binding, link.id, observed, intent.sent, settled)
      : mergeItem(draft, binding, link.id, observed, settled)
  if (!merged) takeDeliveredOnly(draft, binding, link.id, intent, item)
  // something was seen while the write was open: it is looked at again
  const present = draft.link(link.id)
  if (present !== undefined && link.rereadAt !== null) draft.putLink({ ...present, rereadAt: draft.context.now })
  return kind
}

/**
 * An id that somebody had before: a tombstone gives it up. One that a living link holds means that the system answered
 * with another record's item: nothing is tied to it without a person.
 */
function takeId(draft: Draft, binding: Binding, link: Link, remoteId: string, secondary: string | null): boolean {
  const owner = secondary === null ? undefined : draft.linkBySecondary(binding.key, secondary)
  const known = draft.linkByRemote(binding.key, remoteId)
  if (
    known !== undefined &&
    known.id !== link.id &&
    known.state !== "gone" &&
    known.secondaryId !== null &&
    known.secondaryId !== secondary
  ) {
    // whoever had this id has another by now: it is found by the one that stays
    draft.putLink({ ...known, remoteId: orphanId(known), rereadAt: draft.context.now })
  }
  const holder = owner !== undefined && owner.id !== link.id ? owner : draft.linkByRemote(binding.key, remoteId)
  if (holder === undefined || holder.id === link.id) return true
  if (holder.state === "gone") {
    giveUpId(draft, holder)
    return true
  }
  if (isDoomed(draft, holder) && draft.intent(holder.id) === undefined) {
    takeOver(draft, holder, link)
    return true
  }
  ask(draft, {
    kind: "unique_clash",
    message: `${binding.key} answered a write with the item ${remoteId}, which belongs to another record`,
    link,
  })
  return false
}

const isDoomed = (draft: Draft, holder: Link): boolean => holder.owes === "delete" || draft.record(holder.recordId).deleted !== null

/** The item of a record that is no more goes over to the one that has its key now: its delete is called off. */
function takeOver(draft: Draft, holder: Link, link: Link): void {
  draft.putLink({ ...holder, state: "gone", owes: null, owed: {}, remoteId: orphanId(holder), secondaryId: null })
  draft.note("unlinked", holder, `the item goes over to record ${link.recordId}, which has its key now`)
}

/** What else the answer held leads to an invalid record and is in quarantine; what we wrote is settled all the same. */
function takeDeliveredOnly(draft: Draft, binding: Binding, linkId: string, intent: Intent, item: JsonObject): void {
  const link = draft.link(linkId)
  if (link === undefined) return
  const projected = binding.project(item)
  const paths = Object.keys(intent.sent).flatMap((name) => binding.field(name)?.reads ?? [])
  const seen = withValues(link.seen, Object.fromEntries(paths.map((path) => [path, valueAt(projected, segmentsOf(path))])))
  draft.putLink({ ...link, seen })
}

/** Faults that are about the call, not about what it asked for. */
const SAYS_NOTHING: readonly Fault["class"][] = ["transient", "rateLimited", "auth", "cursorExpired"]

function settleFailure(draft: Draft, binding: Binding, link: Link, intent: Intent, fault: Fault, context: SettleContext): Settled {
  // this try did not get through; an earlier one under the same key may have, or still may
  if (intent.unanswered && SAYS_NOTHING.includes(fault.class)) return "open"
  draft.closeIntent(intent)
  const { now } = draft.context
  const attempts = link.attempts + 1
  const later = (delayMs: number): Settled => {
    draft.putLink({ ...link, attempts, dueAt: now + delayMs })
    return "postponed"
  }
  const delayMs = retryDelayMs(context.retryDelaysMs, attempts, context.random())
  switch (fault.class) {
    case "transient":
    case "rateLimited":
    case "auth":
    case "cursorExpired":
      draft.note("refused", link, `${intent.kind} did not go through, it stays owed: ${fault.message}`)
      return later(Math.max(delayMs, fault.retryAfterMs ?? 0))
    case "unknown":
      return leaveOpen(draft, binding, link, intent, fault)
    case "conflict":
      // never a blind retry: look first, merge, plan anew
      draft.putLink({ ...link, attempts, rereadAt: now })
      return "postponed"
    case "notFound":
    case "gone":
      if (intent.kind === "delete") return settleDelete(draft, binding, link)
      if (intent.kind === "create") return later(delayMs)
      draft.putLink({ ...link, attempts, rereadAt: now })
      return "postponed"
    case "duplicate":
      return settleClash(draft, binding, link, intent, fault, later, delayMs)
    case "invalid":
    case "forbidden":
      return settleRefusal(draft, binding, link, intent, fault)
  }
}

function settleRefusal(draft: Draft, binding: Binding, link: Link, intent: Intent, fault: Fault): Settled {
  const named = Object.keys(fault.fields ?? {})
  const bad = Object.keys(intent.sent).filter((name) =>
    binding.field(name)?.writes.some((path) => named.some((remote) => remote === path || path.startsWith(`${remote}.`))),
  )
  const keyFields = new Set(draft.entity.match.flat())
  const canGoOn =
    bad.length > 0 && bad.length < Object.keys(intent.sent).length && !(intent.kind === "create" && bad.some((name) => keyFields.has(name)))
  const single = intent.kind === "update" && bad.length > 0
  if (!canGoOn && !single) {
    refuseWrite(draft, link, intent, null, fault.message)
    return "refused"
  }
  for (const name of bad) {
    const path = binding.field(name)?.writes.find((candidate) => fault.fields?.[candidate] !== undefined)
    refuseWrite(draft, draft.link(link.id) ?? link, intent, name, (path === undefined ? undefined : fault.fields?.[path]) ?? fault.message)
  }
  // the rest is sent again without them
  const present = draft.link(link.id) ?? link
  draft.putLink({ ...present, dueAt: draft.context.now })
  return "trimmed"
}

/** A unique value is taken. By an item of nobody: it is adopted. By another record's: that one goes first, or a person decides. */
function settleClash(
  draft: Draft,
  binding: Binding,
  link: Link,
  intent: Intent,
  fault: Fault,
  later: (delayMs: number) => Settled,
  delayMs: number,
): Settled {
  const { now } = draft.context
  const holder = fault.existingId === undefined ? undefined : draft.linkByRemote(binding.key, fault.existingId)
  const alive = draft.record(link.recordId).deleted === null
  if (intent.kind === "create" && fault.existingId !== undefined && alive) {
    const mayTake = holder === undefined || holder.state === "gone" || isDoomed(draft, holder)
    // a delete of the holder is under way: it frees the key, or its answer tells more
    if (mayTake && holder !== undefined && draft.intent(holder.id) !== undefined) return later(0)
    if (mayTake) {
      if (holder !== undefined) takeOver(draft, holder, link)
      draft.putLink({ ...link, remoteId: fault.existingId, secondaryId: null, seen: null, rereadAt: now })
      draft.note(
        "linked",
        { recordId: link.recordId, binding: binding.key, remoteId: fault.existingId },
        "it exists already under the same key",
      )
      return "postponed"
    }
  }
  const keyFields = Object.keys(intent.sent).filter((name) =>
    binding.field(name)?.writes.some((path) => binding.spec.keys.some((key) => key.unique && key.paths.includes(path))),
  )
  // one that is going, or about to change this key itself, frees it; one that waits for a person does not
  const holderMoves = holder !== undefined && (isDoomed(draft, holder) || keyFields.some((name) => sendable(draft, holder).includes(name)))
  if (holderMoves && link.attempts < MAX_WAITS_FOR_KEY) return later(delayMs)
  const field = intent.kind === "update" ? (keyFields[0] ?? null) : null
  const stamp = (field === null ? undefined : draft.record(link.recordId).stamps[field]) ?? {
    system: "unknown",
    at: now,
    certainty: "observed" as const,
  }
  ask(draft, {
    kind: "unique_clash",
    message: `${binding.key} already has another item with this ${keyFields.join(", ") || "key"}${fault.existingId === undefined ? "" : ` (${fault.existingId})`}`,
    link,
    field,
    sides: field === null ? [] : [{ system: stamp.system, linkId: null, value: intent.sent[field] ?? null, stamp }],
  })
  return "refused"
}

/** How often a write waits for another record to give up the key it needs. */
const MAX_WAITS_FOR_KEY = 3
