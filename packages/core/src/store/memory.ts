// The reference model of the store: what every engine must do, in Maps and as plainly as possible.
// In: the port's calls. Out: the port's answers. Also used to rehearse and to test; nothing outlives the process.
import * as Effect from "effect/Effect"
import type { Changes } from "../model/changes.ts"
import type { Json } from "../model/value.ts"
import type { Decision } from "./decision.ts"
import { allowAgain, forget } from "./memory-forget.ts"
import { LeaseHeld, StaleLease } from "./error.ts"
import { applyChanges } from "./memory-commit.ts"
import * as Query from "./memory-query.ts"
import { copyTables, emptyTables } from "./memory-tables.ts"
import type { Tables } from "./memory-tables.ts"
import type { Lease, Store } from "./port.ts"
import type { RunRow } from "./run-row.ts"

export const createMemoryStore = (): Store => over(emptyTables())

function over(tables: Tables): Store {
  const read = <A>(answer: () => A): Effect.Effect<A> => Effect.sync(answer)
  const held = (lease: Lease): boolean => tables.lease.owner === lease.owner && tables.lease.epoch === lease.epoch
  const write = (lease: Lease, body: () => void): Effect.Effect<void, StaleLease> =>
    Effect.suspend(() => (held(lease) ? Effect.sync(body) : Effect.fail(new StaleLease({ epoch: lease.epoch }))))

  return {
    acquire: (owner, now, ttlMs) =>
      Effect.suspend(() => {
        const current = tables.lease
        if (current.owner !== null && current.until > now) {
          return Effect.fail(new LeaseHeld({ owner: current.owner, epoch: current.epoch, until: current.until }))
        }
        tables.lease = { owner, epoch: current.epoch + 1, until: now + ttlMs }
        return Effect.succeed({ owner, epoch: current.epoch + 1 })
      }),
    renew: (lease, now, ttlMs) => write(lease, () => void (tables.lease = { ...lease, until: now + ttlMs })),
    release: (lease) =>
      read(() => {
        if (held(lease)) tables.lease = { owner: null, epoch: lease.epoch, until: 0 }
      }),

    loadPage: (query) => read(() => Query.loadPage(tables, query)),
    loadRecords: (ids) => read(() => Query.loadRecords(tables, ids)),
    commit: (lease: Lease, changes: Changes) => write(lease, () => applyChanges(tables, changes)),

    due: (binding, entity, now, limit) => read(() => Query.due(tables, binding, entity, now, limit)),
    dueCounts: (now) => read(() => Query.dueCounts(tables, now)),
    openIntents: (limit) => read(() => Query.openIntents(tables, limit)),
    toReread: (binding, entity, now, limit) => read(() => Query.toReread(tables, binding, entity, now, limit)),
    unsighted: (binding, entity, before, afterId, limit) => read(() => Query.unsighted(tables, binding, entity, before, afterId, limit)),
    scans: () => read(() => [...tables.scans.values()]),
    records: (entity, afterId, limit) => read(() => Query.records(tables, entity, afterId, limit)),

    forget: (lease, erasure) =>
      Effect.suspend(() =>
        held(lease) ? Effect.sync(() => forget(tables, erasure)) : Effect.fail(new StaleLease({ epoch: lease.epoch })),
      ),
    allowAgain: (lease, id) =>
      Effect.suspend(() => (held(lease) ? Effect.sync(() => allowAgain(tables, id)) : Effect.fail(new StaleLease({ epoch: lease.epoch })))),

    decide: (decision: Decision) => read(() => void tables.decisions.set(decision.id, decision)),
    decisions: () => read(() => Query.decisions(tables)),

    systemState: (system) => read(() => tables.systems.get(system) ?? null),
    putSystemState: (lease, system, state: Json) => write(lease, () => void tables.systems.set(system, state)),
    putRun: (lease, run: RunRow) => write(lease, () => void tables.runs.set(run.id, run)),
    runs: (limit) => read(() => Query.runs(tables, limit)),

    status: () => read(() => Query.status(tables)),
    reviews: (filter) => read(() => Query.reviews(tables, filter)),
    review: (id) => read(() => Query.review(tables, id)),
    quarantined: (filter) => read(() => Query.quarantined(tables, filter)),
    journal: (filter) => read(() => Query.journal(tables, filter)),
    find: (text, limit) => read(() => Query.find(tables, text, limit)),

    fork: () => read(() => over({ ...copyTables(tables), lease: { owner: null, epoch: tables.lease.epoch, until: 0 } })),
    close: () => Effect.void,
  }
}
