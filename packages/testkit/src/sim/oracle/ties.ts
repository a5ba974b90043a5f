// I4 and I2 at the commit: no item is tied to one of two records that it could be, and nothing that was known already is
// taken for news. Judged against what was stored before.
import type { Changes, FieldChange, JournalRow, Json, Link } from "@syncline/core"
import type { Knowledge } from "../knowledge.ts"
import { presentOf } from "../system.ts"
import { plain } from "../words.ts"

type Entry = Pick<JournalRow, "kind" | "binding" | "recordId" | "remoteId" | "changes">

/** Called before `knowledge` learns of the commit. */
export function* judgeTies(changes: Changes, knowledge: Knowledge): Generator<string> {
  if (changes.decided.length > 0) return
  for (const link of changes.links) {
    const before = knowledge.links.get(link.id)
    if (link.remoteId === null || link.state !== "live" || (before !== undefined && before.remoteId !== null)) continue
    // it was this record's before both were deleted: nobody has a better claim
    if (changes.reviews.some(({ remoteId, formerly }) => remoteId === link.remoteId && formerly === link.recordId)) continue
    const row = knowledge.rowOf(link)
    const known = knowledge.records.get(link.recordId)
    if (row === undefined || known === undefined || row.madeBy.by !== "user" || changes.closeIntents.length > 0) continue
    const { item } = presentOf(row)
    const email = plain(item["email"])
    // whoever had the address before, and still has it: one that gives it up in this very commit claims it no more
    const others = [...knowledge.records.values()].filter((one) => {
      const now = changes.records.find(({ id }) => id === one.id) ?? one
      return (
        one.id !== known.id && email !== "" && [one, now].every((each) => each.deleted === null && plain(each.fields["email"]) === email)
      )
    })
    const isVeryOne = ["name", "note", "phone"].every((field) => plain(item[field]) === plain(known.fields[field]))
    if (others.length > 0 && plain(known.fields["email"]) === email && !isVeryOne)
      yield `${row.uid} is tied to ${known.id}, and could be ${others.map(({ id }) => id).join(" or ")} as well`
  }
}

/** Called before `knowledge` learns of the commit. */
export function* judgeNews(changes: Changes, knowledge: Knowledge): Generator<string> {
  if (changes.decided.length > 0) return
  for (const row of changes.journal) {
    if (row.kind !== "accepted" && row.kind !== "conflict") continue
    const link = linkOf(row, knowledge)
    if (link === undefined || link.seen === null || link.state !== "live" || isOpen(link, knowledge, changes)) continue
    // its item is gone, and another one took its place in this very commit: what that shows was never known of it
    if (link.remoteId !== row.remoteId && isTied(row, changes)) continue
    for (const change of row.changes) {
      const value = saidBy(change, link.binding.split(".")[0] ?? "")
      const owed = link.owed[change.field]
      if (value === undefined || change.field === "consent" || owed?.length === 0 || change.field in link.means) continue
      if (whole(link.seen[change.field]) === whole(value) && plain(value) !== "")
        yield `${change.field} ${JSON.stringify(value)} of ${row.remoteId ?? ""} in ${link.binding} was known, and is taken for an edit`
    }
  }
}

/** To its end: what an older store knows at full length, and finds cut short, was written by a newer one. */
const whole = (value: Json | undefined): string => (typeof value === "string" ? value.trim().toLowerCase() : plain(value))

/** By its record: an id that is made from an address may have been another item's before. */
const linkOf = (row: Entry, knowledge: Knowledge): Link | undefined =>
  [...knowledge.links.values()].find((link) => link.binding === row.binding && link.recordId === row.recordId)

/** Or it went into that one, and this one met it: what that says by now it may have from the one that went. */
const isTied = ({ recordId, binding, remoteId }: Entry, { journal }: Changes): boolean => {
  const own = journal.filter((one) => one.recordId === recordId && one.binding === binding)
  const went = own.some(({ kind }) => kind === "merged")
  return own.some((one) => (one.kind === "linked" || (one.kind === "rekeyed" && went)) && one.remoteId === remoteId)
}

/** A write under way: its answer is compared with what was sent. */
const isOpen = (link: Link, knowledge: Knowledge, changes: Changes): boolean =>
  changes.closeIntents.some((id) => knowledge.intents.get(id)?.linkId === link.id)

/** What the system itself said, whether it won or lost. */
const saidBy = ({ by, after, lost, lostBy, rule }: FieldChange, system: string): FieldChange["after"] | undefined => {
  if (rule?.startsWith("back to the base") === true) return undefined
  if (by?.system === system && lostBy?.system !== system) return after
  return lostBy?.system === system && by?.system !== system ? lost : undefined
}
