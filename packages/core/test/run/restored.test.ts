import { describe, expect, it } from "vitest"
import { undoPlan, undoRun } from "../../src/run/index.ts"
import { markOf, RESTORED, type Store } from "../../src/store/index.ts"
import type { Traits } from "../fake-system/traits.ts"
import { World } from "../fake-system/world.ts"

/** The store as it is now, as a backup would keep it. */
const backup = (world: World): Promise<Store> => world.effect(world.store.fork())

async function restore(world: World, old: Store): Promise<void> {
  const lease = await world.effect(old.acquire("a restore", world.time, 1_000))
  await world.effect(old.putSystemState(lease, RESTORED, markOf({ at: world.time, how: "backup" })))
  await world.effect(old.release(lease))
  world.store = old
}
const marked = async (world: World): Promise<boolean> => (await world.effect(world.store.systemState(RESTORED))) !== null
const addresses = (world: World, system: string) =>
  world
    .system(system)
    .live()
    .map((row) => row.item["email"])
    .toSorted()
const writes = (world: World): number => Object.values(world.systems).reduce((sum, system) => sum + system.written.length, 0)

async function lived(b: Partial<Traits> = {}): Promise<{ readonly world: World; readonly old: Store }> {
  const world = new World({ systems: { a: {}, b } })
  for (const name of ["x", "y", "z"]) world.system("a").create({ email: `${name}@x.com`, name })
  await world.run()
  const old = await backup(world)
  world.wait()
  world.system("a").create({ email: "new@x.com", name: "new" })
  world.system("b").create({ email: "newer@x.com", name: "newer" })
  world.system("a").edit("a1", { name: "x2" })
  world.system("b").edit("b2", { name: "y2" })
  world.system("a").remove("a3")
  await world.run()
  world.wait()
  await world.run()
  world.wait()
  return { world, old }
}

describe.each([{}, { idempotent: "none" }, { version: "timestamp", deletes: "absence" }] as const)("after a restore, with %o", (traits) => {
  it("what was done since the backup is taken as it is: nothing is made twice, revived or written back", async () => {
    const { world, old } = await lived(traits)
    const [a, b, written] = [addresses(world, "a"), addresses(world, "b"), writes(world)]
    await restore(world, old)
    const report = await world.run()
    expect(report.warnings.join()).toMatch(/restored from a backup: every system was read in full/)
    await world.run()
    expect([addresses(world, "a"), addresses(world, "b")]).toEqual([a, b])
    expect(world.values("name")["b"]?.toSorted()).toEqual(["new", "newer", "x2", "y2"])
    expect(world.values("name")["a"]?.toSorted()).toEqual(["new", "newer", "x2", "y2"])
    expect(writes(world)).toBe(written)
    expect([await world.reviews(), await marked(world)]).toEqual([[], false])
  })

  it("a create that was under way when the backup was made, and done since, is not made again", async () => {
    const world = new World({ systems: { a: {}, b: traits } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    let old: Store | null = null
    world.wire("b").onPush = async () => {
      old ??= await backup(world)
    }
    await world.run()
    world.wait()
    world.system("b").edit("b1", { name: "X2" })
    await world.run()
    if (old === null) throw new Error("nothing was pushed")
    await restore(world, old)
    for (let i = 0; i < 3; i++) {
      world.wait(120_000)
      await world.run()
    }
    expect([addresses(world, "a"), addresses(world, "b")]).toEqual([["x@x.com"], ["x@x.com"]])
    expect(world.values("name")).toEqual({ a: ["X2"], b: ["X2"] })
    expect([await world.intents(), await marked(world)]).toEqual([[], false])
  })
})

it("while a system cannot be read, nothing is written anywhere, and the next pass goes on", async () => {
  const { world, old } = await lived()
  await restore(world, old)
  world.system("a").edit("a1", { name: "x3" })
  const written = writes(world)
  world.wire("b").outage = () => ({ class: "transient", message: "out of order" })
  const report = await world.run()
  expect(report.outcome).toBe("unreachable")
  expect(report.warnings.join()).toMatch(/nothing is written until all systems have been read in full; not yet: b/)
  expect([writes(world), await marked(world)]).toEqual([written, true])
  world.wire("b").outage = () => null
  await world.run()
  expect([world.values("name")["b"]?.includes("x3"), await marked(world)]).toEqual([true, false])
})

it("an undo before all was read says that it waits, and not that there is nothing to undo", async () => {
  const { world, old } = await lived()
  const [first] = (await world.journal()).flatMap((row) => row.run ?? [])
  await restore(world, old)
  const engine = { ...world.engine, store: world.store }
  world.wire("b").onPage = (page) => ({ ...page, complete: false })
  const plan = await world.effect(undoPlan(engine, first ?? ""))
  const { undo } = await world.effect(undoRun(engine, first ?? ""))
  expect([plan.waits, undo.waits]).toEqual([expect.stringMatching(/not all systems could be read in full/), plan.waits])
  world.wire("b").onPage = (page) => page
  const seen = await world.effect(undoPlan(engine, first ?? ""))
  expect([seen.waits, seen.actions.length > 0]).toEqual([null, true])
})

it("a system that may not list yet what was made last is waited for", async () => {
  const world = new World({ systems: { a: {}, b: { idempotent: "none", listsAfterMs: 60_000 } } })
  const old = await backup(world)
  world.system("a").create({ email: "x@x.com", name: "X" })
  await world.run()
  const written = writes(world)
  await restore(world, old)
  world.wire("b").onPage = (page) => ({ ...page, changes: [] })
  const report = await world.run()
  expect(report.warnings.join()).toMatch(/not yet: b, which may not list yet what was made last/)
  expect([writes(world), await marked(world)]).toEqual([written, true])
  world.wire("b").onPage = (page) => page
  world.wait(61_000)
  await world.run()
  expect([writes(world), addresses(world, "b"), await marked(world)]).toEqual([written, ["x@x.com"], false])
})

it("an item without a key that is not known in the other system is asked about, not created", async () => {
  const world = new World({ systems: { a: {}, b: {} } })
  world.system("a").create({ email: "x@x.com", name: "X" })
  await world.run()
  const old = await backup(world)
  world.system("a").create({ name: "Nameless" })
  await world.run()
  await restore(world, old)
  await world.run()
  expect((await world.reviews()).map((review) => review.kind)).toEqual(["unknown_write", "unknown_write"])
  expect([world.system("a").live().length, world.system("b").live().length]).toEqual([2, 2])
})

it("an item that came up since, and waits for a person, may be what was created and renamed: no other is made before it is told", async () => {
  const world = new World({ systems: { a: {}, b: { idempotent: "none", unique: true } } })
  world.system("a").create({ email: "x@x.com", name: "X" })
  await world.run()
  const old = await backup(world)
  world.system("a").create({ email: "y@x.com", name: "Y" })
  await world.run()
  world.system("b").edit("b2", { email: "x@x.com", name: "Y2" })
  await restore(world, old)
  await world.run()
  expect((await world.reviews()).map(({ kind, remoteId }) => [kind, remoteId])).toEqual([
    ["duplicate", "b2"],
    ["unknown_write", null],
  ])
  await world.run()
  expect(world.system("b").live().length).toBe(2)
  const [waits, lost] = await world.reviews()
  await world.decide({ reviewId: waits?.id ?? "", hash: waits?.hash ?? "", choice: { take: "ignore" } })
  await world.decide({ reviewId: lost?.id ?? "", hash: lost?.hash ?? "", choice: { take: "retry" } })
  await world.run()
  expect(addresses(world, "b")).toEqual(["x@x.com", "x@x.com", "y@x.com"])
})

it("a plan on a restored store tells what the first run would do, and leaves the mark", async () => {
  const { world, old } = await lived()
  await restore(world, old)
  world.system("a").edit("a1", { name: "x3" })
  const plan = await world.plan()
  expect(plan.writes.map((write) => [write.kind, write.changes.map((change) => change.after)])).toEqual([["update", ["x3"]]])
  expect(await marked(world)).toBe(true)
  expect((await world.apply(plan)).applied).toBe(true)
  expect(await marked(world)).toBe(false)
})
