// A journal entry as a row, and back: names as words, changes as lists, with nothing written where there is nothing.
// A change is `[field, before, after, by, rule, lostBy, lost]`, cut after its last part; `0` stands for an absent one.
import type { FieldChange, Json, JournalEntry, JournalKind, JournalRow, Stamp } from "@syncline/core/model"
import { packStamp, unpackStamp } from "./stamps.ts"
import { fromTextOrNull, toTextOrNull } from "./text.ts"
import type { Words } from "./words.ts"

export interface StoredEntry {
  readonly seq: number
  readonly at: number
  readonly kind: number
  readonly run: number
  readonly entity: number | null
  readonly binding: number | null
  readonly record: string | null
  readonly remote_id: string | null
  readonly changes: string | null
  readonly note: string | null
}

type PackedStamp = readonly [string, number, number]
type PackedChange = readonly [
  field: string,
  before: Json,
  after: Json,
  by?: PackedStamp | 0,
  rule?: string | 0,
  lostBy?: PackedStamp | 0,
  lost?: Json,
]

export function encodeEntry(entry: JournalEntry, words: Words) {
  return {
    at: entry.at,
    kind: words.number(entry.kind),
    run: words.number(entry.run),
    entity: entry.entity === null ? null : words.number(entry.entity),
    binding: entry.binding === null ? null : words.number(entry.binding),
    record: entry.recordId,
    remoteId: toTextOrNull(entry.remoteId),
    changes: entry.changes.length === 0 ? null : JSON.stringify(entry.changes.map(packChange)),
    note: toTextOrNull(entry.note),
  }
}

export function decodeEntry(row: StoredEntry, words: Words): JournalRow {
  // Written by `encodeEntry`.
  const changes = row.changes === null ? [] : (JSON.parse(row.changes) as readonly PackedChange[])
  return {
    seq: row.seq,
    // The word is one that `encodeEntry` took from an entry.
    kind: words.text(row.kind) as JournalKind,
    at: row.at,
    run: words.text(row.run),
    entity: row.entity === null ? null : words.text(row.entity),
    recordId: row.record,
    binding: row.binding === null ? null : words.text(row.binding),
    remoteId: fromTextOrNull(row.remote_id),
    changes: changes.map(unpackChange),
    note: fromTextOrNull(row.note),
  }
}

function packChange(change: FieldChange): PackedChange {
  const stamp = (one: Stamp | undefined): PackedStamp | 0 => (one === undefined ? 0 : packStamp(one))
  const parts = [change.field, change.before, change.after, stamp(change.by), change.rule ?? 0, stamp(change.lostBy)] as const
  if (change.lost !== undefined) return [...parts, change.lost]
  let length = parts.length
  while (length > 3 && parts[length - 1] === 0) length--
  // A beginning of `parts` that keeps its first three.
  return parts.slice(0, length) as unknown as PackedChange
}

function unpackChange([field, before, after, by = 0, rule = 0, lostBy = 0, ...lost]: PackedChange): FieldChange {
  return {
    field,
    before,
    after,
    ...(by === 0 ? {} : { by: unpackStamp(by) }),
    ...(rule === 0 ? {} : { rule }),
    ...(lostBy === 0 ? {} : { lostBy: unpackStamp(lostBy) }),
    ...(lost[0] === undefined ? {} : { lost: lost[0] }),
  }
}
