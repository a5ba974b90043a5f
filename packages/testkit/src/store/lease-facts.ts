// The lease: one writer at a time, and whoever was taken over writes nothing more.
import type { Store } from "@syncline/core/store"
import { LeaseHeld, StaleLease } from "@syncline/core/store"
import { expect, test } from "vitest"
import { changes, record } from "./rows.ts"
import { failure, run } from "./stand.ts"
import type { Stand } from "./stand.ts"

const recordIds = async (store: Store) => (await run(store.records("person", "", 10))).map((row) => row.id)

export function leaseFacts(stand: Stand): void {
  test("a lease that is held is refused, with its owner and end", async () => {
    const store = await stand.open(await stand.dir())
    await run(store.acquire("first", 100, 50))
    const refusal = await failure(store.acquire("second", 149, 50))
    expect(refusal).toBeInstanceOf(LeaseHeld)
    expect(refusal).toMatchObject({ owner: "first", until: 150 })
  })

  test("a refusal says enough to release the lease of an owner that is known to be dead", async () => {
    const store = await stand.open(await stand.dir())
    const dead = await run(store.acquire("first", 100, 50))
    const refusal = await failure(store.acquire("second", 101, 50))
    expect(refusal).toMatchObject({ owner: dead.owner, epoch: dead.epoch })
    await run(store.release(dead))
    expect((await run(store.acquire("second", 101, 50))).epoch).toBeGreaterThan(dead.epoch)
  })

  test("a lease past its time is taken over with a higher epoch", async () => {
    const store = await stand.open(await stand.dir())
    const first = await run(store.acquire("first", 100, 50))
    const second = await run(store.acquire("second", 150, 50))
    expect(second.owner).toBe("second")
    expect(second.epoch).toBeGreaterThan(first.epoch)
  })

  test("a commit under a lease that was taken over writes nothing", async () => {
    const store = await stand.open(await stand.dir())
    const first = await run(store.acquire("first", 100, 50))
    await run(store.commit(first, changes({ records: [record("r1")] })))
    const second = await run(store.acquire("second", 150, 50))
    const refusal = await failure(store.commit(first, changes({ records: [record("r2")] })))
    expect(refusal).toBeInstanceOf(StaleLease)
    expect(await recordIds(store)).toEqual(["r1"])
    await run(store.commit(second, changes({ records: [record("r3")] })))
    expect(await recordIds(store)).toEqual(["r1", "r3"])
  })

  test("the other writes are refused under a stale lease too", async () => {
    const store = await stand.open(await stand.dir())
    const first = await run(store.acquire("first", 100, 50))
    await run(store.acquire("second", 150, 50))
    expect(await failure(store.renew(first, 160, 50))).toBeInstanceOf(StaleLease)
    expect(await failure(store.putSystemState(first, "crm", { a: 1 }))).toBeInstanceOf(StaleLease)
    const late = { id: "run-1", startedAt: 1, endedAt: null, outcome: "running", report: null } as const
    expect(await failure(store.putRun(first, late))).toBeInstanceOf(StaleLease)
    expect(await run(store.systemState("crm"))).toBeNull()
    expect(await run(store.runs(10))).toEqual([])
  })

  test("a renewed lease holds for longer", async () => {
    const store = await stand.open(await stand.dir())
    const lease = await run(store.acquire("first", 100, 50))
    await run(store.renew(lease, 140, 50))
    expect(await failure(store.acquire("second", 189, 50))).toMatchObject({ until: 190 })
  })

  test("a lease that expired but was not taken over may still write", async () => {
    const store = await stand.open(await stand.dir())
    const lease = await run(store.acquire("first", 100, 1))
    await run(store.commit(lease, changes({ records: [record("r1")] })))
    expect(await recordIds(store)).toEqual(["r1"])
  })

  test("a lease that was given back is free at once and writes no more", async () => {
    const store = await stand.open(await stand.dir())
    const first = await run(store.acquire("first", 100, 50))
    await run(store.release(first))
    expect(await failure(store.commit(first, changes({})))).toBeInstanceOf(StaleLease)
    const second = await run(store.acquire("second", 101, 50))
    expect(second.epoch).toBeGreaterThan(first.epoch)
  })

  test("giving back a lease that is no longer ours harms nobody", async () => {
    const store = await stand.open(await stand.dir())
    const first = await run(store.acquire("first", 100, 50))
    const second = await run(store.acquire("second", 150, 50))
    await run(store.release(first))
    await run(store.commit(second, changes({ records: [record("r1")] })))
    expect(await recordIds(store)).toEqual(["r1"])
  })
}
