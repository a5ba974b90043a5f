// Low-level writes of contacts. Each leaves the row, its change-log entry and, for a delete, its tombstone in step; the
// caller holds the transaction.
import { createHash } from "node:crypto"
import type { JsonObject } from "@syncline/connector"
import { emailKeyOf } from "../contact/document.ts"
import type { ChangeLog } from "./change-log.ts"
import type { ContactRow } from "./contact-reader.ts"
import type { Db } from "./database.ts"

export interface NewContact {
  readonly id?: string | undefined
  readonly document: JsonObject
  readonly fieldTimes: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly updatedAt: number
  readonly revision: number
}

export interface ContactWriter {
  /** `loggedAt` is the time in the change log, which is not always that of the contact. */
  insert(contact: NewContact, loggedAt: number): ContactRow
  update(row: ContactRow, document: JsonObject, fieldTimes: Readonly<Record<string, string>>, at: number): ContactRow
  remove(row: ContactRow, at: number): void
  /** Replaces content and bumps the revision without a trace in the change log or the modified times. */
  rewrite(row: ContactRow, document: JsonObject, fieldTimes: Readonly<Record<string, string>>): void
}

export const contactWriter = (db: Db, log: ChangeLog, idSalt: string): ContactWriter => {
  const insert = db.prepare(
    "INSERT INTO contacts (num, id, email_key, data, field_times, created_at, updated_at, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  )
  let lastNum = db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'contacts'").pluck().get() ?? 0
  const update = db.prepare("UPDATE contacts SET email_key = ?, data = ?, field_times = ?, updated_at = ?, revision = ? WHERE num = ?")
  const remove = db.prepare("DELETE FROM contacts WHERE num = ?")
  const bury = db.prepare("INSERT OR REPLACE INTO tombstones (id, deleted_at, revision) VALUES (?, ?, ?)")
  const unbury = db.prepare("DELETE FROM tombstones WHERE id = ?")
  // says nothing to a client, and is the same again for the same salt
  const idOf = (num: number): string => `ct_${createHash("sha256").update(`${idSalt}:${num}`).digest("hex").slice(0, 18)}`
  const keyOf = (document: JsonObject): string | null => emailKeyOf(document["email"])
  return {
    insert: ({ id, document, fieldTimes, createdAt, updatedAt, revision }, loggedAt) => {
      const data = JSON.stringify(document)
      const times = JSON.stringify(fieldTimes)
      lastNum += 1
      const num = lastNum
      const finalId = id ?? idOf(num)
      insert.run(num, finalId, keyOf(document), data, times, createdAt, updatedAt, revision)
      if (id !== undefined) unbury.run(id)
      log.append(finalId, "created", loggedAt, revision)
      return { num, id: finalId, data, field_times: times, created_at: createdAt, updated_at: updatedAt, revision }
    },
    update: (row, document, fieldTimes, at) => {
      const next = {
        ...row,
        data: JSON.stringify(document),
        field_times: JSON.stringify(fieldTimes),
        updated_at: at,
        revision: row.revision + 1,
      }
      update.run(keyOf(document), next.data, next.field_times, at, next.revision, row.num)
      log.append(row.id, "updated", at, next.revision)
      return next
    },
    remove: (row, at) => {
      remove.run(row.num)
      bury.run(row.id, at, row.revision + 1)
      log.append(row.id, "deleted", at, row.revision + 1)
    },
    rewrite: (row, document, fieldTimes) =>
      void update.run(keyOf(document), JSON.stringify(document), JSON.stringify(fieldTimes), row.updated_at, row.revision + 1, row.num),
  }
}
