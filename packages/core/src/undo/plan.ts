// Works out what a run wrote about one record, and what becomes of it when that is taken back. Pure: the journal's rows
// and what is stored now go in, actions come out.
import { LensFailure, type Binding, type Entity } from "../model/pipeline.ts"
import type { JournalRow } from "../model/journal.ts"
import type { Link } from "../model/link.ts"
import type { Loaded } from "../model/loaded.ts"
import type { RecordRow } from "../model/record.ts"
import { equal, type Json } from "../model/value.ts"
import { labelOf } from "../journal/explain.ts"
import type { UndoAction } from "./action.ts"

/** The kinds of rows that are remote writes. */
export const WRITES = ["created", "updated", "removed"] as const

export interface Written {
  /** Writes of the run about this record, oldest first. */
  readonly rows: readonly JournalRow[]
  /** Everything that happened to the record, any run. */
  readonly journal: readonly JournalRow[]
}

export function planRecord(entity: Entity, record: RecordRow, loaded: Loaded, { rows, journal }: Written): readonly UndoAction[] {
  const byBinding = Map.groupBy(rows, (row) => row.binding)
  return entity.bindings.flatMap((binding) => {
    const own = byBinding.get(binding.key)
    const link = loaded.links.find((candidate) => candidate.recordId === record.id && candidate.binding === binding.key)
    if (own === undefined || link === undefined) return []
    return planLink({ entity, binding, record, link, loaded, journal }, own)
  })
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

function planLink(subject: Subject, rows: readonly JournalRow[]): readonly UndoAction[] {
  const made = rows.find((row) => row.kind === "created")
  const gone = rows.find((row) => row.kind === "removed")
  const parts: readonly Part[] =
    made !== undefined && gone !== undefined
      ? // both in one run: what is there now is of its own making
        [{ kind: "leave", field: null, why: "the run both made and removed it" }]
      : gone !== undefined
        ? [planRecreate(subject)]
        : made !== undefined
          ? [planRemove(subject, made)]
          : planRestore(subject, rows)
  const { entity, binding, record, link } = subject
  const about = {
    entity: entity.name,
    recordId: record.id,
    label: labelOf(entity, record),
    system: binding.system,
    binding: binding.key,
    linkId: link.id,
    remoteId: link.remoteId,
  }
  return parts.map((part) => ({ ...about, ...part }))
}

const leave = (why: string, field: string | null = null): Part => ({ kind: "leave", field, why })

/** Why nothing may be written to the link now. */
function notNow({ loaded, link }: Subject): string | null {
  if (loaded.intents.some((intent) => intent.linkId === link.id)) return "a write there is still without an answer"
  return link.blocked
}

function planRecreate(subject: Subject): Part {
  const { binding, record, link } = subject
  if (link.state !== "gone") return leave("it is there again")
  if (record.deleted === null) return leave("the record lives on without it")
  if (!binding.create || binding.spec.write.create === undefined) return leave("nothing may be created there")
  return { kind: "recreate" }
}

function planRemove(subject: Subject, made: JournalRow): Part {
  const { binding, link, record, journal } = subject
  if (link.state === "gone") return leave("it is gone already")
  if (link.state !== "live" || link.owes !== null || record.deleted !== null) return leave("the record was deleted or left since")
  if (link.remoteId !== made.remoteId) return leave("it has another id since")
  if (binding.spec.write.delete === undefined) return leave("this system cannot delete")
  const blocked = notNow(subject)
  if (blocked !== null) return leave(blocked)
  const edited = journal.some(
    (row) => row.seq > made.seq && row.binding === binding.key && (row.kind === "accepted" || row.kind === "conflict"),
  )
  return edited ? leave("it was edited there since") : { kind: "remove" }
}

function planRestore(subject: Subject, rows: readonly JournalRow[]): readonly Part[] {
  const { link, record } = subject
  const fields = new Map<string, { readonly before: Json; readonly after: Json }>()
  for (const row of rows)
    for (const { field, before, after } of row.changes) fields.set(field, { before: fields.get(field)?.before ?? before, after })
  if (fields.size === 0) return [leave("it was marked as deleted there: that mark is not taken back")]
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
  if (asked !== undefined) return leave(`review ${asked.id} asks about it already`, name)
  const now = record.fields[name] ?? null
  const asWritten = equal(seen, after) || (name in link.means && equal(link.means[name], after))
  if (!asWritten) return { kind: "ask", field: name, now, before, why: "it was changed there since" }
  if (!equal(now, after) || name in link.owed) return { kind: "ask", field: name, now, before, why: "it was changed elsewhere since" }
  const put = field.put(before, link.seen)
  if (put instanceof LensFailure) return leave(put.message, name)
  if (Object.keys(put).length === 0) return leave("what is there means the same", name)
  return { kind: "restore", field: name, now, before }
}
