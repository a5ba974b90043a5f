// Set-wise reads of contacts, of the truth or of a replica that lags behind.
import type { Db } from "./database.ts"

export interface ContactRow {
  readonly num: number
  readonly id: string
  readonly data: string
  readonly field_times: string
  readonly created_at: number
  readonly updated_at: number
  readonly revision: number
}

export interface TombstoneRow {
  readonly id: string
  readonly deleted_at: number
  readonly revision: number
}

export interface ContactReader {
  byId(id: string): ContactRow | undefined
  byIds(ids: readonly string[]): ContactRow[]
  /** Keys as from `emailKeyOf`; the oldest `limitEach` contacts of every key, so that no crowd hides another key's contact. */
  byEmailKeys(keys: readonly string[], limitEach: number): ContactRow[]
  /** In order of creation, after `num`. */
  page(after: number, updatedSince: number, limit: number): ContactRow[]
  count(updatedSince: number): number
  tombstone(id: string): TombstoneRow | undefined
  tombstones(ids: readonly string[]): TombstoneRow[]
}

const columns = "num, id, data, field_times, created_at, updated_at, revision"

export const contactReader = (db: Db, which: "current" | "stale"): ContactReader => {
  const prefix = which === "stale" ? "stale_" : ""
  const contacts = `${prefix}contacts`
  const tombstones = `${prefix}tombstones`
  const byId = db.prepare<[string], ContactRow>(`SELECT ${columns} FROM ${contacts} WHERE id = ?`)
  const byIds = db.prepare<[string], ContactRow>(
    `SELECT ${columns} FROM ${contacts} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY num`,
  )
  const byEmails = db.prepare<[string, number], ContactRow>(
    `SELECT ${columns} FROM (
       SELECT ${columns}, row_number() OVER (PARTITION BY email_key ORDER BY num) AS place
       FROM ${contacts} WHERE email_key IN (SELECT value FROM json_each(?)))
     WHERE place <= ? ORDER BY num`,
  )
  const page = db.prepare<[number, number, number], ContactRow>(
    `SELECT ${columns} FROM ${contacts} WHERE num > ? AND updated_at >= ? ORDER BY num LIMIT ?`,
  )
  const count = db.prepare<[number], number>(`SELECT count(*) FROM ${contacts} WHERE updated_at >= ?`).pluck()
  const countAll = db.prepare<[], number>(`SELECT count(*) FROM ${contacts}`).pluck()
  const tombstone = db.prepare<[string], TombstoneRow>(`SELECT id, deleted_at, revision FROM ${tombstones} WHERE id = ?`)
  const tombstonesOf = db.prepare<[string], TombstoneRow>(
    `SELECT id, deleted_at, revision FROM ${tombstones} WHERE id IN (SELECT value FROM json_each(?))`,
  )
  return {
    byId: (id) => byId.get(id),
    byIds: (ids) => byIds.all(JSON.stringify(ids)),
    byEmailKeys: (keys, limitEach) => byEmails.all(JSON.stringify(keys), limitEach),
    page: (after, updatedSince, limit) => page.all(after, updatedSince, limit),
    count: (updatedSince) => (updatedSince <= 0 ? countAll.get() : count.get(updatedSince)) ?? 0,
    tombstone: (id) => tombstone.get(id),
    tombstones: (ids) => tombstonesOf.all(JSON.stringify(ids)),
  }
}
