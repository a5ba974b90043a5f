// A copy of a store as of one instant, taken while others go on writing; checked before it gets its name, mode 0600.
// In: the path of a store and where the copy goes. Out: a whole file, or none.
import { StoreError } from "@syncline/core/store"
import * as Effect from "effect/Effect"
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, statSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { migrations } from "../migrations/index.ts"
import { guarded } from "./faults.ts"
import { checkVersion } from "./migrate.ts"
import { loadSqlite } from "./sqlite.ts"
import type { Constructor } from "./sqlite.ts"

/** How long the copy waits for a process that is just recovering the log. */
const BUSY_TIMEOUT_MS = 5000

export interface BackupOptions {
  readonly path: string
  /** A file that is not there yet; its directory is made if need be. */
  readonly out: string
}

export const backupSqliteStore = ({ path, out }: BackupOptions): Effect.Effect<{ readonly bytes: number }, StoreError> =>
  Effect.flatMap(loadSqlite, (sqlite) =>
    guarded(out, () => {
      const target = resolve(out)
      if (existsSync(target)) throw taken(out)
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
      const part = partOf(target)
      try {
        copyTo(sqlite, path, part)
        give(part, target)
      } finally {
        rmSync(part, { force: true })
      }
      syncDirectory(dirname(target))
      return { bytes: statSync(target).size }
    }),
  )

/** A link never replaces what somebody else put there meanwhile; some file systems have none. */
function give(part: string, target: string): void {
  try {
    linkSync(part, target)
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") throw taken(target)
    renameSync(part, target)
  }
}

export const partOf = (target: string): string => `${target}.part-${process.pid}`

/** One consistent, checked and flushed copy of a store; `to` is made, or made anew. */
export function copyTo(sqlite: Constructor, from: string, to: string): void {
  if (!existsSync(from)) throw new StoreError({ reason: "unavailable", message: `${from} is not there. Check the path.` })
  rmSync(to, { force: true })
  closeSync(openSync(to, "wx", 0o600))
  const source = new sqlite(resolve(from), { readonly: true, timeout: BUSY_TIMEOUT_MS })
  try {
    checkVersion(source, from, migrations)
    if (Number(source.pragma("user_version", { simple: true })) === 0)
      throw new StoreError({ reason: "corrupt", message: `${from} is not a Syncline store. Check the path.` })
    // in one read transaction: writers go on meanwhile and are not seen
    source.prepare("VACUUM INTO ?").run(to)
  } finally {
    source.close()
  }
  const copy = new sqlite(to)
  try {
    const found = copy.pragma("integrity_check(1)", { simple: true })
    if (found !== "ok") throw new StoreError({ reason: "corrupt", message: `${from} is damaged: ${String(found)}. Use another backup.` })
  } finally {
    copy.close()
  }
  const file = openSync(to, "r+")
  fsyncSync(file)
  closeSync(file)
}

export function syncDirectory(directory: string): void {
  const handle = openSync(directory, "r")
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

const taken = (out: string): StoreError =>
  new StoreError({ reason: "unavailable", message: `${out} is there already. Name a file that is not: a backup replaces nothing.` })
