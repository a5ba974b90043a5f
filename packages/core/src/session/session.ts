// What one pass carries along: the lease, the systems, what was counted, and the one way to change the store.
import * as Effect from "effect/Effect"
import type * as Semaphore from "effect/Semaphore"
import type { Binding, Entity } from "../model/pipeline.ts"
import type { Changes } from "../model/changes.ts"
import type { Intent } from "../model/intent.ts"
import type { ScanState } from "../model/scan.ts"
import { equal, isBlank } from "../model/value.ts"
import { Draft } from "../integrate/draft.ts"
import { reschedule } from "../integrate/hold.ts"
import { reclaim, reclaimShown } from "../integrate/spread.ts"
import { forgetUnmade } from "../integrate/unmade.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import type { Lease, Loaded } from "../store/port.ts"
import type { Restored } from "../store/restored.ts"
import type { Engine, PassOptions } from "./engine.ts"
import type { GuardTrip, PlannedWrite } from "../model/report.ts"
import type { Remote } from "./remote.ts"
import type { SchemaHold, SchemaState } from "./schema-state.ts"

export interface Counters {
  read: number
  changed: number
  created: number
  updated: number
  deleted: number
  postponed: number
  refused: number
}

export interface Session {
  readonly engine: Engine
  readonly options: PassOptions
  readonly lease: Lease
  readonly run: string
  readonly startedAt: number
  /** One step at a time changes the store; calls to systems run side by side. */
  readonly lock: Semaphore.Semaphore
  readonly remotes: ReadonlyMap<string, Remote>
  readonly counters: ReadonlyMap<string, Counters>
  readonly scans: Map<string, ScanState>
  /** Links that were tried in this pass and are left for a later one. */
  readonly tried: Set<string>
  /** Links whose write took effect in this round: what they owe again waits for the next, before which flips are counted. */
  readonly written: Set<string>
  /** Links whose items showed something new beside what they were asked for: nothing is written to them until they are read. */
  readonly noticed: Set<string>
  /** Ids that writes of this pass gave to items: what was known under one of them is another item's. */
  readonly made: Map<string, Renamed>
  /** Match keys that were claimed or released: items that wait for one of them may be identified now. */
  readonly movedKeys: Set<string>
  /** Records that lost an item: one that waited beside it may be theirs now. */
  readonly freed: Set<string>
  /** The last pass was cut off: which keys it moved is not known. */
  anyKeyMoved: boolean
  reviewsOpened: number
  reviewsClosed: number
  quarantined: number
  readonly guards: GuardTrip[]
  readonly warnings: Set<string>
  /** Set in a rehearsal: every write, in the order in which it would be made. */
  readonly planned: PlannedWrite[] | null
  /** Set: a plan is being carried out, and no write is begun that it does not name. */
  readonly only: { take(intent: Intent): boolean; giveBack(intent: Intent): void } | null
  /** In a rehearsal: open creates that are listed among the writes already. */
  readonly toldReplays: Set<string>
  /** Records with a field that changed hands between systems, and their entity: it may be going back and forth. */
  readonly contested: Map<string, string>
  /** What is known of the schema of each binding, by entity and binding. */
  readonly schemas: Map<string, Watched>
  /** Paths that were held for the first time in this pass. */
  schemaHolds: number
  /** Set: the store is older than the systems; until all of them were read in full, nothing is written. */
  readonly restored: Restored | null
  /** Bindings, by entity and binding, of which a scan showed all there is. */
  readonly readInFull: Set<string>
  /** Links are due up to this time: now, or for ever where a person asked for a run. */
  readonly dueBefore: number
  renewedAt: number
}

/** `was`: what the item was called before; null where it was just made. */
export interface Renamed {
  readonly at: number
  readonly was: string | null
}

export interface Watched {
  readonly entity: Entity
  readonly binding: Binding
  /** As the store has it. */
  stored: string
  state: SchemaState
  /** Held until this pass, and no longer. */
  letGo: readonly SchemaHold[]
  /** Those of them that show again. */
  back: readonly SchemaHold[]
}

export const keyId = (key: string, value: string): string => `${key}\n${value}`

export const scanKey = (entity: string, binding: string): string => `${entity}\n${binding}`

export const LEASE_TTL_MS = 60_000
/** The lease is renewed when this much of it is gone, so that a slow call never outlives it. */
const RENEW_AFTER_MS = 10_000

export const remoteOf = (session: Session, system: string): Remote => {
  const remote = session.remotes.get(system)
  if (remote === undefined) throw new Error(`system ${system} has no connector`)
  return remote
}

export const countersOf = (session: Session, system: string): Counters => {
  const counters = session.counters.get(system)
  if (counters === undefined) throw new Error(`system ${system} has no counters`)
  return counters
}

/** Loads rows, lets `work` change a draft of them, and commits: one transaction, nobody in between. */
export const step = <A, E>(
  session: Session,
  entity: Entity,
  load: Effect.Effect<Loaded, E>,
  work: (draft: Draft, loaded: Loaded) => A,
): Effect.Effect<A, E | StoreError | StaleLease> =>
  session.lock.withPermits(1)(
    Effect.gen(function* () {
      yield* keepLease(session)
      const loaded = yield* load
      const draft = openDraft(session, entity, loaded)
      const result = work(draft, loaded)
      forgetUnmade(draft)
      for (const recordId of draft.answered()) if (draft.hasRecord(recordId)) reclaim(draft, recordId)
      reclaimShown(draft)
      reschedule(draft)
      for (const [id, binding] of draft.forgotten.leftAlone())
        session.warnings.add(`${binding}: an item is left alone, because whom it is about was forgotten (${id})`)
      const changes = draft.changes()
      noteContested(session, loaded, changes)
      yield* commit(session, changes)
      return result
    }),
  )

export const keepLease = (session: Session): Effect.Effect<void, StoreError | StaleLease> =>
  Effect.suspend(() => {
    const now = session.engine.now()
    if (now - session.renewedAt < RENEW_AFTER_MS) return Effect.void
    // only once it is: others that work beside this must not go on by a lease that was refused
    return Effect.map(session.engine.store.renew(session.lease, now, LEASE_TTL_MS), () => {
      session.renewedAt = now
    })
  })

const holdsOf = (session: Session, entity: Entity, binding: string): readonly SchemaHold[] =>
  session.schemas.get(scanKey(entity.name, binding))?.state.holds ?? []

/** Fields that a binding's system lost or retyped. */
export const withheldIn = (session: Session, entity: Entity, binding: string): readonly string[] =>
  holdsOf(session, entity, binding).flatMap((hold) => hold.fields)

export function openDraft(session: Session, entity: Entity, loaded: Loaded): Draft {
  const { engine } = session
  const resolutions = new Map(entity.bindings.map((binding) => [binding.system, binding.spec.version.resolutionMs ?? 1]))
  return new Draft(
    {
      entity,
      run: session.run,
      now: engine.now(),
      nextId: (prefix) => engine.ids.next(prefix),
      withheld: (binding) => withheldIn(session, entity, binding),
      unread: (binding) => holdsOf(session, entity, binding).flatMap((hold) => (hold.kind === "retyped" ? hold.fields : [])),
      isRestored: session.restored !== null,
      clocks: { offset: (system) => engine.clockOffset(system), resolutionMs: (system) => resolutions.get(system) ?? 1 },
    },
    loaded,
  )
}

/** Remembers what may be going back and forth: looked into before the next write. */
const noteContested = (session: Session, loaded: Loaded, changes: Changes): void => {
  const before = new Map(loaded.records.map((record) => [record.id, record]))
  for (const record of changes.records) {
    const old = before.get(record.id)
    if (old === undefined) continue
    const passedOn = Object.entries(record.stamps).some(([field, { system }]) => {
      const was = old.fields[field] ?? null
      return old.stamps[field]?.system !== system && !isBlank(was) && !equal(was, record.fields[field] ?? null)
    })
    if (passedOn) session.contested.set(record.id, record.entity)
  }
  for (const { kind, recordId, entity, changes: fields } of changes.journal)
    if (kind === "conflict" && recordId !== null && entity !== null && fields.some((field) => equal(field.before, field.after)))
      session.contested.set(recordId, entity)
}

const commit = (session: Session, changes: Changes): Effect.Effect<void, StoreError | StaleLease> =>
  Effect.suspend(() => {
    if (isEmpty(changes)) return Effect.void
    for (const claim of [...changes.claim, ...changes.unclaim]) session.movedKeys.add(keyId(claim.key, claim.value))
    for (const link of changes.links)
      if (link.state === "gone" || (link.remoteId === null && link.generation > 1)) session.freed.add(link.recordId)
    for (const entry of changes.journal) {
      if (entry.kind === "review_opened") session.reviewsOpened++
      else if (entry.kind === "review_closed" || entry.kind === "review_resolved") session.reviewsClosed++
      else if (entry.kind === "quarantined") session.quarantined++
    }
    for (const scan of changes.scans) session.scans.set(scanKey(scan.entity, scan.binding), scan)
    return session.engine.store.commit(session.lease, changes)
  })

const isEmpty = (changes: Changes): boolean =>
  changes.sighted === null && Object.values(changes).every((part) => part === null || (Array.isArray(part) && part.length === 0))

/** Every binding of a system, with its entity. */
export function bindingsOf(session: Session, system: string): readonly (readonly [Entity, Binding])[] {
  return session.engine.pipeline.entities.flatMap((entity) =>
    entity.bindings.filter((binding) => binding.system === system).map((binding) => [entity, binding] as const),
  )
}
