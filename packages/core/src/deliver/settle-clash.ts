// A write was refused because its unique value is taken: adopt, wait, or ask. Pure: outcome in, draft changed.
import type { Fault } from "@syncline/connector"
import { passingIdKey } from "../model/forgotten-id.ts"
import { LensFailure, type Binding } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import type { Link } from "../model/link.ts"
import { equal } from "../model/value.ts"
import { authorOf, NOBODYS } from "../model/record.ts"
import { ask } from "../integrate/dispute.ts"
import type { Draft } from "../integrate/draft.ts"
import { heldWhole, sendable } from "../integrate/hold.ts"
import { keepApart } from "../integrate/keep-apart.ts"
import type { Settled } from "./settled.ts"
import { isDoomed, takeOver } from "./take-over.ts"

/** A unique value is taken. By an item of nobody: it is adopted. By another record's: that one goes first, or a person decides. */
export function settleClash(
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
  const names = { remoteId: fault.existingId ?? null, secondaryId: null }
  const passing = fault.existingId === undefined ? [] : [{ key: passingIdKey(binding.key), value: fault.existingId }]
  const isForgotten = holder === undefined && draft.forgotten.leavesAlone(binding.key, names, [...intent.keys, ...passing])
  if (isForgotten && intent.kind === "create" && alive) {
    keepApart(draft, link)
    return "refused"
  }
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
  const swaps = holder !== undefined && keyFields.some((name) => wantsOurs(draft, binding, link, holder, name))
  const flows = holder !== undefined && heldWhole(draft, holder) === null
  const goes = holder !== undefined && ((flows && holder.owes === "delete") || draft.intent(holder.id)?.kind === "delete")
  const sends = flows ? sendable(draft, holder) : []
  const holderMoves = goes || (!swaps && keyFields.some((name) => sends.includes(name)))
  if (holderMoves && link.attempts < MAX_WAITS_FOR_KEY) return later(delayMs)
  const field = intent.kind === "update" ? (keyFields[0] ?? null) : null
  const stamp = field === null ? NOBODYS : authorOf(draft.record(link.recordId), field)
  ask(draft, {
    kind: "unique_clash",
    message: `${binding.key} already has another item with this ${keyFields.join(", ") || "key"}${fault.existingId === undefined || isForgotten ? "" : ` (${fault.existingId})`}`,
    link,
    field,
    sides: field === null ? [] : [{ system: stamp.system, linkId: null, value: intent.sent[field] ?? null, stamp }],
  })
  return "refused"
}

/** Two that change places: each waits for what the other has, and none ever gets it. */
function wantsOurs(draft: Draft, binding: Binding, link: Link, holder: Link, name: string): boolean {
  const ours = link.seen === null ? undefined : binding.field(name)?.get(link.seen)
  return ours !== undefined && !(ours instanceof LensFailure) && equal(ours, draft.record(holder.recordId).fields[name])
}

/** How often a write waits for another record to give up the key it needs. */
const MAX_WAITS_FOR_KEY = 3
