// Opens the server's own SQLite file and lays its tables.
import { chmodSync } from "node:fs"
import { randomBytes } from "node:crypto"
import Database from "better-sqlite3"

export type Db = Database.Database

// `stale_*` hold what a replica that lags behind still believes; see the stale-read fault
const contactColumns = `
  num INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, email_key TEXT, data TEXT NOT NULL, field_times TEXT NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, revision INTEGER NOT NULL`
const tombstoneColumns = "id TEXT PRIMARY KEY, deleted_at INTEGER NOT NULL, revision INTEGER NOT NULL"

const layout = `
  CREATE TABLE IF NOT EXISTS contacts (${contactColumns}) STRICT;
  CREATE INDEX IF NOT EXISTS contacts_email ON contacts (email_key) WHERE email_key IS NOT NULL;
  CREATE TABLE IF NOT EXISTS stale_contacts (${contactColumns}) STRICT;
  CREATE INDEX IF NOT EXISTS stale_contacts_email ON stale_contacts (email_key) WHERE email_key IS NOT NULL;
  CREATE TABLE IF NOT EXISTS tombstones (${tombstoneColumns}) STRICT;
  CREATE TABLE IF NOT EXISTS stale_tombstones (${tombstoneColumns}) STRICT;
  CREATE TABLE IF NOT EXISTS changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, contact_id TEXT NOT NULL, type TEXT NOT NULL, at INTEGER NOT NULL, revision INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS idempotency (key TEXT PRIMARY KEY, hash TEXT NOT NULL, result TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS idempotency_at ON idempotency (at);
  CREATE TABLE IF NOT EXISTS requests (seq INTEGER PRIMARY KEY AUTOINCREMENT, entry TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`

export const openDatabase = (file: string): Db => {
  const db = new Database(file)
  if (file !== ":memory:") chmodSync(file, 0o600)
  db.pragma("journal_mode = WAL")
  db.pragma("synchronous = NORMAL")
  db.exec(layout)
  return db
}

export const readMeta = (db: Db, name: string): string | undefined =>
  db.prepare<[string], string>("SELECT value FROM meta WHERE name = ?").pluck().get(name)

export const writeMeta = (db: Db, name: string, value: string): void => {
  db.prepare("INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value").run(name, value)
}

/** What ids are made from: the same for the life of a file. */
export const idSaltOf = (db: Db, given: string | undefined): string => {
  const kept = readMeta(db, "id_salt")
  if (kept !== undefined) return kept
  const salt = given ?? randomBytes(16).toString("hex")
  writeMeta(db, "id_salt", salt)
  return salt
}
