import { describe, expect, it } from "vitest"
import { MAILISH } from "../fake-system/traits.ts"
import { World } from "../fake-system/world.ts"
import { inStep, names, settle } from "./in-step.ts"

describe("a stale version", () => {
  it("is looked up, merged and planned anew: nothing is lost on either side", async () => {
    const world = await inStep()
    world.wire("b").onPush = () => {
      world.system("b").edit("b1", { phone: "user" })
      world.wire("b").onPush = () => undefined
    }
    world.system("a").edit("a1", { name: "X2" })
    const report = await world.run()
    expect(report.outcome).toBe("done")
    expect([world.values("name"), world.values("phone")]).toEqual([
      { a: ["X2"], b: ["X2"] },
      { a: ["user"], b: ["user"] },
    ])
  })

  it("of the same field is a conflict by the ordinary rules", async () => {
    const world = await inStep({}, { conflicts: { name: "review" } })
    world.wire("b").onPush = () => {
      world.system("b").edit("b1", { name: "user" })
      world.wire("b").onPush = () => undefined
    }
    world.system("a").edit("a1", { name: "X2" })
    await world.run()
    expect([world.values("name"), (await world.reviews()).length]).toEqual([{ a: ["X2"], b: ["user"] }, 1])
  })

  it("before a delete: the edit is not deleted unseen", async () => {
    const world = await inStep()
    world.wire("b").onPush = () => {
      world.system("b").edit("b1", { name: "user" })
      world.wire("b").onPush = () => undefined
    }
    world.system("a").remove("a1")
    await world.run()
    expect([names(world, "b"), (await world.reviews()).map((review) => review.kind)]).toEqual([["user"], ["delete_vs_edit"]])
  })

  it("that never ends does not keep a pass busy for ever", async () => {
    const world = await inStep()
    let n = 0
    world.wire("b").onPush = () => world.system("b").edit("b1", { phone: `${++n}` })
    world.system("a").edit("a1", { name: "X2" })
    await world.run()
    expect(n).toBeLessThan(20)
    world.wire("b").onPush = () => undefined
    await settle(world)
    expect(world.values("name")).toEqual({ a: ["X2"], b: ["X2"] })
    expect(world.values("phone")).toEqual({ a: [`${n}`], b: [`${n}`] })
  })
})

describe("an answer", () => {
  it("that holds a user's edit of another field does not swallow it", async () => {
    for (const b of [{ guard: "none" as const }, { ...MAILISH }]) {
      const world = await inStep(b)
      world.wire("b").onPush = () => {
        world.system("b").edit("b1", { phone: "user" })
        world.wire("b").onPush = () => undefined
      }
      world.system("a").edit("a1", { name: "X2" })
      await world.run()
      await world.run()
      expect([world.values("name"), world.values("phone")]).toEqual([
        { a: ["X2"], b: ["X2"] },
        { a: ["user"], b: ["user"] },
      ])
    }
  })

  it("read back after a user edited the very field does not swallow it, for updates and creates", async () => {
    for (const kind of ["update", "create"] as const) {
      const world = kind === "update" ? await inStep({ returnsItem: false }) : new World({ systems: { a: {}, b: { returnsItem: false } } })
      if (kind === "create") world.system("a").create({ email: "x@x.com", name: "X2" })
      else world.system("a").edit("a1", { name: "X2" })
      world.wire("b").afterPush = () => {
        world.wait(5_000)
        world.system("b").edit("b1", { name: "user" })
        world.wire("b").afterPush = () => undefined
      }
      await world.run()
      await settle(world)
      expect([kind, world.values("name")]).toEqual([kind, { a: ["user"], b: ["user"] }])
    }
  })

  it("that was rewritten as declared is no edit", async () => {
    for (const returnsItem of [true, false]) {
      const world = new World({ systems: { a: {}, b: { returnsItem, normalises: { name: ["upper"], email: ["lower"] } } } })
      world.system("a").create({ email: "x@x.com", name: "Ann" })
      await world.run()
      await settle(world)
      expect(world.values("name")).toEqual({ a: ["Ann"], b: ["ANN"] })
      world.system("a").edit("a1", { name: "Anne" })
      await settle(world)
      expect(world.values("name")).toEqual({ a: ["Anne"], b: ["ANNE"] })
      expect(world.system("b").written).toHaveLength(2)
    }
  })

  it("that was rewritten without a word is no edit where it is the answer to the write itself", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("b").rewrites = (item) => ({ ...item, ...(item["name"] === undefined ? {} : { name: `~${String(item["name"])}` }) })
    world.system("a").create({ email: "x@x.com", name: "Ann" })
    await world.run()
    await settle(world)
    expect(world.values("name")).toEqual({ a: ["Ann"], b: ["~Ann"] })
    expect(world.system("b").written).toHaveLength(1)
  })
})

describe("the same value written again later", () => {
  it("is a new request, though the system remembers keys and has no versions", async () => {
    const world = await inStep({ version: "none", perField: false, guard: "none" })
    for (const name of ["one", "two", "one", "two"]) {
      world.wait()
      world.system("a").edit("a1", { name })
      await world.run()
      expect(world.values("name")).toEqual({ a: [name], b: [name] })
    }
  })
})

describe("a system that is down", () => {
  it("holds up nobody else, and everything arrives once it is back", async () => {
    const world = new World({ systems: { a: {}, b: {}, c: {} } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    world.wire("b").outage = () => ({ class: "transient", message: "down" })
    const report = await world.run()
    expect([report.outcome, names(world, "b"), names(world, "c")]).toEqual(["unreachable", [], ["X"]])
    world.wire("b").outage = () => null
    await world.run()
    expect(names(world, "b")).toEqual(["X"])
  })
  it("only for writes, keeps what is owed and one bad item holds up nothing", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    world.wire("b").outage = (call) => (call === "push" ? { class: "rateLimited", message: "slow down", retryAfterMs: 60_000 } : null)
    expect((await world.run()).outcome).toBe("unreachable")
    expect(await world.intents()).toEqual([])
    world.wire("b").outage = () => null
    // whoever runs again at once keeps to what it asked for
    expect((await world.run()).outcome).toBe("unreachable")
    expect(names(world, "b")).toEqual([])
    world.wait(60_000)
    await world.run()
    expect(names(world, "b")).toEqual(["X"])
  })
})

it("an id that our own write gave to an item is that item's, whoever had it before", async () => {
  const world = new World({ systems: { a: {}, b: { id: "derived", version: "etag", deletes: "absence" } } })
  for (const i of [1, 2]) world.system("a").create({ email: `p${i}@x.com`, name: `P${i}` })
  await world.run()
  world.wait()
  // nobody has seen yet that the address is free
  world.wire("b").onPush = () => {
    world.system("b").edit("b2", { email: "other@x.com" })
    world.wire("b").onPush = () => undefined
  }
  world.system("a").edit("a2", { email: "p3@x.com" })
  world.system("a").edit("a1", { email: "p2@x.com" })
  await world.run()
  expect((await world.reviews()).map(({ kind, message }) => [kind, message])).toEqual([])
  world.wait()
  world.system("a").edit("a1", { phone: "1" })
  await settle(world)
  const b = world.system("b")
  expect(["b1", "b2"].map((uid) => [b.item(uid)["email"], b.item(uid)["phone"] ?? null, b.item(uid)["name"]])).toEqual([
    ["p2@x.com", "1", "P1"],
    ["other@x.com", null, "P2"],
  ])
})
