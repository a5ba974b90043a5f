// A create that is an upsert by address must not land on an item that belongs to another living record: before it is
// sent, whoever else claims the same keys is asked for.
import type { Binding } from "../model/pipeline.ts"
import type { Link } from "../model/link.ts"
import { claimsOf } from "../integrate/claims.ts"
import { ask } from "../integrate/dispute.ts"
import type { Draft } from "../integrate/draft.ts"

export const isUpsert = (binding: Binding): boolean => binding.spec.write.create?.idempotent === "naturalKey"

/** Whether the create must wait for a person, who is asked. The claimants of its keys must be part of the draft. */
export function wouldOverwrite(draft: Draft, binding: Binding, link: Link): boolean {
  if (!isUpsert(binding)) return false
  for (const { key, value } of claimsOf(draft.entity, draft.record(link.recordId).fields, link.recordId)) {
    for (const other of draft.claimantsOf(key, value, binding.key)) {
      const theirs = other === link.recordId ? undefined : draft.linkIn(other, binding.key)
      const isThere =
        theirs !== undefined && ((theirs.remoteId !== null && theirs.state !== "gone") || draft.intent(theirs.id) !== undefined)
      if (!isThere) continue
      ask(draft, {
        kind: "unique_clash",
        message: `two records have the same ${key}, and ${binding.key} can hold it once: the other one's item would be overwritten`,
        link,
      })
      return true
    }
  }
  return false
}
