// Brings a store to the newest layout, one transaction per migration; the version is the number of those applied.
// A file that another program made, or a newer Syncline, is refused and left as it is.
import { StoreError } from "@syncline/core/store"
import type { Sqlite } from "./sqlite.ts"

/** "Sync" in ASCII: marks the file as ours. */
const APPLICATION_ID = 0x53796e63

const number = (db: Sqlite, name: string): number => Number(db.pragma(name, { simple: true }))

/** Reads only: whether this is our file, and not from the future. */
export function checkVersion(db: Sqlite, path: string, migrations: readonly string[]): void {
  const version = number(db, "user_version")
  const foreign = number(db, "application_id") !== APPLICATION_ID && (version !== 0 || number(db, "schema_version") !== 0)
  if (foreign) {
    const message = `${path} is a database of another program, not a Syncline store. Check the path; nothing was changed.`
    throw new StoreError({ reason: "version", message })
  }
  if (version > migrations.length) {
    const message = `${path} was written by a newer Syncline (store version ${version}, this one knows ${migrations.length}). Update Syncline; nothing was changed.`
    throw new StoreError({ reason: "version", message })
  }
}

export function migrate(db: Sqlite, migrations: readonly string[]): void {
  const step = db.transaction((next: number) => {
    // Another process may have been faster while this one waited for the write lock.
    if (number(db, "user_version") >= next) return
    db.exec(migrations[next - 1] ?? "")
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.pragma(`user_version = ${next}`)
  })
  for (let next = number(db, "user_version") + 1; next <= migrations.length; next++) step.immediate(next)
}
