// Forgets a person: with `everywhere` their items are deleted in the systems first; then everything about them is erased
// here, and only keyed hashes of their match keys and of their items' ids stay, so that no read takes them in again. The
// receipt names nobody.
import * as Effect from "effect/Effect"
import type { Entity } from "../model/pipeline.ts"
import { NO_CHANGES } from "../model/changes.ts"
import type { Link } from "../model/link.ts"
import type { Loaded } from "../model/loaded.ts"
import type { GuardTrip, Unreachable } from "../model/report.ts"
import { deleteThere } from "../forget/delete-there.ts"
import { erasureOf, erasureOfItem } from "../forget/erasure-of.ts"
import { formerLife } from "../forget/former-life.ts"
import { type Person, personOf } from "../forget/person.ts"
import { type WaitingItem, waitingItems } from "../forget/waiting.ts"
import type { Engine, PassOptions } from "../session/engine.ts"
import { LEASE_TTL_MS, type Session } from "../session/session.ts"
import type { Erased } from "../store/erasure.ts"
import type { LeaseHeld, StaleLease, StoreError } from "../store/error.ts"
import type { Lease, Store } from "../store/port.ts"
import { pass } from "./run.ts"

export interface ForgetOptions extends Pick<PassOptions, "allow"> {
  /** Delete the items in the systems first. */
  readonly everywhere: boolean
}

export interface InSystem {
  readonly system: string
  readonly binding: string
  /** `left`: not asked to delete it, `archived`: the system keeps what is deleted, `not_deletable`: it offers no delete. */
  readonly outcome: "deleted" | "archived" | "left" | "not_deletable" | "not_deleted"
}

export interface Receipt {
  readonly forget: 1
  readonly pipeline: string
  readonly at: number
  readonly systems: readonly InSystem[]
  /** `null`: nothing was erased here, for the reason in `why`. */
  readonly erased: Erased | null
  readonly why: string | null
  readonly guards: readonly GuardTrip[]
  readonly unreachable: readonly Unreachable[]
}

/** `null`: there is no such record. */
export const forgetRecord = (
  engine: Engine,
  recordId: string,
  options: ForgetOptions,
): Effect.Effect<Receipt | null, StoreError | LeaseHeld | StaleLease> =>
  leased(engine, (lease) =>
    Effect.gen(function* () {
      const person = yield* personOf(engine.store, engine.pipeline, recordId)
      return person === null ? null : yield* forgetPerson(engine, lease, person, options)
    }),
  )

/** Somebody who never became a record: the items that wait in quarantine or with a question. `null`: none of them waits any more. */
export const forgetItems = (
  engine: Engine,
  items: readonly WaitingItem[],
  options: ForgetOptions,
): Effect.Effect<Receipt | null, StoreError | LeaseHeld | StaleLease> =>
  leased(engine, (lease) =>
    Effect.gen(function* () {
      const entity = engine.pipeline.entities.find((candidate) => candidate.name === items[0]?.entity)
      // what was erased meanwhile is not to be known here again, for as long as its delete takes
      const waiting = new Set((yield* waitingItems(engine.store)).map(nameOf))
      const still = items.filter((item) => waiting.has(nameOf(item)))
      if (entity === undefined || still.length === 0) return null
      return yield* forgetPerson(engine, lease, { entity, recordIds: [], items: still }, options)
    }),
  )

const nameOf = ({ entity, binding, remoteId }: WaitingItem): string => JSON.stringify([entity, binding, remoteId])

const leased = <A>(
  engine: Engine,
  act: (lease: Lease) => Effect.Effect<A, StoreError | StaleLease>,
): Effect.Effect<A, StoreError | LeaseHeld | StaleLease> =>
  Effect.acquireUseRelease(
    Effect.suspend(() => engine.store.acquire(engine.owner, engine.now(), LEASE_TTL_MS)),
    act,
    (lease) => engine.store.release(lease).pipe(Effect.ignore),
  )

const forgetPerson = (
  engine: Engine,
  lease: Lease,
  person: Person,
  { everywhere, ...options }: ForgetOptions,
): Effect.Effect<Receipt, StoreError | StaleLease> =>
  Effect.gen(function* () {
    const { store, pipeline, now } = engine
    const { entity, items } = person
    const before = yield* store.loadRecords(person.recordIds)
    const former = yield* formerLife(store, entity, before.records)
    const others = otherNames(yield* waitingItems(store), person, before.links)
    const receipt = { forget: 1, pipeline: pipeline.name, at: now(), guards: [], unreachable: [], erased: null, why: null } as const
    // what the systems were asked is erased with the rest, keys that were only seen before included
    const beforehand = [
      ...before.records.map((record) => erasureOf(entity, record, before, now())),
      ...[...items, ...others].map((item) => erasureOfItem(entity, pipeline, item, now())),
    ]
    let guards: readonly GuardTrip[] = []
    let unreachable: readonly Unreachable[] = []
    let adopted: readonly string[] = []
    if (everywhere) {
      const gate = (session: Session) =>
        Effect.map(deleteThere(session, person), (made) => {
          adopted = made
          return false
        })
      const { report } = yield* pass(engine, options, lease, null, { gate })
      guards = report.guards
      unreachable = report.unreachable
    }
    const recordIds = [...new Set([...person.recordIds, ...adopted, ...(yield* standIns(store, person))])]
    const after = yield* store.loadRecords(recordIds)
    const systems = outcomes(person, before, after, everywhere)
    const told = { ...receipt, systems, guards, unreachable }
    const why = whyNot(after, systems, guards)
    if (why !== null) return { ...told, why }
    const erasures = [...beforehand, ...after.records.map((record) => erasureOf(entity, record, after, now()))]
    const all = [...erasures.flatMap((each) => each.keys), ...former.keys]
    const keys = new Map(all.map((key) => [JSON.stringify([key.key, key.value]), key]))
    yield* store.renew(lease, now(), LEASE_TTL_MS)
    const erased = yield* store.forget(lease, {
      recordIds,
      alike: [...new Set(erasures.flatMap((each) => each.alike))],
      keys: [...keys.values()],
      stableIn: [...new Set(erasures.flatMap((each) => each.stableIn))],
      names: [...new Set([...erasures.flatMap((each) => each.names), ...former.names])],
      at: now(),
    })
    yield* note(engine, lease, entity, erased)
    return { ...told, erased }
  })

/** The same items as they waited under an id that they had before: their stable name tells. */
const otherNames = (waiting: readonly WaitingItem[], { items }: Person, links: readonly Link[]): readonly WaitingItem[] =>
  waiting.filter(
    (other) =>
      other.secondary !== null &&
      !items.some((item) => nameOf(item) === nameOf(other)) &&
      (items.some(
        ({ entity, binding, secondary }) => entity === other.entity && binding === other.binding && secondary === other.secondary,
      ) ||
        links.some(
          ({ entity, binding, secondaryId }) => entity === other.entity && binding === other.binding && secondaryId === other.secondary,
        )),
  )

/** Records that an earlier try, which did not get through, made for items without one: they hold what it was to delete. */
const standIns = (store: Store, { entity, items }: Person): Effect.Effect<readonly string[], StoreError> =>
  Effect.map(
    Effect.forEach(items, ({ binding, remoteId }) =>
      store.loadPage({ entity: entity.name, binding, remoteIds: [remoteId], secondaryIds: [], keys: [] }),
    ),
    (pages) =>
      pages.flatMap(({ records }) =>
        records.filter(({ deleted, fields }) => deleted !== null && Object.keys(fields).length === 0).map(({ id }) => id),
      ),
  )

/** Every item of theirs, with or without a record, in the order of the bindings. */
function outcomes({ entity, items }: Person, before: Loaded, after: Loaded, everywhere: boolean): readonly InSystem[] {
  return entity.bindings.flatMap((binding): readonly InSystem[] => {
    const there = { system: binding.system, binding: binding.key }
    const { delete: remove } = binding.spec.write
    const deleted = remove?.soft === true ? "archived" : "deleted"
    const outcome = (now: Link | undefined): InSystem["outcome"] =>
      !everywhere ? "left" : remove === undefined ? "not_deletable" : now !== undefined && now.state !== "gone" ? "not_deleted" : deleted
    const own = before.links.filter((link) => link.binding === binding.key && link.remoteId !== null && link.state !== "gone")
    const waiting = items.filter((item) => item.binding === binding.key)
    return [
      ...own.map((link): InSystem => ({ ...there, outcome: outcome(after.links.find((candidate) => candidate.id === link.id)) })),
      ...waiting.map(({ remoteId }): InSystem => {
        const link = after.links.find((candidate) => candidate.binding === binding.key && candidate.remoteId === remoteId)
        // without a link nothing was asked of the system
        return { ...there, outcome: everywhere && link === undefined && remove !== undefined ? "not_deleted" : outcome(link) }
      }),
    ]
  })
}

function whyNot(loaded: Loaded, systems: readonly InSystem[], guards: readonly GuardTrip[]): string | null {
  if (guards.length > 0) return "a guard stopped it"
  if (systems.some((each) => each.outcome === "not_deleted")) return "not all systems have deleted it: it stays owed, run and forget again"
  if (loaded.intents.length > 0) return "a write is still without an answer: run first, then forget again"
  return null
}

/** That somebody was forgotten, and under which hashes: whom, nobody can tell. */
const note = (engine: Engine, lease: Lease, entity: Entity, { blocked }: Erased): Effect.Effect<void, StoreError | StaleLease> =>
  engine.store.commit(lease, {
    ...NO_CHANGES,
    journal: [
      {
        kind: "forgotten",
        at: engine.now(),
        run: engine.ids.next("run"),
        entity: entity.name,
        recordId: null,
        binding: null,
        remoteId: null,
        changes: [],
        note: `not taken in again: ${blocked.map(({ id, key }) => `${key} ${id}`).join(", ") || "nothing to recognise it by"}`,
      },
    ],
  })

/** Lets a person come in again, named by any hash that was kept of them. False: there is none with this id. */
export const allowAgain = (engine: Engine, id: string): Effect.Effect<boolean, StoreError | LeaseHeld | StaleLease> =>
  Effect.acquireUseRelease(
    Effect.suspend(() => engine.store.acquire(engine.owner, engine.now(), LEASE_TTL_MS)),
    (lease) =>
      Effect.gen(function* () {
        const lifted = yield* engine.store.allowAgain(lease, id)
        // what was left alone is unknown to every cursor: the next scan must show it again
        if (lifted) yield* startAnew(engine, lease)
        return lifted
      }),
    (lease) => engine.store.release(lease).pipe(Effect.ignore),
  )

const startAnew = (engine: Engine, lease: Lease): Effect.Effect<void, StoreError | StaleLease> =>
  Effect.gen(function* () {
    const scans = yield* engine.store.scans()
    yield* engine.store.commit(lease, { ...NO_CHANGES, scans: scans.map((scan) => ({ ...scan, cursor: null, scan: null })) })
  })
