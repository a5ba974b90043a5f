import { describe, expect, it } from "vitest"
import { World } from "../fake-system/world.ts"

describe.each(["header", "naturalKey", "none"] as const)("while a create has no answer, idempotent: %s", (idempotent) => {
  it.each(["lost", "dropped"] as const)("and was %s, no plan is applied, nothing is sent and the reason is said", async (fate) => {
    const world = new World({ systems: { a: {}, b: { idempotent, unique: true } } })
    const { a, b } = { a: world.system("a"), b: world.wire("b") }
    b.fate = () => fate
    a.create({ email: "x@x.com", name: "X" })
    // the process ends before the answer can be looked for
    b.afterPush = () => {
      b.outage = () => ({ class: "transient", message: "down" })
    }
    await world.run()
    expect((await world.intents()).map((intent) => intent.kind)).toEqual(["create"])
    b.outage = () => null
    b.afterPush = () => undefined
    b.fate = () => "answered"
    world.wait()
    a.create({ email: "y@x.com", name: "Y" })
    const plan = await world.plan()
    expect(plan.warnings.join()).toContain("b.people has not answered the create of x@x.com")
    const [pushed, rows] = [b.pushed.length, world.system("b").rows.size]
    expect(await world.apply(plan)).toEqual({
      applied: false,
      moved: ["b.people has not answered the create of x@x.com, which may have happened"],
      runFirst: true,
    })
    expect([b.pushed.length, world.system("b").rows.size]).toEqual([pushed, rows])
    await world.run()
    a.create({ email: "z@x.com", name: "Z" })
    world.wait()
    const next = await world.plan()
    expect([(await world.apply(next)).applied, next.warnings]).toEqual([true, []])
    expect(world.values("email")["b"]).toEqual(["x@x.com", "y@x.com", "z@x.com"])
  })
})

describe("a plan in a system that holds each address once", () => {
  const twice = async (idempotent: "header" | "naturalKey") => {
    const world = new World({ systems: { a: {}, b: { idempotent, unique: true } } })
    world.system("a").create({ email: "x@x.com", name: "X", phone: "1" })
    await world.run()
    world.wait()
    world.system("a").remove("a1")
    world.system("a").create({ email: "x@x.com", name: "new", phone: "2" })
    return world
  }

  it.each(["header", "naturalKey"] as const)("names the take-over that a create becomes, idempotent: %s", async (idempotent) => {
    const world = await twice(idempotent)
    const { writes } = await world.plan()
    const before = world.wire("b").pushed.length
    const applied = await world.apply(await world.plan())
    const pushed = world.wire("b").pushed.slice(before)
    expect(applied.applied).toBe(true)
    expect(writes.map((write) => [write.kind, write.remoteId, write.set])).toEqual(pushed.map((op) => [op.kind, op.id, op.set]))
    expect(world.values("name")).toEqual({ a: ["new"], b: ["new"] })
  })
})

describe("a plan whose write is refused in part while it is carried out", () => {
  it("leaves the rest of it for the next run: nothing that it does not name is sent, or kept to be sent", async () => {
    const world = new World({ systems: { a: {}, b: { idempotent: "none" } } })
    const { a, b } = { a: world.system("a"), b: world.system("b") }
    b.refuses = (item) => (item["phone"] === "bad" ? { phone: "not a number" } : null)
    a.create({ email: "x@x.com", name: "X", phone: "bad" })
    const plan = await world.plan()
    const applied = await world.apply(plan)
    expect(world.wire("b").pushed.map((op) => op.set)).toEqual(plan.writes.map((write) => write.set))
    expect([applied.applied, await world.intents(), b.live()]).toEqual([true, [], []])
    expect(applied.applied ? applied.report.warnings : []).toEqual([
      "b.people: a write came up that the plan does not name; it is left for the next run",
    ])
    const [write] = (await world.plan()).writes
    expect(write?.set).toEqual({ email: "x@x.com", name: "X" })
    await world.run()
    expect(world.values("name")["b"]).toEqual(["X"])
  })
})
