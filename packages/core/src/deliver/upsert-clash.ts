// A create that is an upsert by address must not land on an item that belongs to another living record: before it is
// sent, whoever else claims the same keys, or has an item that shows them still, is asked for.
import type { KeyValue } from "../model/record.ts"
import type { Binding } from "../model/pipeline.ts"
import type { Link } from "../model/link.ts"
import { claimsOf, isUpsert, keyThere } from "../integrate/claims.ts"
import { ask } from "../integrate/dispute.ts"
import type { Draft } from "../integrate/draft.ts"
import { heldWhole, sendable } from "../integrate/hold.ts"
import { keepApart } from "../integrate/keep-apart.ts"

/** What must be loaded to judge creates with these keys. */
export const keysAtStake = (binding: Binding, keys: readonly KeyValue[]): readonly KeyValue[] =>
  keys.flatMap(({ key, value }) => [
    { key, value },
    { key: keyThere(key, binding), value },
  ])

/**
 * `ask`: a person is asked first. `wait`: the item that shows the address is about to change it. Whoever has a claim on
 * the keys at stake must be part of the draft.
 */
export function wouldOverwrite(draft: Draft, binding: Binding, link: Link): "no" | "wait" | "ask" {
  if (!isUpsert(binding)) return "no"
  const own = claimsOf(draft.entity, draft.record(link.recordId).fields, link.recordId)
  if (draft.forgotten.has(own)) {
    keepApart(draft, link)
    return "ask"
  }
  for (const { key, value } of own) {
    if (draft.claimantsOf(key, value, binding.key).some((other) => other !== link.recordId && isThere(draft, other, binding))) {
      ask(draft, {
        kind: "unique_clash",
        message: `two records have the same ${key}, and ${binding.key} can hold it once: the other one's item would be overwritten`,
        link,
      })
      return "ask"
    }
    for (const other of draft.claimantsOf(keyThere(key, binding), value, binding.key)) {
      const theirs = other === link.recordId ? undefined : draft.linkIn(other, binding.key)
      if (theirs === undefined || !isThere(draft, other, binding)) continue
      const goes = heldWhole(draft, theirs) === null && sendable(draft, theirs).some((name) => key.split("+").includes(name))
      const moves = draft.intent(theirs.id) !== undefined || goes
      if (moves || theirs.rereadAt !== null) return "wait"
      ask(draft, {
        kind: "unique_clash",
        message: `${binding.key} ${theirs.remoteId ?? ""} still shows the ${key} that another record has now, and would be overwritten`,
        link,
      })
      return "ask"
    }
  }
  return "no"
}

function isThere(draft: Draft, recordId: string, binding: Binding): boolean {
  const link = draft.linkIn(recordId, binding.key)
  return link !== undefined && ((link.remoteId !== null && link.state !== "gone") || draft.intent(link.id) !== undefined)
}
