// The journal, one line an entry, with the changed fields under it where there are any.
import type { JournalKind, JournalRow } from "@syncline/core"
import { cleanText } from "./clean.ts"
import { showTime } from "./moment.ts"
import type { View } from "./view.ts"
import { renderChanges } from "./write.ts"
import { cut, wrap } from "./width.ts"

export const JOURNAL_WORDS: Readonly<Record<JournalKind, string>> = {
  record_new: "new record",
  accepted: "taken in",
  conflict: "conflict decided",
  linked: "linked",
  unlinked: "unlinked",
  rekeyed: "id changed",
  merged: "merged",
  parked: "left the filter",
  unparked: "back in the filter",
  deleted: "deleted",
  revived: "revived",
  created: "created",
  updated: "updated",
  removed: "removed",
  refused: "refused",
  unanswered: "no answer",
  retried: "tried again",
  review_opened: "question opened",
  review_closed: "question closed",
  review_resolved: "question answered",
  quarantined: "quarantined",
  released: "released",
  guard: "guard",
  repaired: "repaired",
  undone: "undone",
  forgotten: "forgotten",
}

const GOOD: readonly JournalKind[] = ["created", "updated", "linked", "record_new", "review_resolved", "released", "unparked", "revived"]
const BAD: readonly JournalKind[] = ["refused", "unanswered", "guard", "deleted", "removed", "quarantined"]

const INDENT = 21

export function renderJournalRow(row: JournalRow, view: View & { readonly label?: string | null }): string[] {
  const { paint, width } = view
  const word = JOURNAL_WORDS[row.kind]
  const color = GOOD.includes(row.kind) ? paint.green : BAD.includes(row.kind) ? paint.red : paint.yellow
  const where = [view.label ?? row.recordId, row.binding, row.remoteId]
    .filter((each) => each !== null && each !== undefined)
    .map((each) => cleanText(each))
  // what a person said is never cut
  const told = row.kind === "review_resolved" && row.note !== null
  const note = row.note === null || told ? "" : paint.dim(`  ${cleanText(row.note)}`)
  const head = cut(`${paint.dim(showTime(row.at))}  ${color(word.padEnd(17))} ${where.join("  ")}${note}`, width)
  const words = told ? wrap(cleanText(row.note), width - INDENT).split("\n") : []
  const lines = [head, ...words.map((line) => `${" ".repeat(INDENT)}${paint.dim(line)}`)]
  // A change against the very same value says nothing.
  return row.changes.length === 0 ? lines : [...lines, ...renderChanges(row.changes, view, INDENT)]
}
