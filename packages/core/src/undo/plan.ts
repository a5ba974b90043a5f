// Works out what a run wrote about one record, and what becomes of it when that is taken back. Pure: the journal's rows
// and what is stored now go in, actions come out.
import { LensFailure, type Binding, type Entity } from "../model/pipeline.ts"
import { ARCHIVED, ERASED, GONE_BEFORE, type JournalRow } from "../model/journal.ts"
import type { Link } from "../model/link.ts"
import type { Loaded } from "../model/loaded.ts"
import type { RecordRow } from "../model/record.ts"
import { equal, isBlank, type Json } from "../model/value.ts"
import { NOT_SHOWN } from "../integrate/refusal.ts"
import { labelOf } from "../journal/explain.ts"
import type { UndoAction } from "./action.ts"

/** The kinds of rows that are remote writes; and items that were given to another record, which is told of. */
export const WRITES = ["created", "updated", "removed", "merged"] as const

/** Of those, what leaves values behind. */
const WROTE = ["created", "updated"] as const

export interface Written {
  /** Writes of the run about this record, oldest first. */
  readonly rows: readonly JournalRow[]
  /** Everything that happened to the record, any run. */
  readonly journal: readonly JournalRow[]
}

export function planRecord(entity: Entity, record: RecordRow, loaded: Loaded, { rows, journal }: Written): readonly UndoAction[] {
  const byBinding = Map.groupBy(rows, (row) => row.binding)
  return entity.bindings.flatMap((binding): readonly UndoAction[] => {
    const own = byBinding.get(binding.key)
    const link = loaded.links.find((candidate) => candidate.recordId === record.id && candidate.binding === binding.key)
    if (own === undefined) return []
    const { system, key } = binding
    const about = { entity: entity.name, recordId: record.id, label: labelOf(entity, record), system, binding: key }
    const elsewhere = movedSince(record, link, own, journal)
    if (link === undefined || elsewhere !== null)
      return [
        { ...about, linkId: null, remoteId: own.at(-1)?.remoteId ?? null, ...leave(elsewhere ?? "its item there is not known any more") },
      ]
    const there = { ...about, linkId: link.id, remoteId: link.remoteId }
    const parts = planLink({ entity, binding, record, link, loaded, journal }, own)
    return parts.map((part) => ({ ...there, ...part }))
  })
}

/** Why what was written then is no longer this record's: items change hands when people merge records. */
function movedSince(record: RecordRow, link: Link | undefined, rows: readonly JournalRow[], journal: readonly JournalRow[]): string | null {
  const into = record.deleted?.mergedInto
  if (into !== undefined) return `its record was merged into ${into} since`
  const wrote = rows.findLast((row) => row.kind !== "merged")
  if (wrote === undefined || link === undefined) return null
  const came = journal.some(
    (row) => row.kind === "merged" && row.binding === link.binding && row.remoteId === link.remoteId && row.seq > wrote.seq,
  )
  if (came) return "another item took its place when records were merged"
  // what that run wrote ended with its item: the one that is there now was never written by it, though it may have its id
  const replaced = journal.some(
    (row) => (row.kind === "linked" || row.kind === "created") && row.binding === link.binding && row.seq > wrote.seq,
  )
  return replaced && wrote.kind === "updated" ? "another item took its place since" : null
}

interface Subject {
  readonly entity: Entity
  readonly binding: Binding
  readonly record: RecordRow
  readonly link: Link
  readonly loaded: Loaded
  readonly journal: readonly JournalRow[]
}

type Part<Action = UndoAction> = Action extends UndoAction
  ? Omit<Action, "entity" | "recordId" | "label" | "system" | "binding" | "linkId" | "remoteId">
  : never

function planLink(subject: Subject, rows: readonly JournalRow[]): readonly Part[] {
  const writes = rows.filter((row) => row.kind !== "merged")
  const merges = rows.length > writes.length ? [leave("records were merged then, by a decision: that stays")] : []
  return [...merges, ...(writes.length === 0 ? [] : planWrites(subject, writes))]
}

function planWrites(subject: Subject, rows: readonly JournalRow[]): readonly Part[] {
  const made = rows.find((row) => row.kind === "created")
  const gone = rows.find((row) => row.kind === "removed" && row.note?.startsWith(GONE_BEFORE) !== true)
  if (made !== undefined && gone !== undefined)
    // both in one run: what is there now is of its own making
    return [leave("the run both made and removed it")]
  if (gone !== undefined) return [planRecreate(subject)]
  // its users had removed it: that was no deed of the run, whose delete met nothing
  if (rows.every((row) => row.kind === "removed")) return [leave("it was gone there before that run came to delete it")]
  return made === undefined ? planRestore(subject, rows) : [planRemove(subject, made)]
}

const leave = (why: string, field: string | null = null): Extract<Part, { kind: "leave" }> => ({ kind: "leave", field, why })

/** Why nothing may be written to the link now. */
function notNow({ loaded, link }: Subject): string | null {
  if (loaded.intents.some((intent) => intent.linkId === link.id)) return "a write there is still without an answer"
  // somebody may have edited it: a page says so, and no lookup has confirmed it yet
  if (link.rereadAt !== null) return "it has to be read again first"
  return link.blocked
}

function planRecreate(subject: Subject): Part {
  const { binding, record, link } = subject
  // an undo that was cut off had it on its way
  const isOwed = link.state === "live" && link.remoteId === null && record.deleted === null && notNow(subject) === null
  if (isOwed) return { kind: "recreate" }
  if (link.state !== "gone") return leave("it is there again")
  if (link.rereadAt !== null) return leave("it may be there again, and has to be looked up first")
  if (record.deleted === null) return leave("the record lives on without it")
  if (!binding.create || binding.spec.write.create === undefined) return leave("nothing may be created there")
  return { kind: "recreate" }
}

function planRemove(subject: Subject, made: JournalRow): Part {
  const { binding, link, loaded, record, journal } = subject
  if (link.state === "gone") return leave("it is gone already")
  if (link.state !== "live" || link.owes !== null || record.deleted !== null) return leave("the record was deleted or left since")
  if (link.remoteId !== made.remoteId) return leave("it has another id since")
  const isAnew = journal.some(
    (row) => (row.kind === "created" || row.kind === "linked") && row.binding === binding.key && row.seq > made.seq,
  )
  if (isAnew) return leave("it was made anew since, by another run")
  // what people had there before must not go with it, and no more what they had in another that was merged into it since
  if (made.note !== null) return leave(`it may be somebody else's: ${made.note}`)
  if (binding.spec.write.delete === undefined) return leave("this system cannot delete")
  const blocked = notNow(subject)
  if (blocked !== null) return leave(blocked)
  const asked = loaded.reviews.find((review) => review.recordId === record.id && review.sides.some((side) => side.linkId === link.id))
  if (asked !== undefined) return leave(`review ${asked.id} asks about what was changed there since`)
  const edited = journal.some(
    (row) =>
      row.seq > made.seq &&
      ((row.binding === binding.key && (row.kind === "accepted" || row.kind === "conflict")) ||
        (row.kind === "review_resolved" && row.changes.some((change) => change.lostBy?.system === binding.system))),
  )
  return edited || !isAsWritten(subject, made) ? leave("it was edited there since") : { kind: "remove" }
}

/** Whether an item that a run created still shows what was last written to it. */
function isAsWritten({ binding, link, journal }: Subject, made: JournalRow): boolean {
  const written = new Map<string, Json>()
  const ours = journal.filter((row) => row.seq >= made.seq && row.binding === binding.key && WROTE.some((kind) => kind === row.kind))
  for (const row of [...ours].sort((a, b) => a.seq - b.seq)) for (const { field, after } of row.changes) written.set(field, after)
  // what is only written there is taken in from nobody: no row tells that somebody put a value where we had none
  for (const { name, direction } of binding.fields) if (direction === "out" && !written.has(name)) written.set(name, null)
  return [...written].every(([name, value]) => {
    const there = link.seen === null ? null : (binding.field(name)?.get(link.seen) ?? null)
    return (
      !(there instanceof LensFailure) &&
      (equal(there, value) || (isBlank(there) && isBlank(value)) || (name in link.means && equal(link.means[name], value)))
    )
  })
}

function planRestore(subject: Subject, rows: readonly JournalRow[]): readonly Part[] {
  const fields = new Map<string, { readonly before: Json; readonly after: Json }>()
  for (const row of rows)
    for (const { field, before, after } of row.changes) {
      // of what it wrote twice, what was there before the first time: a blank is a value too
      const first = fields.get(field)
      fields.set(field, { before: first === undefined ? before : first.before, after })
    }
  const said = (note: string, why: string): readonly Part[] => (rows.some((row) => row.note === note) ? [leave(why)] : [])
  return [
    ...(fields.size > 0 ? planFields(subject, fields) : []),
    ...said(ARCHIVED, "it was marked as deleted there: that mark is not taken back"),
    ...said(ERASED, "part of what the journal said of it was erased with somebody who was forgotten"),
    ...said(NOT_SHOWN, "the system never showed all that was written there"),
  ]
}

function planFields(subject: Subject, fields: ReadonlyMap<string, { readonly before: Json; readonly after: Json }>): readonly Part[] {
  const { link, record } = subject
  if (link.state !== "live" || link.owes !== null || record.deleted !== null) return [leave("the record was deleted or left since")]
  const blocked = notNow(subject)
  if (blocked !== null) return [leave(blocked)]
  return [...fields].map(([name, { before, after }]) => planField(subject, name, before, after))
}

function planField({ binding, record, link, loaded }: Subject, name: string, before: Json, after: Json): Part {
  const field = binding.field(name)
  if (field === undefined || field.direction === "in") return leave("it is no longer written there", name)
  const seen = link.seen === null ? null : field.get(link.seen)
  if (link.seen === null || seen instanceof LensFailure) return leave("what is there now cannot be read", name)
  if (equal(seen, before)) return leave("it has that value already", name)
  const asked = loaded.reviews.find((review) => review.recordId === record.id && review.field === name)
  // one about other systems is joined: another of them was restored before this undo was cut off, say
  const joins = asked?.kind === "conflict" && asked.sides.every((side) => side.linkId !== link.id)
  if (asked !== undefined && !joins) return leave(`review ${asked.id} asks about it already`, name)
  const now = record.fields[name] ?? null
  const asWritten = equal(seen, after) || (name in link.means && equal(link.means[name], after))
  if (equal(now, before)) return leave("the record has that value again, and it is on its way there", name)
  const why = !asWritten ? "it was changed there since" : !equal(now, after) || name in link.owed ? "it was changed elsewhere since" : null
  if (why !== null)
    return asked === undefined ? { kind: "ask", field: name, now, before, why } : leave(`review ${asked.id} asks about it already`, name)
  const put = field.put(before, link.seen)
  if (put instanceof LensFailure) return leave(put.message, name)
  if (Object.keys(put).length === 0) return leave("what is there means the same", name)
  return { kind: "restore", field: name, now, before }
}
