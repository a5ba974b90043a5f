// What nobody is told of: rows of a mock's own file, or of the store, changed with a database tool. Revisions, times and
// change logs stay as they were.
import { DatabaseSync } from "node:sqlite"
import { dirname, join } from "node:path"
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import type { World } from "./world.ts"

/** Runs statements on a database file that a process may have open. */
function on<A>(path: string, work: (db: DatabaseSync) => A): A {
  const db = new DatabaseSync(path)
  try {
    db.exec("PRAGMA busy_timeout = 5000")
    return work(db)
  } finally {
    db.close()
  }
}

const objectOf = (text: unknown): JsonObject => {
  const value: Json = typeof text === "string" ? JSON.parse(text) : null
  return isObject(value) ? value : {}
}

/** Sets values in the content of a contact. */
export const tamperContact = (world: World, address: string, patch: JsonObject): void =>
  on(join(dirname(world.folder), "crm.db"), (db) => {
    const row = db.prepare("SELECT num, data FROM contacts WHERE lower(data ->> 'email') = ?").get(address)
    if (row === undefined) throw new Error(`no contact ${address}`)
    db.prepare("UPDATE contacts SET data = ? WHERE num = ?").run(JSON.stringify({ ...objectOf(row["data"]), ...patch }), Number(row["num"]))
  })

/** Sets merge fields of a member. */
export const tamperMember = (world: World, address: string, patch: JsonObject): void =>
  on(join(dirname(world.folder), "email.db"), (db) => {
    const row = db.prepare("SELECT seq, merge_fields FROM members WHERE address = ?").get(address)
    if (row === undefined) throw new Error(`no member ${address}`)
    const fields = JSON.stringify({ ...objectOf(row["merge_fields"]), ...patch })
    db.prepare("UPDATE members SET merge_fields = ? WHERE seq = ?").run(fields, Number(row["seq"]))
  })

export const loseMember = (world: World, address: string): void =>
  on(join(dirname(world.folder), "email.db"), (db) => void db.prepare("DELETE FROM members WHERE address = ?").run(address))

/** Replaces a text wherever it stands among a record's values in the store. */
export const tamperRecord = (world: World, before: string, after: string): void =>
  on(join(world.folder, ".syncline", "town.db"), (db) => {
    const { changes } = db.prepare("UPDATE record SET fields = replace(fields, ?, ?) WHERE instr(fields, ?) > 0").run(before, after, before)
    if (changes !== 1) throw new Error(`${String(changes)} records hold ${before}`)
  })
