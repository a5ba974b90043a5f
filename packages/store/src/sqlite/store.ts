// The port on one SQLite connection: each read runs in one read transaction, each write in one immediate transaction that
// checks the lease before anything else. In: an open, migrated connection. Out: a Store.
import { StaleLease, StoreError } from "@syncline/core/store"
import type { Json } from "@syncline/core/model"
import type { Decision, Lease, LeaseHeld, RunRow, Store } from "@syncline/core/store"
import * as Effect from "effect/Effect"
import { openBase } from "./base.ts"
import { openApply } from "./commit.ts"
import { openDelivery } from "./delivery.ts"
import { guarded } from "./faults.ts"
import { openForget } from "./forget.ts"
import { openLease } from "./lease.ts"
import { openLoad } from "./load.ts"
import { openPeople } from "./people.ts"
import { inMemory } from "./snapshot.ts"
import type { Constructor, Sqlite } from "./sqlite.ts"

export interface Opened {
  readonly db: Sqlite
  readonly sqlite: Constructor
  /** For messages only. */
  readonly path: string
  readonly readOnly: boolean
}

export function storeOn({ db, sqlite, path, readOnly }: Opened): Store {
  const base = openBase(db)
  const forgetting = openForget(base)
  const load = openLoad(base)
  const apply = openApply(base)
  const delivery = openDelivery(base, load)
  const people = openPeople(base)
  const lease = openLease(db)
  const bodyOf = db.prepare<[string], string>("SELECT body FROM system WHERE name = ?").pluck()
  const putBody = db.prepare<[string, string]>("INSERT OR REPLACE INTO system (name, body) VALUES (?, ?)")
  const putRun = db.prepare<[string, number, string]>("INSERT OR REPLACE INTO run (id, started_at, body) VALUES (?, ?, ?)")
  const runs = db.prepare<[number], string>("SELECT body FROM run ORDER BY started_at DESC, id DESC LIMIT ?").pluck()
  const putDecision = db.prepare<[string, number, string]>("INSERT OR REPLACE INTO decision (id, at, body) VALUES (?, ?, ?)")
  const decisions = db.prepare<[], string>("SELECT body FROM decision ORDER BY at, id").pluck()

  const transaction = db.transaction((work: () => unknown) => work())
  /** One transaction; what the dictionaries learned in it is forgotten if it fails. */
  const inside = <A>(mode: "deferred" | "immediate", work: () => A): A => {
    try {
      // The transaction gives back what `work` gives.
      return transaction[mode](work) as A
    } catch (cause) {
      base.words.forget()
      base.objects.forget()
      throw cause
    }
  }
  const read = <A>(work: () => A): Effect.Effect<A, StoreError> => guarded(path, () => inside("deferred", work))
  const change = <A>(work: () => A): Effect.Effect<A, StoreError> =>
    readOnly ? Effect.fail(refusal(path)) : guarded(path, () => inside("immediate", work))
  const writing = <A>(under: Lease, work: () => A): Effect.Effect<A, StoreError | StaleLease> => {
    const stale = new StaleLease({ epoch: under.epoch })
    const attempt = change(() => (lease.isHeld(under) ? { done: work() } : null))
    return Effect.flatMap(attempt, (answer) => (answer === null ? Effect.fail(stale) : Effect.succeed(answer.done)))
  }
  const write = (under: Lease, work: () => void): Effect.Effect<void, StoreError | StaleLease> => writing(under, work)

  return {
    acquire: (owner, now, ttlMs) =>
      Effect.flatMap(
        change(() => lease.acquire(owner, now, ttlMs)),
        (answer): Effect.Effect<Lease, LeaseHeld> => ("_tag" in answer ? Effect.fail(answer) : Effect.succeed(answer)),
      ),
    renew: (under, now, ttlMs) => write(under, () => lease.renew(under, now + ttlMs)),
    release: (under) => change(() => lease.release(under)),

    loadPage: (query) =>
      read(() => {
        const forgotten = forgetting.among(query)
        return forgotten.length === 0 ? load.page(query) : { ...load.page(query), forgotten }
      }),
    loadRecords: (ids) => read(() => load.records(ids)),
    commit: (under, changes) => {
      const plain = write(under, () => apply(changes, false))
      // Items that change hands inside one commit collide while it is under way: then all are let go first.
      return Effect.catchDefect(plain, (defect) => (isClash(defect) ? write(under, () => apply(changes, true)) : Effect.die(defect)))
    },

    due: (binding, entity, now, limit) => read(() => delivery.due(binding, entity, now, limit)),
    dueCounts: (now) => read(() => delivery.dueCounts(now)),
    openIntents: (limit) => read(() => delivery.openIntents(limit)),
    toReread: (binding, entity, now, limit) => read(() => delivery.toReread(binding, entity, now, limit)),
    unsighted: (binding, entity, before, afterId, limit) => read(() => delivery.unsighted(binding, entity, before, afterId, limit)),
    scans: () => read(delivery.scans),
    records: (entity, afterId, limit) => read(() => delivery.records(entity, afterId, limit)),

    forget: (under, erasure) =>
      Effect.flatMap(
        writing(under, () => forgetting.erase(erasure)),
        (erased) =>
          guarded(path, () => {
            // dictionaries keep numbers, and VACUUM keeps those
            forgetting.clear(path)
            return erased
          }),
      ),
    allowAgain: (under, id) => writing(under, () => forgetting.allow(id)),

    decide: (decision) => change(() => void putDecision.run(decision.id, decision.at, JSON.stringify(decision))),
    decisions: () => read(() => decisions.all().map((body) => JSON.parse(body) as Decision)),

    systemState: (system) => read(() => JSON.parse(bodyOf.get(system) ?? "null") as Json),
    putSystemState: (under, system, state) => write(under, () => void putBody.run(system, JSON.stringify(state))),
    putRun: (under, run) => write(under, () => void putRun.run(run.id, run.startedAt, JSON.stringify(run))),
    runs: (limit) => read(() => runs.all(limit).map((body) => JSON.parse(body) as RunRow)),

    status: () => read(people.status),
    reviews: (filter) => read(() => people.reviews(filter)),
    review: (id) => read(() => people.review(id)),
    quarantined: (filter) => read(() => people.quarantined(filter)),
    journal: (filter) => read(() => people.journal(filter)),
    find: (text, limit) => read(() => people.find(text, limit)),

    fork: () =>
      guarded(path, () => {
        const copy = inMemory(sqlite, db.serialize())
        openLease(copy).free()
        return storeOn({ db: copy, sqlite, path: "the private copy of the store", readOnly: false })
      }),
    close: () => guarded(path, () => void db.close()),
  }
}

const refusal = (path: string): StoreError =>
  new StoreError({ reason: "unavailable", message: `${path} was opened for reading only. Open it for writing to change it.` })

const isClash = (defect: unknown): boolean =>
  defect instanceof Error && "code" in defect && defect.code === "SQLITE_CONSTRAINT_UNIQUE" && defect.message.includes("link.remote_id")
