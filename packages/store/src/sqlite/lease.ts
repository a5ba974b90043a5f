// The lease: one row that says who may write, until when, and in which epoch.
// Every call runs inside a transaction of the caller; answers are values, so that a refusal rolls nothing back.
import { LeaseHeld } from "@syncline/core/store"
import type { Lease } from "@syncline/core/store"
import type { Sqlite } from "./sqlite.ts"

interface StoredLease {
  readonly owner: string | null
  readonly epoch: number
  readonly until: number
}

export function openLease(db: Sqlite) {
  const read = db.prepare<[], StoredLease>("SELECT owner, epoch, until FROM lease")
  const put = db.prepare<[string | null, number, number]>("UPDATE lease SET owner = ?, epoch = ?, until = ?")
  const current = (): StoredLease => {
    const row = read.get()
    if (row === undefined) throw new Error("the store has no lease row")
    return row
  }
  const isHeld = (lease: Lease): boolean => {
    const row = current()
    return row.epoch === lease.epoch && row.owner === lease.owner
  }
  return {
    isHeld,
    acquire: (owner: string, now: number, ttlMs: number): Lease | LeaseHeld => {
      const row = current()
      if (row.owner !== null && row.until > now) return new LeaseHeld({ owner: row.owner, epoch: row.epoch, until: row.until })
      const epoch = row.epoch + 1
      put.run(owner, epoch, now + ttlMs)
      return { owner, epoch }
    },
    renew: (lease: Lease, until: number): void => void put.run(lease.owner, lease.epoch, until),
    release: (lease: Lease): void => {
      if (isHeld(lease)) put.run(null, lease.epoch, 0)
    },
    /** In a private copy nobody holds it. */
    free: (): void => void put.run(null, current().epoch, 0),
  }
}
