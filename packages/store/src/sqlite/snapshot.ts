// Private copies in memory: for forks, and for reading a store without leaving a trace beside it.
// A copy is the database as of one instant; a process that writes meanwhile is neither seen nor held up.
import { existsSync, readFileSync, statSync } from "node:fs"
import type { Constructor, Sqlite } from "./sqlite.ts"

/** Where the header says which kind of journal is used; a database in memory can have no write-ahead log. */
const JOURNAL_BYTES = [18, 19]
const ROLLBACK_JOURNAL = 1
const HEADER_BYTES = 100
const TRIES = 5

export function inMemory(sqlite: Constructor, image: Buffer): Sqlite {
  if (image.length < HEADER_BYTES) return new sqlite(":memory:")
  for (const at of JOURNAL_BYTES) image[at] = ROLLBACK_JOURNAL
  return new sqlite(image)
}

/**
 * The image of a store file. Without a log beside it the file is all there is, and is read as a file: SQLite would create
 * a log for that. With one, SQLite puts the two together.
 */
export function imageOf(sqlite: Constructor, path: string, timeoutMs: number): Buffer {
  for (let tries = 0; tries < TRIES && !hasLog(path); tries++) {
    const before = statSync(path, { bigint: true })
    const image = readFileSync(path)
    const after = statSync(path, { bigint: true })
    if (!hasLog(path) && before.mtimeNs === after.mtimeNs && before.size === after.size && before.ino === after.ino) return image
  }
  const db = new sqlite(path, { readonly: true, timeout: timeoutMs })
  try {
    return db.serialize()
  } finally {
    db.close()
  }
}

const hasLog = (path: string): boolean => existsSync(`${path}-wal`) || existsSync(`${path}-journal`)
