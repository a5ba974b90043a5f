// The change log: one row per create, update and delete, in order. Rows leave it after the retention time, and with
// them every cursor that is older: such a cursor expires instead of silently missing what was purged.
import { retentionMs } from "../options.ts"
import { readMeta, writeMeta, type Db } from "./database.ts"

export type ChangeType = "created" | "updated" | "deleted"
export const changeTypes: readonly ChangeType[] = ["created", "updated", "deleted"]

export interface ChangeRow {
  readonly seq: number
  readonly contact_id: string
  readonly type: ChangeType
  readonly at: number
  readonly revision: number
}

export interface ChangeLog {
  append(contactId: string, type: ChangeType, at: number, revision: number): void
  /** Sequence of the newest change; 0 before the first. */
  head(): number
  /** Cursors below it have expired. */
  floor(): number
  /** Changes after `since`, up to and with `until`. */
  read(since: number, until: number, types: readonly ChangeType[], limit: number): ChangeRow[]
  /** Drops what is older than the retention time. */
  purge(now: number): void
  /** Forgets everything; every cursor handed out so far expires. */
  clear(): void
}

export const changeLog = (db: Db): ChangeLog => {
  const append = db.prepare("INSERT INTO changes (contact_id, type, at, revision) VALUES (?, ?, ?, ?)")
  // AUTOINCREMENT's own counter: it goes on where rows were deleted
  const head = db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'changes'").pluck()
  const read = db.prepare<[number, number, string, number], ChangeRow>(
    "SELECT seq, contact_id, type, at, revision FROM changes WHERE seq > ? AND seq <= ? AND type IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT ?",
  )
  const oldest = db.prepare<[], { seq: number; at: number }>("SELECT seq, at FROM changes ORDER BY seq LIMIT 1")
  const purgeable = db.prepare<[number], number | null>("SELECT max(seq) FROM changes WHERE at < ?").pluck()
  const drop = db.prepare("DELETE FROM changes WHERE seq <= ?")
  const dropTombstones = db.prepare("DELETE FROM tombstones WHERE deleted_at < ?")
  const headSeq = (): number => head.get() ?? 0
  return {
    append: (contactId, type, at, revision) => void append.run(contactId, type, at, revision),
    head: headSeq,
    floor: () => Number(readMeta(db, "changes_floor") ?? 0),
    read: (since, until, types, limit) => read.all(since, until, JSON.stringify(types), limit),
    purge: (now) => {
      const first = oldest.get()
      if (!first || first.at >= now - retentionMs) return
      const last = purgeable.get(now - retentionMs)
      if (last === undefined || last === null) return
      db.transaction(() => {
        drop.run(last)
        dropTombstones.run(now - retentionMs)
        writeMeta(db, "changes_floor", String(last))
      })()
    },
    clear: () => {
      // one number is skipped, so that even a cursor at the very head is older than what comes
      const next = headSeq() + 1
      append.run("", "deleted", 0, 0)
      db.exec("DELETE FROM changes")
      writeMeta(db, "changes_floor", String(next))
    },
  }
}
