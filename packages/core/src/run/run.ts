// One pass, the table of contents of the engine: decide, recover, pull all, deliver until quiet, report.
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { Fault } from "@syncline/connector"
import type { Entity } from "../model/pipeline.ts"
import { carryOut } from "../review/decide.ts"
import { whatFirst } from "../review/what-first.ts"
import { expireQuestions } from "../review/expire.ts"
import { identifyParked } from "../review/identify-parked.ts"
import { contestedBefore } from "../deliver/freeze.ts"
import type { OnlyPlanned } from "../deliver/only-planned.ts"
import { recover } from "../deliver/recover.ts"
import { pullBinding } from "../pull/pull.ts"
import { markSpread, spreadAgain, unseeNewFields } from "../pull/remap.ts"
import { rereadDue } from "../pull/reread-due.ts"
import { madeName } from "../pull/known-link.ts"
import { masking } from "../pull/schema-mask.ts"
import { closeSchemas, loadSchemas, openSchemas, watchAnswers } from "../pull/schema-watch.ts"
import { RESTORED, readMark } from "../store/restored.ts"
import { confirmAfterRestore, trustRestored, verifiedAfterRestore } from "./restored.ts"
import { admitting } from "../session/admit.ts"
import type { Engine, PassOptions } from "../session/engine.ts"
import { pauseOf } from "../session/pauses.ts"
import type { Remote } from "../session/remote.ts"
import type { PlannedWrite, RunReport } from "../model/report.ts"
import { bindingsOf, LEASE_TTL_MS, type Counters, scanKey, type Session, step } from "../session/session.ts"
import type { LeaseHeld, StaleLease, StoreError } from "../store/error.ts"
import { joinLoaded } from "../model/loaded.ts"
import type { Lease, Loaded } from "../store/port.ts"
import type { Decision } from "../store/decision.ts"
import { deliverUntilQuiet } from "./rounds.ts"
import { reportOf } from "./report-of.ts"

/** A pass under the lease of this process. Ends with a report; what could not be delivered stays owed. */
export const runPass = (engine: Engine, options: PassOptions = {}): Effect.Effect<RunReport, StoreError | LeaseHeld | StaleLease> =>
  Effect.acquireUseRelease(
    Effect.suspend(() => engine.store.acquire(engine.owner, engine.now(), LEASE_TTL_MS)),
    (lease) => pass(engine, options, lease, null).pipe(Effect.map(({ report }) => report)),
    (lease) => engine.store.release(lease).pipe(Effect.ignore),
  )

/** Where others join in. */
export interface Joins {
  /** Before anything is read, under the lease. */
  readonly beforePull?: (session: Session) => Effect.Effect<void, StoreError | StaleLease>
  /** Between pulling and delivering; false stops the pass before its first write. */
  readonly gate?: (session: Session) => Effect.Effect<boolean, StoreError | StaleLease>
  /** Set: no other write is begun. */
  readonly only?: OnlyPlanned
}

export interface PassResult {
  readonly report: RunReport
  readonly session: Session
}

/** The pass itself. `planned`: collects writes in a rehearsal. */
export const pass = (
  engine: Engine,
  options: PassOptions,
  lease: Lease,
  planned: PlannedWrite[] | null,
  { beforePull, gate, only }: Joins = {},
): Effect.Effect<PassResult, StoreError | StaleLease> =>
  Effect.gen(function* () {
    const session = yield* openSession(engine, options, lease, planned, only ?? null)
    const { store } = engine
    const running = { id: session.run, startedAt: session.startedAt, endedAt: null, outcome: "running", report: null } as const
    yield* store.putRun(lease, running)
    const carryOn = expireQuestions(session).pipe(Effect.andThen(applyDecisions(session)), Effect.andThen(recover(session)))
    // what a lookup shows of a write without an answer is watched as well
    yield* loadSchemas(session)
    // and what it shows of a field that was not mapped is no edit
    yield* unseeNewFields(session)
    if (session.restored === null) yield* carryOn
    yield* openSchemas(session)
    yield* markSpread(session)
    if (beforePull !== undefined) yield* beforePull(session)
    // every system is read before anything is written, so that no edit is overwritten unseen
    yield* Effect.forEach([...session.remotes.keys()], (system) => pullSystem(session, system), { concurrency: "unbounded" })
    yield* rereadDue(session)
    yield* closeSchemas(session)
    const mayWrite = session.restored === null || (yield* verifiedAfterRestore(session, carryOn))
    yield* spreadAgain(session)
    yield* identifyParked(session)
    const go = mayWrite && session.guards.length === 0 && (session.restored === null || (yield* confirmAfterRestore(session)))
    if (go && (gate === undefined || (yield* gate(session)))) {
      if (session.restored !== null) yield* trustRestored(session)
      yield* deliverUntilQuiet(session)
    }
    const report = yield* reportOf(session)
    yield* store.putRun(lease, { ...running, endedAt: report.endedAt, outcome: report.outcome, report })
    return { report, session }
  })

const openSession = (
  engine: Engine,
  options: PassOptions,
  lease: Lease,
  planned: PlannedWrite[] | null,
  only: OnlyPlanned | null,
): Effect.Effect<Session, StoreError> =>
  Effect.gen(function* () {
    const lock = yield* Semaphore.make(1)
    const services = yield* Effect.context<never>()
    const restored = readMark(yield* engine.store.systemState(RESTORED))
    // what an older store knows of a scan under way is not to be resumed
    const scans = (yield* engine.store.scans()).map((scan) => (restored === null ? scan : { ...scan, scan: null }))
    const startedAt = engine.now()
    const [last] = yield* engine.store.runs(1)
    const wasDown = new Set(last?.report?.unreachable.map((each) => each.system))
    const remotes = new Map<string, Remote>()
    const schemas: Session["schemas"] = new Map()
    const made: Session["made"] = new Map()
    const late: { session: Session | null } = { session: null }
    const heldOn = (system: string, resource: string) =>
      [...schemas.values()]
        .filter(({ binding, state }) => binding.system === system && binding.resource === resource && state.holds.length > 0)
        .map(({ entity, binding, state }) => ({ entity, binding, holds: state.holds }))
    const counters = new Map<string, Counters>()
    for (const [system, connector] of engine.connectors) {
      const onDown = (fault: Fault): void => engine.progress?.({ stage: "unreachable", system, message: fault.message })
      remotes.set(system, {
        system,
        connector: masking(
          admitting(connector),
          { store: engine.store, made },
          {
            noteId: (resource, id, was) => made.set(madeName(system, resource, id), { at: engine.now(), was }),
            heldOn: (resource) => heldOn(system, resource),
            judge: (resource, items) => (late.session === null ? Effect.void : watchAnswers(late.session, system, resource, items)),
            // on the pass's own clock, whatever that is
            perform: Effect.runPromiseWith(services),
          },
        ),
        halfOpen: options.patient === true && wasDown.has(system),
        calls: 0,
        retries: 0,
        down: null,
        onDown,
        now: () => engine.now(),
        pause: pauseOf(connector),
      })
      counters.set(system, { read: 0, changed: 0, created: 0, updated: 0, deleted: 0, postponed: 0, refused: 0 })
    }
    const session: Session = {
      engine,
      options: restored === null ? options : { ...options, full: true },
      restored,
      readInFull: new Set(),
      lease,
      run: engine.ids.next("run"),
      startedAt,
      lock,
      remotes,
      counters,
      scans: new Map(scans.map((scan) => [scanKey(scan.entity, scan.binding), scan])),
      tried: new Set(),
      written: new Set(),
      noticed: new Set(),
      made,
      movedKeys: new Set(),
      freed: new Set(),
      anyKeyMoved: restored !== null || last?.outcome === "running" || last?.outcome === "interrupted",
      reviewsOpened: 0,
      reviewsClosed: 0,
      quarantined: 0,
      guards: [],
      warnings: new Set(),
      planned,
      only,
      toldReplays: new Set(),
      contested: yield* contestedBefore(engine.store),
      schemas,
      schemaHolds: 0,
      dueBefore: options.patient === true ? startedAt : Number.MAX_SAFE_INTEGER,
      renewedAt: startedAt,
    }
    late.session = session
    return session
  })

const pullSystem = (session: Session, system: string): Effect.Effect<void, StoreError | StaleLease> =>
  Effect.forEach(bindingsOf(session, system), ([entity, binding]) => pullBinding(session, entity, binding), { discard: true }).pipe(
    // a system that is down, or refuses, is in the report; the others go on
    Effect.catchTag("RemoteFault", ({ fault }) =>
      Effect.sync(() => {
        const remote = session.remotes.get(system)
        if (remote !== undefined) remote.down ??= fault
      }),
    ),
  )

const applyDecisions = (session: Session): Effect.Effect<void, StoreError | StaleLease> =>
  Effect.gen(function* () {
    const { store, pipeline } = session.engine
    const decisions = yield* store.decisions()
    const replaced = outdated(decisions)
    for (const decision of decisions) {
      const found = yield* subjectOf(session, decision)
      const entity = pipeline.entities.find((candidate) => candidate.name === found?.entity) ?? pipeline.entities[0]
      if (entity === undefined) continue
      yield* step(session, entity, found === null ? store.loadRecords([]) : loadSubject(session, entity, found), (draft) => {
        if (replaced.has(decision.id)) return draft.carriedOut(decision.id)
        const first = whatFirst(draft, decision)
        if (first === null) return carryOut(draft, decision)
        if (decision.kind === "resolve") session.warnings.add(`the answer to ${decision.reviewId} waits for ${first}`)
      })
    }
  })

/** Who answers a question twice means the second answer: the first is dropped. */
function outdated(decisions: readonly Decision[]): ReadonlySet<string> {
  const last = new Map(decisions.map((decision) => [decision.kind === "resolve" ? decision.reviewId : decision.id, decision.id]))
  const current = new Set(last.values())
  return new Set(decisions.map((decision) => decision.id).filter((id) => !current.has(id)))
}

interface Subject {
  readonly entity: string
  readonly recordIds: readonly string[]
  readonly binding: string | null
  readonly remoteId: string | null
}

const MOST_QUARANTINED = 100_000

const subjectOf = (session: Session, decision: Decision): Effect.Effect<Subject | null, StoreError> =>
  Effect.gen(function* () {
    const { store } = session.engine
    if (decision.kind === "resolve") {
      const review = yield* store.review(decision.reviewId)
      if (review === null) return null
      const chosen = decision.choice.take === "record" ? [decision.choice.recordId] : []
      return {
        entity: review.entity,
        recordIds: [...chosen, ...review.candidates, ...[review.recordId, review.formerly].filter((id) => typeof id === "string")],
        binding: review.binding,
        remoteId: review.remoteId,
      }
    }
    const entries = yield* store.quarantined({ limit: MOST_QUARANTINED })
    const entry = entries.find((candidate) => candidate.id === decision.quarantineId)
    return entry === undefined
      ? null
      : {
          entity: entry.entity,
          recordIds: entry.recordId === null ? [] : [entry.recordId],
          binding: entry.binding,
          remoteId: entry.remoteId,
        }
  })

/** Everything a decision may touch: the records it names, and what is known about the item. */
const loadSubject = (session: Session, entity: Entity, subject: Subject): Effect.Effect<Loaded, StoreError> =>
  Effect.gen(function* () {
    const { store } = session.engine
    const records = yield* store.loadRecords([...new Set(subject.recordIds)])
    if (subject.binding === null || subject.remoteId === null) return records
    const item = yield* store.loadPage({
      entity: entity.name,
      binding: subject.binding,
      remoteIds: [subject.remoteId],
      secondaryIds: [],
      keys: [],
    })
    return joinLoaded(records, item)
  })
