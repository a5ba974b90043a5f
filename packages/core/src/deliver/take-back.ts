// A write of an undo that did not go through, however late that is known: what was held for it is let go, so that all is as
// if it had never been tried, and it can be undone again. Pure: draft in, draft changed.
import type { Intent } from "../model/intent.ts"
import { type Link, NO_BASE } from "../model/link.ts"
import { disputeOf, followDispute } from "../integrate/dispute.ts"
import type { Draft } from "../integrate/draft.ts"
import { owe } from "../integrate/edit.ts"
import { releaseHold } from "../integrate/item-hold.ts"

/** It is known by what is read there next: until then nobody knows what it says. */
const isReadThere = (draft: Draft, { binding }: Link, field: string): boolean => draft.binding(binding).field(field)?.direction === "both"

/**
 * Called once the intent is closed. What was to be made anew is owed like any other create, and stays so. `touched`: fields
 * that show something else by now, or that nothing shows: it may have got there, so they stay in question.
 */
export function takeBack(draft: Draft, intent: Intent, touched: readonly string[] = []): void {
  if (intent.undoes === undefined || intent.kind === "create") return
  const link = draft.link(intent.linkId)
  if (link === undefined) return
  if (intent.kind === "delete") {
    // its record was deleted meanwhile: then it goes all the same, and what it owes is owed for that
    if (draft.record(intent.recordId).deleted === null) draft.putLink({ ...link, owes: null, dueAt: null })
    releaseHold(draft, link.id)
  } else
    for (const [field, sent] of Object.entries(intent.sent)) {
      // a person may have settled that question meanwhile: then what it owes is known, and who wrote there did so beside it
      const isAsked = disputeOf(draft, intent.recordId, field)?.sides.some((side) => side.linkId === link.id) === true
      if (isAsked && touched.includes(field)) owe(draft, link.id, field, isReadThere(draft, link, field) ? NO_BASE : [sent])
      else followDispute(draft, intent.recordId, field)
    }
  if (touched.length > 0)
    draft.note("retried", link, `nobody can tell whether the undo of ${intent.undoes} reached it: ${touched.join(", ")} stays in question`)
  else draft.note("retried", link, `the undo of ${intent.undoes} did not reach it: it stays as that run left it`)
}
