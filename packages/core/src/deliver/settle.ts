// The outcome of a write is merged into what is known, item by item. Pure: outcome in, draft changed.
import type { Outcome } from "@syncline/connector"
import { LensFailure, type Binding } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import { passingIdKey } from "../model/forgotten-id.ts"
import { ARCHIVED, MAY_HAVE_MET, MET } from "../model/journal.ts"
import type { Link } from "../model/link.ts"
import { alike, equal, type Json } from "../model/value.ts"
import { ask } from "../integrate/dispute.ts"
import type { Draft } from "../integrate/draft.ts"
import { follow, without } from "../integrate/edit.ts"
import { keepApart } from "../integrate/keep-apart.ts"
import { freeId, loseId } from "../integrate/locate.ts"
import { markedFields } from "../integrate/archive-marks.ts"
import { meetItem, mergeItem } from "../integrate/merge.ts"
import { observe, type Observed } from "../integrate/observed.ts"
import { NOT_SHOWN } from "../integrate/refusal.ts"
import { holdNotShown, notShown, withSeen } from "./not-shown.ts"
import { leaveOpen } from "./leave-open.ts"
import { asDeclared } from "./normalised.ts"
import { changesOf } from "./planned.ts"
import { settleDelete } from "./settle-delete.ts"
import { settleFailure, settleUndo, type SettleContext } from "./settle-failure.ts"
import { isAnothers, settleElsewhere } from "./settle-elsewhere.ts"
import type { Settled } from "./settled.ts"
import { takeBack } from "./take-back.ts"
import { isDoomed, takeOver } from "./take-over.ts"
import { withDelivered } from "../integrate/with-delivered.ts"

/** `atomic`: the item in the outcome is the answer to this very write, not a later read. */
export function settle(draft: Draft, binding: Binding, intent: Intent, outcome: Outcome, atomic: boolean, context: SettleContext): Settled {
  const link = draft.link(intent.linkId)
  if (link === undefined) throw new Error(`link ${intent.linkId} is gone while its intent ${intent.id} is open`)
  switch (outcome.status) {
    case "applied":
      draft.closeIntent(intent)
      return intent.kind === "delete"
        ? settleDelete(draft, binding, { ...link, version: outcome.version ?? link.version }, true)
        : settleWrite(draft, binding, link, intent, outcome, atomic)
    case "unknown":
      return leaveOpen(draft, binding, link, intent, outcome.fault)
    case "failed":
      return intent.undoes === undefined || intent.kind === "create"
        ? settleFailure(draft, binding, link, intent, outcome.fault, context)
        : settleUndo(draft, binding, link, intent, outcome.fault)
  }
}

function settleWrite(
  draft: Draft,
  binding: Binding,
  link: Link,
  intent: Intent,
  outcome: Extract<Outcome, { status: "applied" }>,
  atomic: boolean,
): Settled {
  const returnedItem = outcome.item ?? null
  if (returnedItem === null) throw new Error(`the outcome of ${intent.id} carries no item: it must be read back first`)
  const missing = notShown(draft, binding, link, intent, returnedItem)
  const item = withSeen(binding, link, missing, returnedItem)
  const observed = observe({ ...outcome, item })
  if (isAnothers(link, intent, observed)) return settleElsewhere(draft, binding, link, intent, observed, atomic)
  const settled = new Map<string, Json>()
  const delivered: string[] = []
  let { owed, means } = link
  const record = draft.record(link.recordId)
  const isArchive = intent.kind === "update" && Object.keys(intent.sent).length === 0
  const sentThere = isArchive ? markedFields(binding, link.seen) : intent.sent
  for (const [name, sent] of Object.entries(sentThere)) {
    if (missing.includes(name)) continue
    const field = binding.field(name)
    const returned = field?.get(item)
    if (field === undefined || returned === undefined || returned instanceof LensFailure) continue
    const same = alike(returned, sent)
    const ours = same || atomic || asDeclared(binding.spec, field, intent.set, item)
    settled.set(name, ours ? returned : sent)
    if (ours) delivered.push(name)
    const { [name]: _, ...rest } = means
    means = ours && !same ? { ...rest, [name]: sent } : rest
    owed = equal(record.fields[name], sent) ? without(owed, name) : { ...owed, [name]: [sent] }
  }
  const kind = intent.kind === "create" ? "created" : "updated"
  draft.note(
    kind,
    { recordId: link.recordId, binding: link.binding, remoteId: outcome.id },
    // marks are of no field, and say so themselves, whatever became of the record since they were sent
    isArchive ? ARCHIVED : intent.kind === "create" ? madeOrMet(binding, outcome.met) : missing.length > 0 ? NOT_SHOWN : null,
    changesOf(draft, binding, intent).filter(({ field }) => !missing.includes(field)),
  )
  const secondaryId = observed.secondary ?? link.secondaryId
  if (!takeId(draft, binding, link, outcome.id, observed.secondary)) return "refused"
  const known: Link = { ...link, remoteId: outcome.id, secondaryId, owed, means, dueAt: null, attempts: 0, blocked: null }
  if (link.owes !== null || record.deleted !== null) {
    // an update that was under way when the record went is no archive
    const archived = link.owes === "archive" && isArchive
    const shown = binding.project(item)
    // nothing is merged any more, so nothing but what we wrote is taken: an edit beside it must be found before the delete
    const seen = archived || (intent.kind === "create" && atomic) ? shown : withDelivered(binding, link, delivered, shown)
    draft.putLink({
      ...known,
      seen,
      version: observed.version,
      seenAt: draft.context.now,
      rereadAt: equal(seen, shown) ? link.rereadAt : draft.context.now,
      state: archived ? "kept" : link.state,
      owes: archived ? null : link.owes,
      owed: archived ? {} : owed,
      // what the marks stand on still means what the record said when it ended
      means: archived
        ? { ...means, ...Object.fromEntries(Object.keys(sentThere).map((name) => [name, record.fields[name] ?? null])) }
        : means,
    })
    return kind
  }
  draft.putLink(known)
  const merged =
    intent.kind === "create"
      ? meetItem(draft, binding, link.id, observed, intent.sent, settled)
      : mergeItem(draft, binding, link.id, observed, settled)
  if (!merged) takeDeliveredOnly(draft, binding, link.id, delivered, observed)
  // it says by now what we wrote there, the record's value or one since overtaken: a question that quotes what it said before
  // is asked without it
  for (const name of delivered) follow(draft, link.recordId, name)
  holdNotShown(draft, binding, link.id, intent, missing, returnedItem)
  // what an undo wrote and the system did not take was not put back: nothing is asked about it
  if (intent.undoes !== undefined && missing.length > 0)
    takeBack(draft, { ...intent, sent: Object.fromEntries(missing.map((name) => [name, intent.sent[name] ?? null])) })
  // something was seen while the write was open: it is looked at again
  const present = draft.link(link.id)
  if (present !== undefined && link.rereadAt !== null) draft.putLink({ ...present, rereadAt: draft.context.now })
  return kind
}

/**
 * An id that somebody had before: a tombstone gives it up, and so does whoever had it before it went over to an item that we
 * gave it ourselves, where ids change. Any other that a living link holds means that the system answered with another record's
 * item: nothing is tied to it without a person.
 */
function takeId(draft: Draft, binding: Binding, link: Link, remoteId: string, secondary: string | null): boolean {
  freeId(draft, binding.key, { id: remoteId, secondary }, link.id)
  const owner = secondary === null ? undefined : draft.linkBySecondary(binding.key, secondary)
  const holder = owner !== undefined && owner.id !== link.id ? owner : draft.linkByRemote(binding.key, remoteId)
  const former = link.remoteId === null && revives(binding) ? [{ key: passingIdKey(binding.key), value: remoteId }] : []
  if (holder === undefined && draft.forgotten.leavesAlone(binding.key, { remoteId, secondaryId: secondary }, former)) {
    keepApart(draft, link)
    return false
  }
  if (holder === undefined || holder.id === link.id) return true
  if (isDoomed(draft, holder) && draft.intent(holder.id) === undefined) {
    takeOver(draft, holder, link)
    return true
  }
  if (link.remoteId !== null && link.remoteId !== remoteId && !binding.spec.id.stable) {
    loseId(draft, holder)
    return true
  }
  // its key is used up: under the same one it would be answered with that item for ever
  if (link.remoteId === null) draft.putLink({ ...link, generation: link.generation + 1 })
  ask(draft, {
    kind: "unique_clash",
    message: `${binding.key} answered a write with the item ${remoteId}, which belongs to another record`,
    link,
  })
  return false
}

/** Whether a create may bring back, under an id made from an address, what was only archived: with all that it held. */
const revives = ({ spec }: Binding): boolean => !spec.id.stable && (spec.write.delete === undefined || spec.write.delete.soft === true)

/** What a create came to, in a word for the journal where it may not have made anything. */
const madeOrMet = (binding: Binding, met: boolean | undefined): string | null =>
  met === true ? MET : met === undefined && binding.spec.write.create?.idempotent === "naturalKey" ? MAY_HAVE_MET : null

/**
 * What else the answer held leads to an invalid record and is in quarantine; what we wrote is settled all the same. A field
 * that shows something else by now was edited since: that is in quarantine too, and `seen` does not know it yet. Whatever
 * is older than this answer tells nothing new.
 */
function takeDeliveredOnly(draft: Draft, binding: Binding, linkId: string, delivered: readonly string[], observed: Observed): void {
  const link = draft.link(linkId)
  if (link === undefined) return
  draft.putLink({ ...link, seen: withDelivered(binding, link, delivered, binding.project(observed.item)), version: observed.version })
}
