// Reads every system in full and compares it with the store, page by page. Reads only: nothing is stored, nothing written.
import * as Effect from "effect/Effect"
import type { Cursor, LookupAnswer, Page } from "@syncline/connector"
import { LensFailure, type Entity } from "../model/pipeline.ts"
import type { Link } from "../model/link.ts"
import type { Loaded } from "../model/loaded.ts"
import type { Unreachable } from "../model/report.ts"
import { touches } from "../integrate/integrate.ts"
import { observe } from "../integrate/observed.ts"
import { lookUpLinks } from "../pull/look-up.ts"
import { admitting } from "../session/admit.ts"
import type { Engine } from "../session/engine.ts"
import { pauseOf } from "../session/pauses.ts"
import { callRemote, type Remote, type RemoteFault } from "../session/remote.ts"
import { readSchema, schemaName } from "../session/schema-state.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import type { Store } from "../store/port.ts"
import type { VerifyReport } from "./difference.ts"
import { compareItem, difference, type Place } from "./item.ts"
import { wholeHold } from "./holds.ts"
import { Ledger } from "./ledger.ts"
import type { Mark } from "./mark.ts"
import { NOTHING_VANISHED, vanishedBy } from "./vanished.ts"

const PAGE = 500

export interface Verified {
  readonly report: VerifyReport
  readonly marks: readonly Mark[]
}

/** `store`: what the systems are compared with; a private copy, so that it does not move meanwhile. */
export const compareAll = (engine: Engine, store: Store): Effect.Effect<Verified, StoreError> =>
  Effect.gen(function* () {
    const { pipeline, now } = engine
    const startedAt = now()
    const ledger = new Ledger()
    const remotes = [...engine.connectors].map(([system, connector]): Remote => {
      const onDown: Remote["onDown"] = (fault) => engine.progress?.({ stage: "unreachable", system, message: fault.message })
      return {
        system,
        connector: admitting(connector),
        halfOpen: false,
        calls: 0,
        retries: 0,
        down: null,
        onDown,
        now,
        pause: pauseOf(connector),
      }
    })
    yield* Effect.forEach(remotes, (remote) => compareSystem(engine, store, ledger, remote, now()), {
      concurrency: "unbounded",
      discard: true,
    })
    for (const entity of pipeline.entities) yield* compareRecords(store, ledger, entity, remotes, now())
    const unreachable = yield* unreachableOf(store, remotes)
    return {
      marks: ledger.marks,
      report: {
        verify: 1,
        pipeline: pipeline.name,
        startedAt,
        endedAt: now(),
        compared: ledger.compared(),
        causes: ledger.byCause(),
        explained: ledger.byReason(),
        differences: ledger.differences,
        unlisted: ledger.unlisted,
        unreachable,
        warnings: [...ledger.warnings],
      },
    }
  })

const compareSystem = (engine: Engine, store: Store, ledger: Ledger, remote: Remote, now: number): Effect.Effect<void, StoreError> =>
  Effect.forEach(
    engine.pipeline.entities.flatMap((entity) =>
      entity.bindings.filter((binding) => binding.system === remote.system).map((binding) => ({ entity, binding, store, ledger, now })),
    ),
    (place) => Effect.flatMap(driftOf(place), (drift) => compareBinding(engine, { ...place, ...drift }, remote)),
    { discard: true },
  ).pipe(
    Effect.catchTag("RemoteFault", ({ fault }) =>
      Effect.sync(() => {
        remote.down ??= fault
      }),
    ),
    // a comparison writes nothing, and has no lease to lose
    Effect.catchTag("StaleLease", Effect.die),
  )

/** By field, what its system lost or retyped, as far as runs have noticed, and what an item shows that none has seen yet. */
const driftOf = ({ entity, binding, store }: Omit<Place, Drift>): Effect.Effect<Pick<Place, Drift>, StoreError> =>
  Effect.map(store.systemState(schemaName(entity.name, binding.key)), (stored) => {
    const state = readSchema(stored)
    const holds = state?.holds ?? []
    return { drifted: new Map(holds.flatMap((hold) => hold.fields.map((field) => [field, hold] as const))), vanished: vanishedBy(state) }
  })
type Drift = "drifted" | "vanished"

const compareBinding = (engine: Engine, place: Place, remote: Remote): Effect.Effect<void, StoreError | StaleLease | RemoteFault> =>
  Effect.gen(function* () {
    const { entity, binding, ledger } = place
    const count = ledger.count(entity.name, binding.key)
    const sighted = new Set<string>()
    const twice = new Map<string, Link>()
    const paths = [...new Set(binding.fields.flatMap((field) => [...field.reads, ...field.writes]))]
    for (let cursor: Cursor = null; ;) {
      const asked = { mode: "snapshot", cursor, limit: binding.spec.read.pageSize, paths } as const
      const page: Page = yield* callRemote(remote, (connector, signal) => connector.pull(binding.resource, asked, { signal }))
      yield* comparePage(place, page.changes, sighted, twice)
      const [read, total] = [count.items, page.total ?? null]
      engine.progress?.({ stage: "pull", system: binding.system, binding: binding.key, read, total, done: !page.more })
      cursor = page.next
      if (page.more) continue
      count.complete = page.complete
      break
    }
    yield* compareAgain(place, remote, [...twice.values()])
    if (!count.complete) {
      ledger.warnings.add(`${binding.key}: the scan was not complete, so nothing that it did not show counts as missing`)
      return
    }
    yield* compareUnseen(place, remote, sighted)
  })

const comparePage = (
  place: Place,
  changes: Page["changes"],
  sighted: Set<string>,
  twice?: Map<string, Link>,
): Effect.Effect<void, StoreError> =>
  Effect.gen(function* () {
    const { entity, binding, store } = place
    if (changes.length === 0) return
    const loaded = yield* store.loadPage({ entity: entity.name, binding: binding.key, ...touches(binding, entity, changes) })
    const own = loaded.links.filter((link) => link.binding === binding.key)
    const byRemote = new Map(own.map((link) => [link.remoteId, link]))
    const bySecondary = new Map(own.map((link) => [link.secondaryId, link]))
    for (const change of changes) {
      if (change.kind !== "upsert") continue
      const observed = observe(change)
      const stable = observed.secondary === null ? undefined : bySecondary.get(observed.secondary)
      const link = stable ?? byRemote.get(observed.id)
      // a page that shifted shows an item twice
      if (link !== undefined && sighted.has(link.id)) {
        twice?.set(link.id, link)
        continue
      }
      if (link !== undefined) sighted.add(link.id)
      const rest = compareItem(place, loaded, link, observed)
      if (rest !== null) yield* rest
    }
  })

/** What a scan showed twice may have been an old copy the first time: a lookup says what is there, and what is new of it is told. */
const compareAgain = (place: Place, remote: Remote, links: readonly Link[]): Effect.Effect<void, StoreError | StaleLease | RemoteFault> =>
  Effect.gen(function* () {
    for (let from = 0; from < links.length; from += PAGE) {
      const found = yield* lookUpLinks(remote, place.binding, links.slice(from, from + PAGE))
      const changes = found.flatMap(({ answer }) => ("found" in answer && answer.found.kind === "upsert" ? [answer.found] : []))
      const second = new Ledger()
      yield* comparePage({ ...place, ledger: second }, changes, new Set())
      place.ledger.add(second)
    }
  })

/** Linked items that the scan did not show are asked for by their ids before they count as missing. */
const compareUnseen = (place: Place, remote: Remote, sighted: Set<string>): Effect.Effect<void, StoreError | StaleLease | RemoteFault> =>
  Effect.gen(function* () {
    const { entity, binding, store } = place
    for (let after = ""; ;) {
      const page = yield* store.unsighted(binding.key, entity.name, Number.MAX_SAFE_INTEGER, after, PAGE)
      const last = page.at(-1)
      if (last === undefined) return
      const unseen = page.filter((link) => !sighted.has(link.id) && link.state !== "kept")
      const found = yield* lookUpLinks(remote, binding, unseen)
      const changes = found.flatMap(({ answer }) => ("found" in answer && answer.found.kind === "upsert" ? [answer.found] : []))
      yield* comparePage(place, changes, sighted)
      const ended = new Set(found.flatMap(({ link, answer }) => (saysDeleted(answer) ? [link.id] : [])))
      const missing = unseen.filter((link) => !sighted.has(link.id))
      const loaded = yield* store.loadRecords([...new Set(missing.map((link) => link.recordId))])
      for (const link of missing) reportMissing(place, loaded, link, ended.has(link.id), binding.spec.read.lookup !== undefined)
      if (page.length < PAGE) return
      after = last.id
    }
  })

/** It was there under this id, and was deleted: whatever is there under another one is another item. */
const saysDeleted = (answer: LookupAnswer): boolean => ("fault" in answer ? answer.fault.class === "gone" : answer.found.kind === "delete")

function reportMissing(place: Place, loaded: Loaded, link: Link, ended: boolean, lookedUp: boolean): void {
  const record = loaded.records.find((row) => row.id === link.recordId) ?? null
  const hold = wholeHold(loaded, link)
  const note = lookedUp ? "neither a full scan nor a lookup by its id finds it" : "a full scan does not show it"
  const about = { record, remoteId: link.remoteId }
  if (link.owes !== null)
    return place.ledger.found(difference(place, about, { cause: "owed", note: "it is to be deleted there, and is not found" }), null)
  const beside = place.ledger.beside.get(`${link.binding}\n${link.recordId}`) ?? []
  const [same] = beside
  if (!ended && same !== undefined && beside.length === 1 && record !== null && record.deleted === null) {
    const what = { cause: "memory", note: `it is there under another id: ${same.remoteId}` } as const
    return place.ledger.found(difference(place, about, what), {
      kind: "repoint",
      entity: place.entity.name,
      recordId: link.recordId,
      linkId: link.id,
      ...same,
    })
  }
  const cause = hold === null ? ("missing" as const) : ("held" as const)
  // that it is missing is for the full pass to prove
  place.ledger.found(difference(place, about, { cause, note: hold ?? note }), null)
}

/** Records beside the systems: who has no counterpart where one belongs. */
const compareRecords = (
  store: Store,
  ledger: Ledger,
  entity: Entity,
  remotes: readonly Remote[],
  now: number,
): Effect.Effect<void, StoreError> =>
  Effect.gen(function* () {
    const reachable = entity.bindings.filter((binding) =>
      remotes.some((remote) => remote.system === binding.system && remote.down === null),
    )
    for (let after = ""; ;) {
      const page = yield* store.records(entity.name, after, PAGE)
      const last = page.at(-1)
      if (last === undefined) return
      const loaded = yield* store.loadRecords(page.map((record) => record.id))
      const links = Map.groupBy(loaded.links, (link) => link.recordId)
      for (const record of page) {
        for (const binding of reachable) {
          const link = links.get(record.id)?.find((candidate) => candidate.binding === binding.key)
          const place: Place = { entity, binding, store, ledger, now, drifted: new Map(), vanished: NOTHING_VANISHED }
          if (link === undefined || link.remoteId === null || link.state === "gone") compareAbsent(place, loaded, record, link)
        }
      }
      if (page.length < PAGE) return
      after = last.id
    }
  })

function compareAbsent(place: Place, loaded: Loaded, record: Loaded["records"][number], link: Link | undefined): void {
  const { entity, binding, ledger } = place
  const about = { record, remoteId: link?.remoteId ?? null }
  if (link !== undefined && link.state === "live") {
    const hold = wholeHold(loaded, link)
    ledger.found(
      difference(place, about, hold === null ? { cause: "owed", note: "it is still to be created there" } : { cause: "held", note: hold }),
      null,
    )
    return
  }
  const belongs = binding.accepts(record.fields, false)
  if (belongs instanceof LensFailure)
    return ledger.found(
      difference(place, about, { cause: "mapping", note: `whether it belongs there cannot be told: ${belongs.message}` }),
      null,
    )
  if (!belongs) return ledger.explain("filter")
  if (!binding.create || binding.spec.write.create === undefined) return ledger.explain("one_way")
  const hold = link === undefined ? null : wholeHold(loaded, link)
  if (hold !== null) return ledger.found(difference(place, about, { cause: "held", note: hold }), null)
  const note = link === undefined ? "it belongs there and was never created" : "it belongs there and was removed"
  ledger.found(difference(place, about, { cause: "never_synced", note }), { kind: "spread", entity: entity.name, recordId: record.id })
}

const unreachableOf = (store: Store, remotes: readonly Remote[]): Effect.Effect<readonly Unreachable[], StoreError> =>
  Effect.gen(function* () {
    const status = yield* store.status()
    return remotes.flatMap(({ system, down }): Unreachable[] => {
      if (down === null) return []
      const own = status.filter((binding) => binding.binding.startsWith(`${system}.`))
      const next = own.map((binding) => binding.nextDueAt).filter((at): at is number => at !== null)
      return [
        {
          system,
          reason: down.class === "auth" || down.class === "forbidden" ? "auth" : "network",
          message: down.message,
          owed: own.reduce((sum, binding) => sum + binding.owed, 0),
          nextAttemptAt: next.length === 0 ? null : Math.min(...next),
        },
      ]
    })
  })
