// Whatever is committed, in whatever order, SQLite and the reference model answer alike: also where a commit is impossible.
import type { Loaded, Store } from "@syncline/core/store"
import { createMemoryStore } from "@syncline/core/store"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { expect, test } from "vitest"
import { openSqliteStore } from "../../src/index.ts"
import { arbitraryChanges, binding, entity, linkId, oddText, recordId } from "./arbitrary-changes.ts"

const sorted = <A>(rows: readonly A[]): readonly A[] =>
  rows
    .map((row) => [JSON.stringify(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row)
/** The order of rows in a Loaded is nobody's promise. */
const settled = (loaded: Loaded) => Object.fromEntries(Object.entries(loaded).map(([kind, rows]) => [kind, sorted<unknown>(rows)]))

const question = fc.record({
  entity,
  binding,
  now: fc.nat(20),
  limit: fc.nat(6),
  texts: fc.array(oddText, { maxLength: 3 }),
  records: fc.array(recordId, { maxLength: 3 }),
  after: fc.oneof(fc.constant(""), linkId, recordId),
  newestFirst: fc.boolean(),
})
type Question = typeof question extends fc.Arbitrary<infer A> ? A : never

const answers = (store: Store, { entity, binding, now, limit, texts, records, after, newestFirst }: Question) =>
  Effect.gen(function* () {
    const keys = texts.flatMap((value) => [
      { key: "email", value },
      { key: "phone", value: JSON.stringify([value]) },
    ])
    const due = yield* store.due(binding, entity, now, limit)
    return {
      page: settled(yield* store.loadPage({ entity, binding, remoteIds: texts, secondaryIds: texts, keys })),
      records: settled(yield* store.loadRecords(records)),
      due: [due.due, settled(due.loaded)],
      counts: yield* store.dueCounts(now),
      intents: yield* store.openIntents(limit),
      reread: yield* store.toReread(binding, entity, now, limit),
      unsighted: yield* store.unsighted(binding, entity, now, after, limit),
      scans: sorted(yield* store.scans()),
      listed: yield* store.records(entity, after, limit),
      status: yield* store.status(),
      reviews: yield* store.reviews({ entity, limit }),
      open: yield* store.reviews({ status: "open", field: "name", limit }),
      review: yield* store.review("v1"),
      quarantined: yield* store.quarantined({ binding, limit }),
      journal: yield* store.journal({ limit, newestFirst }),
      told: yield* store.journal({ limit: 9, run: "run1", binding, recordId: records[0] ?? "r0", afterSeq: limit }),
      found: yield* Effect.forEach(texts, (text) => store.find(text, limit)),
    }
  })

test("random commits and questions get the same answers from memory and from SQLite", { timeout: 120_000 }, () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(arbitraryChanges, question), { minLength: 1, maxLength: 8 }), async (steps) => {
      const stores = [createMemoryStore(), await Effect.runPromise(openSqliteStore({ path: ":memory:" }))] as const
      const leases = await Effect.runPromise(Effect.forEach(stores, (store) => store.acquire("me", 0, 1000)))
      for (const [changes, asked] of steps) {
        const outcomes = await Promise.all(
          stores.map((store, index) => {
            const lease = leases[index]
            if (lease === undefined) throw new Error("a store has no lease")
            const committed = Effect.as(store.commit(lease, changes), "committed")
            return Effect.runPromise(Effect.catchDefect(committed, () => Effect.succeed("impossible")))
          }),
        )
        expect(outcomes[1]).toBe(outcomes[0])
        const [memory, sqlite] = await Promise.all(stores.map((store) => Effect.runPromise(answers(store, asked))))
        expect(sqlite).toEqual(memory)
        const [memoryFork, sqliteFork] = await Effect.runPromise(Effect.forEach(stores, (store) => store.fork()))
        if (memoryFork === undefined || sqliteFork === undefined) throw new Error("a fork is missing")
        expect(await Effect.runPromise(answers(sqliteFork, asked))).toEqual(await Effect.runPromise(answers(memoryFork, asked)))
        await Effect.runPromise(sqliteFork.close())
      }
      await Effect.runPromise(stores[1].close())
    }),
    { numRuns: 40 },
  ),
)
