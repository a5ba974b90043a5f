// Every request that reached the server, the faulted ones included, in order. Written before the answer leaves, so that
// who has an answer finds its request here.
import { keptRequests } from "../options.ts"
import type { Db } from "./database.ts"

export interface RequestEntry {
  /** ISO 8601. */
  readonly at: string
  readonly method: string
  /** With its query. */
  readonly path: string
  /** 0: no answer was sent. */
  readonly status: number
  readonly ms: number
  /** Whether this was a call that may change contacts. */
  readonly write: boolean
  /** Contacts that really changed by it. */
  readonly changed: number
  /** Contacts named or touched by a write, or read by id. */
  readonly ids: readonly string[]
  readonly idempotency_key: string | null
  /** Kinds of the faults it met. */
  readonly faults: readonly string[]
}

export interface RequestLog {
  add(entry: RequestEntry): void
  since(seq: number, limit: number): (RequestEntry & { readonly seq: number })[]
  clear(): void
}

const sweepEvery = 10_000

export const requestLog = (db: Db): RequestLog => {
  const add = db.prepare("INSERT INTO requests (entry) VALUES (?)")
  const drop = db.prepare("DELETE FROM requests WHERE seq <= ?")
  const since = db.prepare<[number, number], { seq: number; entry: string }>(
    "SELECT seq, entry FROM requests WHERE seq > ? ORDER BY seq LIMIT ?",
  )
  return {
    add: (entry) => {
      const seq = Number(add.run(JSON.stringify(entry)).lastInsertRowid)
      if (seq % sweepEvery === 0) drop.run(seq - keptRequests)
    },
    since: (seq, limit) => since.all(seq, limit).map((row) => ({ seq: row.seq, ...parseEntry(row.entry) })),
    clear: () => void db.exec("DELETE FROM requests"),
  }
}

const parseEntry = (text: string): RequestEntry => JSON.parse(text)
