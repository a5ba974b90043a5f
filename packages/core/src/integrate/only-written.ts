// A field that only we write, where something else than us wrote it. In: what stands there. Out: it is owed again, and the
// journal names what gives way; while a question shows what stands there, that gives way to nobody but the answer.
import { equal, isBlank } from "../model/value.ts"
import { dispute, disputeOf } from "./dispute.ts"
import type { Draft } from "./draft.ts"
import { type Account, type Edit, follow, owe, without } from "./edit.ts"

/** An edit: where the record has no value, and nobody just took it away, there is nothing to put right. */
export function putRight(draft: Draft, edit: Edit, account: Account): void {
  const { linkId, field, value } = edit
  const link = draft.link(linkId)
  if (link === undefined) throw new Error(`link ${linkId} is not part of this step`)
  const present = draft.record(link.recordId).fields[field] ?? null
  if (equal(value, present)) {
    draft.putLink({ ...link, owed: without(link.owed, field) })
    follow(draft, link.recordId, field)
    return
  }
  if (isBlank(present) && !(field in link.owed)) return
  giveWay(draft, edit, account)
}

/** A value that is not the record's comes to give way. */
export function giveWay(draft: Draft, { linkId, field, value, stamp }: Edit, account: Account): void {
  owe(draft, linkId, field, [value])
  const link = draft.link(linkId)
  if (link === undefined) throw new Error(`link ${linkId} is not part of this step`)
  const open = disputeOf(draft, link.recordId, field)
  if (open?.sides.some((side) => side.linkId === linkId) === true)
    return dispute(draft, link, field, value, stamp, open.base, "it was changed again while in review")
  const present = draft.record(link.recordId).fields[field] ?? null
  account.conflicts.push({ field, before: present, after: present, lost: value, rule: "direction out: only written here" })
}
