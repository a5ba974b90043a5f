// A small secret that must outlive processes and change hands between them: one text in a file of mode 0600 of its own.
// Saving is durable when it resolves. The lock is SQLite's: it ends with the process that holds it, however that ends.
import { setTimeout as sleep } from "node:timers/promises"
import * as Effect from "effect/Effect"
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { storeError } from "./faults.ts"
import { loadSqlite, type Sqlite } from "./sqlite.ts"

export interface Vault {
  /** null: nothing was ever saved. Makes no file. */
  load(): Promise<string | null>
  save(text: string): Promise<void>
  /** Runs `work` while nobody else, in this process or another, runs theirs on the same file. */
  exclusively<A>(work: () => Promise<A>): Promise<A>
}

const POLL_MS = 25
/** Longer than a request for a token may take. */
const LONGEST_WAIT_MS = 60_000

export function openVault(path: string): Vault {
  const file = resolve(path)
  let holder: Sqlite | null = null
  let last: Promise<unknown> = Promise.resolve()

  const open = async (): Promise<Sqlite> => {
    const sqlite = await Effect.runPromise(loadSqlite)
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    closeSync(openSync(file, "a", 0o600))
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
    const db = new sqlite(file, { timeout: 0 })
    db.pragma("synchronous = FULL")
    return db
  }

  const within = async <A>(act: (db: Sqlite) => A | Promise<A>): Promise<A> => {
    let db: Sqlite | null = null
    try {
      db = holder ?? (await open())
      return await act(db)
    } catch (error) {
      throw storeError(error, path) ?? error
    } finally {
      if (db !== holder) db?.close()
    }
  }

  const lock = async (db: Sqlite): Promise<void> => {
    for (let waited = 0; ; waited += POLL_MS) {
      try {
        db.exec("BEGIN IMMEDIATE")
        return
      } catch (error) {
        const fault = storeError(error, path)
        if (fault?.reason !== "locked" || waited >= LONGEST_WAIT_MS) throw fault ?? error
        await sleep(POLL_MS)
      }
    }
  }

  const locked = async <A>(work: () => Promise<A>): Promise<A> =>
    within(async (db) => {
      await lock(db)
      holder = db
      try {
        return await work()
      } finally {
        holder = null
        if (db.inTransaction) db.exec("ROLLBACK")
        db.close()
      }
    })

  return {
    load: () => (existsSync(file) ? within(read) : Promise.resolve(null)),
    save: (text) =>
      within((db) => {
        db.exec("CREATE TABLE IF NOT EXISTS vault (only INTEGER PRIMARY KEY CHECK (only = 1), text TEXT NOT NULL) STRICT")
        db.prepare("INSERT INTO vault VALUES (1, ?) ON CONFLICT (only) DO UPDATE SET text = excluded.text").run(text)
        // Durable from here on, whatever becomes of the rest of the work.
        if (db.inTransaction) db.exec("COMMIT")
      }),
    exclusively(work) {
      const turn = last.then(
        () => locked(work),
        () => locked(work),
      )
      last = turn.catch(() => {})
      return turn
    },
  }
}

const read = (db: Sqlite): string | null => {
  if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'vault'").get() === undefined) return null
  const text: unknown = db.prepare("SELECT text FROM vault").pluck().get()
  return typeof text === "string" ? text : null
}
