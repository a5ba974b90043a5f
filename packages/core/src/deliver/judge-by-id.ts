// What a lookup by id says about an update or delete without an answer. Pure: answer in, draft changed.
import type { LookupAnswer, Outcome } from "@syncline/connector"
import { LensFailure, type Binding } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import type { FieldChange } from "../model/journal.ts"
import type { Link } from "../model/link.ts"
import { cutReason } from "../model/admissible.ts"
import { overlay } from "../model/path.ts"
import { equal, isBlank, type JsonObject } from "../model/value.ts"
import type { Draft } from "../integrate/draft.ts"
import { integratePage } from "../integrate/integrate.ts"
import { readsOtherwise } from "../integrate/reads-otherwise.ts"
import { retyped } from "../integrate/retyped.ts"
import type { Session } from "../session/session.ts"
import { isByAddress } from "./same-address.ts"
import { settle } from "./settle.ts"
import { countFound } from "./settled.ts"
import { takeBack } from "./take-back.ts"

/**
 * Whether what is not found there is not there. `doubtful`: nothing else is found either, so it is asked again.
 * `unprovable`: there is nothing else to be asked for.
 */
export type Proof = "proven" | "doubtful" | "unprovable"

export function judgeById(
  session: Session,
  draft: Draft,
  binding: Binding,
  intent: Intent,
  answer: LookupAnswer | undefined,
  { proof, askedAt }: { readonly proof: Proof; readonly askedAt: number },
): void {
  if (answer === undefined) return
  const context = { retryDelaysMs: session.engine.pipeline.retryDelaysMs, random: session.engine.random }
  const link = draft.link(intent.linkId)
  if (link === undefined) return draft.closeIntent(intent)
  const applied = (facts: Omit<Extract<Outcome, { status: "applied" }>, "ref" | "status">): void =>
    countFound(session, binding, intent, settle(draft, binding, intent, { ref: intent.id, status: "applied", ...facts }, false, context))
  // it may still arrive: closed before that, our own late write would be taken for an edit of somebody else, and a late
  // delete for somebody else's delete; compare-and-set keeps only the second of two tries out
  const mayRepeat = askedAt >= intent.settlesAt
  // somebody else may have removed or renamed what had this address, and whoever has it next is not to be met by our late delete
  const mayMeetNext = !mayRepeat && intent.kind === "delete" && intent.undoes === undefined && isByAddress(binding, intent)
  if ("fault" in answer) {
    const missing = answer.fault.class === "notFound" || answer.fault.class === "gone"
    // what an undo may have put back there must not be taken for an edit once the item shows again, and what is only not shown
    // was not deleted
    const isSaid = (intent.undoes === undefined && intent.kind !== "delete") || answer.fault.class === "gone"
    if (missing && !isSaid && (intent.kind === "delete" ? proof !== "proven" : proof === "doubtful")) return
    if (missing && mayMeetNext) return
    // an outage may answer so, and the write arrive when that is over
    if (answer.fault.class === "notFound" && intent.kind === "update" && !mayRepeat) return
    if (missing && intent.kind === "delete") {
      // what it was when it went is not known: no version is newer than that for certain
      draft.putLink({ ...link, version: null })
      applied({ id: intent.remoteId ?? "" })
    } else if (missing) {
      draft.closeIntent(intent)
      draft.putLink({ ...link, rereadAt: draft.context.now })
      // it may have been there when it went: whoever deleted it need not have seen what the undo took away
      takeBack(draft, intent, Object.keys(intent.sent))
    }
    return
  }
  const { found } = answer
  if (found.kind === "delete") {
    // whoever deleted it: what is older than that does not bring it back
    const version = found.version === undefined ? {} : { version: found.version }
    if (mayMeetNext) return
    if (intent.kind === "delete") applied({ id: found.id, ...version })
    else {
      draft.closeIntent(intent)
      takeBack(draft, intent, Object.keys(intent.sent))
      integratePage(draft, binding, [found], { confirmed: true })
    }
    return
  }
  if (intent.kind === "update" && cutReason(found.item) === undefined && appliedIn(binding, intent, found.item)) {
    const { kind: _, ...facts } = found
    return applied(facts)
  }
  if (!mayRepeat) return
  if (intent.undoes !== undefined && cutReason(found.item) === undefined && editedAfter(binding, intent, found.item)) {
    const { kind: _, ...facts } = found
    return applied(facts)
  }
  draft.closeIntent(intent)
  if (intent.undoes === undefined)
    draft.note(
      "retried",
      link,
      `${intent.kind} without an answer was not applied: it is still owed`,
      wentOver(binding, link, intent, found.item),
    )
  else {
    // nor is it known of a field that cannot be read, or is held, and stands here as it was seen last
    const withheld = draft.context.withheld?.(binding.key) ?? []
    takeBack(draft, intent, [...new Set([...touchedIn(binding, link, intent, found.item, true), ...heldOf(intent, withheld)])])
    session.warnings.add(`the undo of ${intent.undoes} was cut off: not all of it was done, and undoing that run again does the rest`)
  }
  // it may have been removed, and added again since
  const left = intent.kind === "delete" && draft.record(intent.recordId).deleted === null ? draft.link(intent.linkId) : undefined
  if (left !== undefined && cutReason(found.item) === undefined && !isTheVeryOne(binding, left, found))
    draft.putLink({ ...left, owed: { ...left.owed, ...retyped(binding, left, found.item) } })
  integratePage(draft, binding, [found], { confirmed: true })
}

/** Whether an item that is there was never away: what is removed there is gone for good, and its stable name is nobody else's ever. */
const isTheVeryOne = ({ spec }: Binding, { secondaryId }: Link, found: { readonly secondary?: string }): boolean =>
  spec.write.delete?.soft !== true && secondaryId !== null && found.secondary === secondaryId

const heldOf = ({ sent }: Intent, withheld: readonly string[]): readonly string[] =>
  Object.keys(sent).filter((name) => withheld.includes(name))

/** Fields that were sent and show no longer what was there before; `unread`: also those that cannot be read, so that nobody can tell. */
const touchedIn = (binding: Binding, link: Link, intent: Intent, item: JsonObject, unread = false): readonly string[] =>
  Object.keys(intent.sent).filter((name) => {
    const field = binding.field(name)
    return field !== undefined && (readsOtherwise(field, link.seen ?? {}, item) ?? unread)
  })

/**
 * What was there, where a field is only written and shows neither that nor what was sent: nobody took it in, and the write
 * may have gone over it before somebody else wrote there.
 */
const wentOver = (binding: Binding, link: Link, intent: Intent, item: JsonObject): readonly FieldChange[] =>
  touchedIn(binding, link, intent, item).flatMap((name) => {
    const field = binding.field(name)
    const before = field?.get(link.seen ?? {})
    const sent = intent.sent[name] ?? null
    if (field?.direction !== "out" || before === undefined || before instanceof LensFailure) return []
    if (isBlank(before) || equal(before, sent)) return []
    return [{ field: name, before, after: sent, lost: before, rule: "direction out: what was sent may have gone over it" }]
  })

/** Whether an item holds what was sent: by its meaning, or path by path where the write had none (an archive mark). */
const appliedIn = (binding: Binding, intent: Intent, item: JsonObject): boolean =>
  equal(overlay(item, intent.set), item) ||
  (Object.keys(intent.sent).length > 0 &&
    Object.entries(intent.sent).every(([name, sent]) => {
      const value = binding.field(name)?.get(item)
      return value !== undefined && !(value instanceof LensFailure) && equal(value, sent)
    }))

/**
 * Whether an item took what was sent, and was edited since: something is as it was sent and was not so before, and nothing
 * that was to change is as it was. What was put back must not be taken for an edit of somebody who wants it so.
 */
function editedAfter(binding: Binding, intent: Intent, item: JsonObject): boolean {
  let isThere = false
  if (intent.kind !== "update" || intent.seen === null) return false
  for (const [name, sent] of Object.entries(intent.sent)) {
    const field = binding.field(name)
    const before = field?.get(intent.seen)
    const shown = field?.get(item)
    if (before === undefined || before instanceof LensFailure || equal(before, sent)) continue
    if (shown === undefined || shown instanceof LensFailure || equal(shown, before)) return false
    if (equal(shown, sent)) isThere = true
  }
  return isThere
}
