// Opens a store. For writing: a file of mode 0600 with a write-ahead log, synced at every commit, brought to the newest
// layout. For reading: a private copy in memory as of now, which leaves no trace on the disk.
import type { Store, StoreError } from "@syncline/core/store"
import * as Effect from "effect/Effect"
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { migrations as known } from "../migrations/index.ts"
import { guarded } from "./faults.ts"
import { checkVersion, migrate } from "./migrate.ts"
import { imageOf, inMemory } from "./snapshot.ts"
import { loadSqlite } from "./sqlite.ts"
import type { Constructor, Sqlite } from "./sqlite.ts"
import { storeOn } from "./store.ts"

export interface OpenOptions {
  /** A file, created if missing (its directory too), or ":memory:". */
  readonly path: string
  /** Reads the state as of now; a missing file is an empty store, and no file is created. */
  readonly readOnly?: boolean
}

/** How long a statement waits for another process before the store counts as locked. */
const BUSY_TIMEOUT_MS = 5000
/** The log is cut back to this size after a checkpoint. */
const LOG_LIMIT_BYTES = 64 * 1024 * 1024

export const openSqliteStore = (options: OpenOptions): Effect.Effect<Store, StoreError> => openWith(options, known)

/** For tests of migrations and locks. */
export function openWith(
  { path, readOnly = false }: OpenOptions,
  migrations: readonly string[],
  timeoutMs = BUSY_TIMEOUT_MS,
): Effect.Effect<Store, StoreError> {
  return Effect.flatMap(loadSqlite, (sqlite) =>
    guarded(path, () => {
      const file = path === ":memory:" ? null : resolve(path)
      const db = file === null ? new sqlite(":memory:") : readOnly ? copied(sqlite, file, timeoutMs) : created(sqlite, file, timeoutMs)
      try {
        checkVersion(db, path, migrations)
        if (file !== null && !readOnly) makeDurable(db, file)
        migrate(db, migrations)
        db.pragma("foreign_keys = ON")
        return storeOn({ db, sqlite, path, readOnly })
      } catch (cause) {
        db.close()
        throw cause
      }
    }),
  )
}

const copied = (sqlite: Constructor, file: string, timeoutMs: number): Sqlite =>
  existsSync(file) ? inMemory(sqlite, imageOf(sqlite, file, timeoutMs)) : new sqlite(":memory:")

function created(sqlite: Constructor, file: string, timeout: number): Sqlite {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, "a", 0o600))
  return new sqlite(file, { timeout })
}

function makeDurable(db: Sqlite, file: string): void {
  // The log and its index get the mode of the file, so it is set before there is a log.
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
  db.pragma("journal_mode = WAL")
  db.pragma("synchronous = FULL")
  db.pragma(`journal_size_limit = ${LOG_LIMIT_BYTES}`)
}
