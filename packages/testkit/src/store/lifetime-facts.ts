// How long a store lasts: copies are private, and what is durable outlives its process.
import type { Store } from "@syncline/core/store"
import { StaleLease } from "@syncline/core/store"
import { expect, test } from "vitest"
import { changes, claim, entry, intent, link, quarantined, record, report, review, scan } from "./rows.ts"
import { failure, run } from "./stand.ts"
import type { Stand } from "./stand.ts"

const full = changes({
  records: [record("r1")],
  links: [link("l1", "r1", { owed: { name: ["x"] }, dueAt: 1 })],
  claim: [claim('"k"', "r1")],
  openIntents: [intent("i1", "l1", "r1")],
  reviews: [review("v1")],
  quarantine: [quarantined("q1")],
  scans: [scan("crm.contacts", { cursor: "c" })],
  journal: [entry({ recordId: "r1" })],
})

/** Everything a store tells, as one value. */
const everything = async (store: Store) => ({
  loaded: await run(store.loadRecords(["r1", "r2"])),
  status: await run(store.status()),
  intents: await run(store.openIntents(9)),
  reviews: await run(store.reviews({ limit: 9 })),
  quarantine: await run(store.quarantined({ limit: 9 })),
  journal: await run(store.journal({ limit: 9 })),
  scans: await run(store.scans()),
  decisions: await run(store.decisions()),
  runs: await run(store.runs(9)),
  system: await run(store.systemState("crm")),
})

export function lifetimeFacts(stand: Stand, durable: boolean): void {
  test("a fork starts as the store is, its lease free, and neither sees the other afterwards", async () => {
    const { store, lease } = await stand.fresh()
    await run(store.commit(lease, full))
    const before = await everything(store)
    const fork = await run(store.fork())
    expect(await everything(fork)).toEqual(before)
    const rehearsal = await run(fork.acquire("rehearsal", 1, 10))
    await run(fork.commit(rehearsal, changes({ records: [record("r2")], closeIntents: ["i1"] })))
    expect(await everything(store)).toEqual(before)
    await run(store.commit(lease, changes({ dropLinks: ["l1"] })))
    expect((await run(fork.loadRecords(["r1"]))).links).toHaveLength(1)
    const second = await run(fork.fork())
    expect(await everything(second)).toEqual(await everything(fork))
    await run(second.close())
    await run(fork.close())
  })

  if (!durable) return

  const filled = async () => {
    const { store, lease, dir } = await stand.fresh()
    await run(store.commit(lease, full))
    await run(store.putSystemState(lease, "crm", { offset: 3 }))
    await run(store.putRun(lease, { id: "run-1", startedAt: 1, endedAt: 2, outcome: "done", report: report() }))
    await run(store.decide({ id: "d1", at: 1, by: "jane", note: null, kind: "drop", quarantineId: "q1" }))
    return { store, lease, dir, before: await everything(store) }
  }

  test("a store that is closed and opened again tells the same", async () => {
    const { store, dir, before } = await filled()
    await run(store.close())
    await run(store.close())
    expect(await everything(await stand.open(dir))).toEqual(before)
  })

  test("a store that was never closed can be opened by the next process and tells the same", async () => {
    const { dir, before } = await filled()
    expect(await everything(await stand.open(dir))).toEqual(before)
  })

  test("the next process takes the lease over, and the one before can write no more", async () => {
    const { store, lease, dir } = await filled()
    const next = await stand.open(dir)
    const taken = await run(next.acquire("next", 1_000_000, 10))
    expect(await failure(store.commit(lease, changes({ records: [record("r2")] })))).toBeInstanceOf(StaleLease)
    await run(next.commit(taken, changes({ records: [record("r3")] })))
    expect((await run(store.records("person", "", 9))).map((row) => row.id)).toEqual(["r1", "r3"])
  })
}
