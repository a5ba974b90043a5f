// The store's port: page-wise operations that every engine offers in the same way (conformance suite in testkit).
// Reads are set-wise, writes are one transaction each; a commit under a superseded lease changes nothing.
import type * as Effect from "effect/Effect"
import type { StaleLease, LeaseHeld, StoreError } from "./error.ts"
import type { Changes } from "../model/changes.ts"
import type { Intent } from "../model/intent.ts"
import type { JournalRow } from "../model/journal.ts"
import type { Link, LinkState } from "../model/link.ts"
import type { Loaded } from "../model/loaded.ts"
import type { Quarantined } from "../model/quarantine.ts"
import type { RecordRow } from "../model/record.ts"
import type { Review } from "../model/review.ts"
import type { ScanState } from "../model/scan.ts"
import type { Json } from "../model/value.ts"
import type { Decision } from "./decision.ts"
import type { Erased, Erasure } from "./erasure.ts"
import type { RunRow } from "./run-row.ts"

export type { Loaded }

/** The right to write, held by one process at a time. Every commit names its epoch. */
export interface Lease {
  readonly owner: string
  readonly epoch: number
}

/** What a page of observations may touch. */
export interface PageQuery {
  readonly entity: string
  readonly binding: string
  readonly remoteIds: readonly string[]
  readonly secondaryIds: readonly string[]
  /** Match keys of items that may be new. */
  readonly keys: readonly { readonly key: string; readonly value: string }[]
}

export interface DueCounts {
  readonly entity: string
  readonly binding: string
  /** Links that owe something and are due, with an open intent or without, by what they would cause. */
  readonly create: number
  readonly update: number
  readonly delete: number
  /** Links with a remote id that are live. */
  readonly linked: number
}

export interface BindingStatus {
  readonly entity: string
  readonly binding: string
  readonly links: Readonly<Record<LinkState, number>>
  /** Links that owe something, due or not. */
  readonly owed: number
  /** Of those, links whose last attempt failed and that wait for their next. */
  readonly waiting: number
  readonly quarantined: number
  readonly reviews: number
  /** Earliest time at which something waiting becomes due; epoch ms. */
  readonly nextDueAt: number | null
}

export interface JournalFilter {
  readonly recordId?: string
  readonly run?: string
  readonly binding?: string
  readonly afterSeq?: number
  readonly limit: number
  /** Newest first, rather than oldest first. */
  readonly newestFirst?: boolean
}

export interface ReviewFilter {
  readonly status?: "open" | "closed"
  readonly kind?: string
  readonly field?: string
  readonly entity?: string
  readonly limit: number
}

export interface QuarantineFilter {
  readonly entity?: string
  readonly binding?: string
  readonly limit: number
}

type Read<A> = Effect.Effect<A, StoreError>
type Write<A> = Effect.Effect<A, StoreError | StaleLease>

export interface Store {
  // lease
  /** Takes the lease if it is free or past its time; bumps the epoch. */
  acquire(owner: string, now: number, ttlMs: number): Effect.Effect<Lease, StoreError | LeaseHeld>
  renew(lease: Lease, now: number, ttlMs: number): Write<void>
  /** Gives it back; harmless if it is no longer ours. */
  release(lease: Lease): Read<void>

  // one page
  loadPage(query: PageQuery): Read<Loaded>
  loadRecords(ids: readonly string[]): Read<Loaded>
  /**
   * One transaction: all of it, or nothing. Rows are whole and replace rows with the same id; what is dropped, released,
   * closed or unclaimed goes first. A link or claim without its record, or two links of an entity's binding with one remote
   * id (tombstones too), is a broken invariant and dies.
   */
  commit(lease: Lease, changes: Changes): Write<void>

  // delivery
  /** Links of a binding with `dueAt <= now` and no open intent, deletes last, oldest due first; with all that `Loaded` promises. */
  due(binding: string, entity: string, now: number, limit: number): Read<{ readonly due: readonly Link[]; readonly loaded: Loaded }>
  dueCounts(now: number): Read<readonly DueCounts[]>
  openIntents(limit: number): Read<readonly Intent[]>
  /** Links with `rereadAt <= now` and a remote id. */
  toReread(binding: string, entity: string, now: number, limit: number): Read<readonly Link[]>
  /** Links with a remote id, not gone, last seen before `before`; ordered by link id, after `afterId`. One never seen is not among them. */
  unsighted(binding: string, entity: string, before: number, afterId: string, limit: number): Read<readonly Link[]>
  scans(): Read<readonly ScanState[]>
  /** Records (not deleted) of an entity by id, in order, after `afterId`: for backfills. */
  records(entity: string, afterId: string, limit: number): Read<readonly RecordRow[]>

  // what people decided meanwhile; needs no lease, applied by the next pass
  decide(decision: Decision): Read<void>
  decisions(): Read<readonly Decision[]>

  // erasure
  /**
   * Erases records and all that is known about them, in one transaction, and leaves none of it in the file: what SQLite
   * keeps of deleted rows and its log are cleared as well. Open intents go too: there must be none that may still matter.
   */
  forget(lease: Lease, erasure: Erasure): Write<Erased>
  /** Lets a person come in again, named by any of what was kept of them. False: there is none with this id. */
  allowAgain(lease: Lease, id: string): Write<boolean>

  // bookkeeping
  systemState(system: string): Read<Json>
  putSystemState(lease: Lease, system: string, state: Json): Write<void>
  putRun(lease: Lease, run: RunRow): Write<void>
  /** Newest first. */
  runs(limit: number): Read<readonly RunRow[]>

  // for people
  status(): Read<readonly BindingStatus[]>
  /** Oldest first; the closed are kept. */
  reviews(filter: ReviewFilter): Read<readonly Review[]>
  /** By id or by a unique beginning of it. */
  review(id: string): Read<Review | null>
  /** Oldest first. */
  quarantined(filter: QuarantineFilter): Read<readonly Quarantined[]>
  journal(filter: JournalFilter): Read<readonly JournalRow[]>
  /**
   * Ids of records found by record id, remote id, secondary id or the value of a match key (case-insensitive). A deleted
   * record has no keys any more: where nothing else is found, it is by any of its values.
   */
  find(text: string, limit: number): Read<readonly string[]>

  /** A private copy in memory, its lease free, on which a pass can be rehearsed; writes to it reach nobody. */
  fork(): Read<Store>
  close(): Read<void>
}
