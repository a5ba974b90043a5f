// One page of actions becomes questions, holds and intents, durable before anything is sent. Pure: draft in, draft changed.
import { LensFailure, type Binding } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import type { Side } from "../model/review.ts"
import { withValues } from "../model/path.ts"
import { equal, type Json, type JsonObject } from "../model/value.ts"
import { authorOf } from "../model/record.ts"
import { keysOf } from "../integrate/claims.ts"
import { addSide, ask, dispute, disputeOf } from "../integrate/dispute.ts"
import type { Draft } from "../integrate/draft.ts"
import { owedSince } from "../integrate/owed-since.ts"
import { place, reclaim } from "../integrate/spread.ts"
import { owesEverything, succeed } from "../integrate/succeed.ts"
import { livingAgain } from "../integrate/archive-marks.ts"
import { holdItem } from "../integrate/item-hold.ts"
import { isTakenBack } from "../integrate/refusal.ts"
import { isOnItsOwn } from "../integrate/remove.ts"
import { type Epoch, open, prepare } from "../deliver/prepare.ts"
import type { UndoAction } from "./action.ts"

/** Opens what one record's actions come to. */
export function carryOut(draft: Draft, actions: readonly UndoAction[], undone: string, epoch: Epoch): readonly Intent[] {
  const intents: Intent[] = []
  const byLink = Map.groupBy(actions, (action) => action.linkId ?? "")
  revive(
    draft,
    actions.filter((action) => action.kind === "recreate"),
    undone,
  )
  for (const [linkId, own] of byLink) {
    const link = draft.link(linkId)
    if (link === undefined) continue
    const binding = draft.binding(link.binding)
    for (const action of own) if (action.kind === "ask") askAbout(draft, action, undone)
    const restores = own.filter((action) => action.kind === "restore")
    const intent = own.some((action) => action.kind === "remove")
      ? remove(draft, linkId, undone, epoch)
      : own.some((action) => action.kind === "recreate")
        ? prepare(draft, binding, draft.link(linkId) ?? link, epoch)
        : restore(draft, binding, linkId, restores, undone, epoch)
    if (intent !== null) intents.push(intent)
  }
  return intents
}

function askAbout(draft: Draft, action: Extract<UndoAction, { kind: "ask" }>, undone: string): void {
  const record = draft.record(action.recordId)
  const stamp = authorOf(record, action.field)
  // one question a field, however many systems the run wrote it to
  const open = disputeOf(draft, action.recordId, action.field)
  if (open !== undefined) return addSide(draft, open, undoSide(draft, action.before))
  ask(draft, {
    kind: "conflict",
    message: `${action.field} in ${action.binding}: ${undone} is to be undone, but ${action.why}`,
    link: (action.linkId === null ? undefined : draft.link(action.linkId)) ?? null,
    field: action.field,
    sides: [{ system: stamp.system, linkId: null, value: action.now, stamp }, undoSide(draft, action.before)],
  })
}

const undoSide = (draft: Draft, value: Json): Side => ({
  system: "undo",
  linkId: null,
  value,
  stamp: { system: "undo", at: draft.context.now, certainty: "human" },
})

type Restore = Extract<UndoAction, { kind: "restore" }>

/** The old values as one update; what the record says is disputed from now on, so that no run writes it there again. */
function restore(draft: Draft, binding: Binding, linkId: string, actions: readonly Restore[], undone: string, epoch: Epoch): Intent | null {
  const link = draft.link(linkId)
  if (link === undefined || actions.length === 0) return null
  let set: JsonObject = {}
  const sent: Record<string, Json> = {}
  for (const { field, before } of actions) {
    const paths = binding.field(field)?.put(before, link.seen)
    if (paths === undefined || paths instanceof LensFailure) continue
    set = withValues(set, paths)
    sent[field] = before
  }
  if (Object.keys(sent).length === 0) return null
  for (const [field, value] of Object.entries(sent)) {
    const stamp = { system: binding.system, at: draft.context.now, certainty: "human" as const }
    dispute(draft, link, field, value, stamp, [], `${undone} was undone there`)
  }
  draft.note(
    "undone",
    link,
    undone,
    actions.map(({ field, now, before }) => ({ field, before: now, after: before })),
  )
  return open(draft, link, "update", set, sent, epoch)
}

function remove(draft: Draft, linkId: string, undone: string, epoch: Epoch): Intent | null {
  const link = draft.link(linkId)
  if (link === undefined) return null
  draft.putLink({ ...link, owes: "delete" })
  holdItem(draft, linkId, `${undone} created it and was undone: it is not made anew until somebody says so`)
  draft.note("undone", link, `created by ${undone}: removed again`)
  return open(draft, draft.link(linkId) ?? link, "delete", {}, {}, epoch)
}

/** The record lives again: in the systems where the run deleted its items. Where its users deleted it, it stays away. */
function revive(draft: Draft, actions: readonly UndoAction[], undone: string): void {
  for (const recordId of new Set(actions.map((action) => action.recordId))) {
    const record = draft.record(recordId)
    if (record.deleted === null) continue
    const wanted = new Set(actions.filter((action) => action.recordId === recordId).map((action) => action.linkId))
    draft.putRecord({ ...record, deleted: null })
    draft.note("revived", { recordId }, `${undone} was undone`)
    for (const link of draft.links(recordId)) {
      const binding = draft.binding(link.binding)
      if (isTakenBack(draft, link.id) || isOnItsOwn(draft, link)) continue
      if (wanted.has(link.id)) succeed(draft, binding, link)
      else if (link.state === "gone")
        holdItem(draft, link.id, `it was deleted there, and ${undone} was undone: it is not made anew until somebody says so`)
      else if (link.state === "kept") draft.putLink({ ...link, ...livingAgain(binding, link), state: "live", rereadAt: draft.context.now })
      else if (link.owes !== null && link.remoteId !== null) {
        // its delete had not got there yet, and must not any more; what it missed meanwhile is worked out anew
        draft.putLink({ ...link, owes: null, owed: owedSince(draft, binding, link), rereadAt: draft.context.now })
      } else if (link.owes !== null) {
        // its create has no answer yet, and was to be followed by a delete: where it was not made, it is still to be made
        draft.putLink({ ...link, owes: null, owed: owesEverything(binding) })
      }
    }
    reclaim(draft, recordId)
    // where it was still to be made when it was deleted, it is still to be made: nobody gave it up there
    for (const binding of draft.entity.bindings) if (draft.linkIn(recordId, binding.key) === undefined) place(draft, recordId, binding)
  }
}

/** Whether somebody else has the keys of a record that is to live again. */
export function isReplaced(draft: Draft, recordId: string, binding: string): boolean {
  const { fields } = draft.record(recordId)
  return keysOf(draft.entity, fields).some(({ key, value }) => draft.claimantsOf(key, value, binding).some((id) => id !== recordId))
}

/** After the answers: how an action ended. What did not go through was taken back with its answer. */
export function endOf(draft: Draft, action: UndoAction): "done" | "failed" | "open" {
  const link = action.linkId === null ? undefined : draft.link(action.linkId)
  if (link === undefined) return "failed"
  // nobody knows yet: it is found out by the next run
  if (draft.intent(link.id) !== undefined) return "open"
  switch (action.kind) {
    case "restore":
      // an edit that came in since makes it owe another value
      return link.owed[action.field]?.some((base) => equal(base, action.before)) === true ? "done" : "failed"
    case "remove":
      return link.state === "gone" ? "done" : "failed"
    case "recreate":
      return link.remoteId === null ? "open" : "done"
    default:
      return "done"
  }
}
