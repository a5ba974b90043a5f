// Remembers what a keyed request did, and answers a repetition with it. Only what was carried out is remembered: a
// request that was refused may be corrected and sent again under its key.
import { createHash } from "node:crypto"
import { idempotencyTtlMs } from "../options.ts"
import type { Db } from "./database.ts"

export const hashOf = (request: unknown): string => createHash("sha256").update(JSON.stringify(request)).digest("base64url")

export type Remembered = { readonly known: false } | { readonly known: true; readonly same: boolean; readonly result: string }

export interface IdempotencyStore {
  recall(key: string, hash: string, now: number): Remembered
  keep(key: string, hash: string, result: string, now: number): void
  clear(): void
}

export const idempotencyStore = (db: Db): IdempotencyStore => {
  const find = db.prepare<[string], { hash: string; result: string; at: number }>("SELECT hash, result, at FROM idempotency WHERE key = ?")
  const keep = db.prepare(
    "INSERT INTO idempotency (key, hash, result, at) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET hash = excluded.hash, result = excluded.result, at = excluded.at",
  )
  const purge = db.prepare("DELETE FROM idempotency WHERE at < ?")
  let purgedAt = 0
  return {
    recall: (key, hash, now) => {
      const row = find.get(key)
      if (!row || row.at < now - idempotencyTtlMs) return { known: false }
      return { known: true, same: row.hash === hash, result: row.result }
    },
    keep: (key, hash, result, now) => {
      if (now - purgedAt > 60_000) {
        purge.run(now - idempotencyTtlMs)
        purgedAt = now
      }
      keep.run(key, hash, result, now)
    },
    clear: () => void db.exec("DELETE FROM idempotency"),
  }
}
