// A record as a row, and back. Guarantees that what is read equals what was written.
import type { Deletion, RecordRow } from "@syncline/core/model"
import type { Objects } from "./objects.ts"
import { decodeStamps, encodeStamps } from "./stamps.ts"
import type { Words } from "./words.ts"

export interface StoredRecord {
  readonly no: number
  readonly id: string
  readonly entity: number
  readonly shape: number | null
  readonly fields: string
  readonly stamps: string
  readonly deleted: string | null
}

export function encodeRecord(record: RecordRow, words: Words, objects: Objects) {
  const fields = objects.encode(record.fields)
  return {
    id: record.id,
    entity: words.number(record.entity),
    shape: fields.shape,
    fields: fields.text,
    stamps: encodeStamps(record.stamps, record.fields, words),
    deleted: record.deleted === null ? null : JSON.stringify(record.deleted),
  }
}

export function decodeRecord(row: StoredRecord, words: Words, objects: Objects): RecordRow {
  const fields = objects.decode(row.shape, row.fields)
  return {
    id: row.id,
    entity: words.text(row.entity),
    fields,
    stamps: decodeStamps(row.stamps, fields, words),
    // Written by `encodeRecord`.
    deleted: row.deleted === null ? null : (JSON.parse(row.deleted) as Deletion),
  }
}
