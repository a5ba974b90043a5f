import { describe, expect, it } from "vitest"
import type { Json } from "@syncline/connector"
import { undoPlan, undoRun } from "../../src/run/index.ts"
import type { PassOptions, Undone } from "../../src/run/index.ts"
import type { UndoAction, UndoReport } from "../../src/undo/action.ts"
import { MAILISH } from "../fake-system/traits.ts"
import { World, type WorldSpec } from "../fake-system/world.ts"
import { verify, told as differences } from "../verify/comparing.ts"

const TWO: WorldSpec = { systems: { a: {}, b: MAILISH } }
const ADA = { email: "ada@x.com", name: "Ada", phone: "+1", tags: ["t"] }

const planOf = (world: World, run: string): Promise<UndoReport> => world.effect(undoPlan({ ...world.engine, store: world.store }, run))
const undo = (world: World, run: string, options: PassOptions = {}): Promise<Undone> => {
  world.wait(1_000)
  return world.effect(undoRun({ ...world.engine, store: world.store }, run, options))
}
const told = (actions: readonly UndoAction[]): readonly string[] =>
  actions.map((each) => `${each.kind} ${each.binding}${"field" in each && each.field !== null ? `.${each.field}` : ""}`).toSorted()
const value = (world: World, system: string, field: string): Json => world.system(system).byEmail("ada@x.com")?.item[field] ?? null
const edit = (world: World, system: string, patch: Readonly<Record<string, Json>>): void => {
  world.wait()
  world.system(system).edit(world.system(system).byEmail("ada@x.com")?.uid ?? "", patch)
}

/** Ada is in both systems; a renames her, and the run that is answered writes it to b. */
async function renamed(spec: WorldSpec = TWO): Promise<{ readonly world: World; readonly run: string }> {
  const world = new World(spec)
  world.system("a").create(ADA)
  await world.run()
  edit(world, "a", { name: "Ada Lovelace", phone: "+2" })
  const { run } = await world.run()
  expect(value(world, "b", "name")).toBe("Ada Lovelace")
  return { world, run }
}

describe("an update that is undone", () => {
  it("is planned first, and a plan writes nothing", async () => {
    const { world, run } = await renamed()
    const [writes, rows, reviews] = [world.writes(), await world.journal(), await world.reviews()]
    const plan = await planOf(world, run)
    expect(told(plan.actions)).toEqual(["restore b.people.name", "restore b.people.phone"])
    expect(plan.appliedBy).toBeNull()
    expect(world.writes()).toEqual(writes)
    expect(await world.journal()).toEqual(rows)
    expect(await world.reviews()).toEqual(reviews)
  })

  it("gives the system its old values, leaves the author's alone, and holds both fields until somebody decides", async () => {
    const { world, run } = await renamed()
    const { undo: report } = await undo(world, run)
    expect(report.failed).toEqual([])
    expect(report.appliedBy).not.toBeNull()
    expect([value(world, "b", "name"), value(world, "b", "phone")]).toEqual(["Ada", "+1"])
    expect(value(world, "a", "name")).toBe("Ada Lovelace")
    expect((await world.reviews()).map((review) => review.field).toSorted()).toEqual(["name", "phone"])
    const writes = world.writes()
    await world.run()
    await world.run({ full: true })
    expect(world.writes()).toEqual(writes)
    expect((await world.reviews()).length).toBe(2)
    expect(differences(await verify(world)).every((each) => each.startsWith("held b.people"))).toBe(true)
    const rows = await world.journal()
    expect(rows.filter((row) => row.kind === "undone").map((row) => row.note)).toEqual([run])
  })

  it("lets other fields flow meanwhile", async () => {
    const { world, run } = await renamed()
    await undo(world, run)
    edit(world, "a", { note: "new" })
    edit(world, "b", { status: "vip" })
    await world.run()
    expect(value(world, "b", "note")).toBe("new")
    expect(value(world, "a", "status")).toBe("vip")
    expect(value(world, "b", "name")).toBe("Ada")
  })

  it.each([
    ["a", "Ada Lovelace"],
    ["b", "Ada"],
  ])("is settled by a decision for %s", async (system, name) => {
    const { world, run } = await renamed()
    await undo(world, run)
    const review = (await world.reviews()).find((each) => each.field === "name")
    await world.decide({ reviewId: review?.id ?? "", hash: review?.hash ?? "", choice: { take: "system", system } })
    await world.run()
    expect([value(world, "a", "name"), value(world, "b", "name")]).toEqual([name, name])
  })

  it("closes its question when the author takes the edit back", async () => {
    const { world, run } = await renamed()
    await undo(world, run)
    edit(world, "a", { name: "Ada", phone: "+1" })
    await world.run()
    expect(await world.reviews()).toEqual([])
    expect(await verify(world)).toMatchObject({ differences: [] })
  })

  it("asks about a field that was edited since, and writes nothing there", async () => {
    const { world, run } = await renamed()
    edit(world, "b", { name: "Countess" })
    edit(world, "a", { phone: "+3" })
    await world.run()
    const before = world.writes()
    const { undo: report } = await undo(world, run)
    expect(told(report.actions)).toEqual(["ask b.people.name", "ask b.people.phone"])
    expect(world.writes()).toEqual(before)
    const review = (await world.reviews()).find((each) => each.field === "name")
    expect(review?.sides.map((side) => [side.system, side.value])).toEqual([
      ["b", "Countess"],
      ["undo", "Ada"],
    ])
    await world.decide({ reviewId: review?.id ?? "", hash: review?.hash ?? "", choice: { take: "system", system: "undo" } })
    await world.run()
    expect([value(world, "a", "name"), value(world, "b", "name")]).toEqual(["Ada", "Ada"])
  })

  it("sees an edit that nobody has read yet", async () => {
    const { world, run } = await renamed()
    edit(world, "b", { name: "Countess" })
    expect(told((await planOf(world, run)).actions)).toEqual(["ask b.people.name", "restore b.people.phone"])
    await undo(world, run)
    expect(value(world, "b", "name")).toBe("Countess")
  })

  it("writes nothing but what it takes back, even if more is owed", async () => {
    const { world, run } = await renamed({ systems: { a: {}, b: {}, c: {} } })
    world.system("a").create({ email: "new@x.com", name: "New" })
    await undo(world, run)
    expect(world.system("b").byEmail("new@x.com")).toBeUndefined()
    expect([value(world, "b", "name"), value(world, "c", "name")]).toEqual(["Ada", "Ada"])
    expect((await world.reviews()).find((review) => review.field === "name")?.sides).toHaveLength(3)
    await world.run()
    expect(world.system("b").byEmail("new@x.com")).toBeDefined()
  })

  it("that does not go through is as if it had never been tried", async () => {
    const { world, run } = await renamed()
    world.wire("b").outage = (call) => (call === "push" ? { class: "forbidden", message: "no" } : null)
    const { undo: report } = await undo(world, run)
    expect(told(report.failed)).toEqual(["restore b.people.name", "restore b.people.phone"])
    expect(await world.reviews()).toEqual([])
    world.wire("b").outage = () => null
    await world.run()
    expect(value(world, "b", "name")).toBe("Ada Lovelace")
    expect(await verify(world)).toMatchObject({ differences: [] })
  })

  it("can be undone itself: what was disputed then is asked about already", async () => {
    const { world, run } = await renamed()
    const { report } = await undo(world, run)
    expect(told((await planOf(world, report.run)).actions)).toEqual(["leave b.people.name", "leave b.people.phone"])
  })
})

describe("a create that is undone", () => {
  async function created(spec: WorldSpec = TWO): Promise<{ readonly world: World; readonly run: string }> {
    const world = new World(spec)
    world.system("a").create(ADA)
    const { run } = await world.run()
    return { world, run }
  }

  it("is removed again there and nowhere else, and no run makes it anew", async () => {
    const { world, run } = await created()
    const { undo: report } = await undo(world, run)
    expect(told(report.actions)).toEqual(["remove b.people"])
    expect(world.system("b").live()).toHaveLength(0)
    expect(world.system("a").live()).toHaveLength(1)
    await world.run()
    edit(world, "a", { name: "Ada L." })
    await world.run()
    await world.run({ full: true })
    expect(world.system("b").live()).toHaveLength(0)
    expect(world.system("a").live()).toHaveLength(1)
    expect((await world.quarantined()).map((entry) => entry.reason)).toEqual([
      `${run} created it and was undone: it is not made anew until somebody says so`,
    ])
    expect(differences(await verify(world))).toEqual(["held b.people ada"])
  })

  it("is made anew, as the next generation, once somebody says so", async () => {
    const { world, run } = await created()
    await undo(world, run)
    const [entry] = await world.quarantined()
    await world.effect(
      world.store.decide({ id: "dec", at: world.time, by: "ann", note: null, kind: "retry", quarantineId: entry?.id ?? "" }),
    )
    await world.run()
    expect(world.system("b").live()).toHaveLength(1)
    expect((await world.links()).find((link) => link.binding === "b.people")?.generation).toBe(2)
    expect(await world.quarantined()).toEqual([])
  })

  it("is left alone if it was edited there since", async () => {
    const { world, run } = await created()
    edit(world, "b", { note: "mine" })
    expect((await planOf(world, run)).actions).toMatchObject([{ kind: "leave", why: "it was edited there since" }])
  })

  it("keeps to the guards until it is allowed", async () => {
    const world = new World({ ...TWO, guards: "{ delete: { max: 1, percent: 1 } }" })
    for (const name of ["ada", "bob", "cleo"]) world.system("a").create({ email: `${name}@x.com`, name })
    const { run } = await world.run()
    const { undo: stopped, report } = await undo(world, run)
    expect(report.outcome).toBe("guard")
    expect(stopped.guards[0]?.message).toMatch(/this undo would delete 3 items in b\.people/)
    expect(world.system("b").live()).toHaveLength(3)
    expect(await world.quarantined()).toEqual([])
    await undo(world, run, { allow: { delete: 3 } })
    expect(world.system("b").live()).toHaveLength(0)
  })

  it("whose removal fails stays, and is held no longer", async () => {
    const { world, run } = await created()
    world.wire("b").outage = (call) => (call === "push" ? { class: "transient", message: "down" } : null)
    const { undo: report } = await undo(world, run)
    expect(told(report.failed)).toEqual(["remove b.people"])
    world.wire("b").outage = () => null
    expect(await world.quarantined()).toEqual([])
    await world.run()
    expect(world.system("b").live()).toHaveLength(1)
  })
})

describe("a delete that is undone", () => {
  async function deleted(spec: WorldSpec = TWO): Promise<{ readonly world: World; readonly run: string }> {
    const world = new World(spec)
    const uid = world.system("a").create(ADA)
    await world.run()
    world.wait()
    world.system("a").remove(uid)
    const { run } = await world.run()
    expect(world.system("b").live()).toHaveLength(0)
    return { world, run }
  }

  it("stays where its delete was still owed", async () => {
    const world = new World({ systems: { a: {}, b: MAILISH, c: {} } })
    world.system("a").create(ADA)
    await world.run()
    world.wait()
    world.system("a").remove("a1")
    world.wire("c").outage = (call) => (call === "push" ? { class: "transient", message: "down" } : null)
    const { run } = await world.run()
    expect([world.system("b").live().length, world.system("c").live().length]).toEqual([0, 1])
    await undo(world, run)
    world.wire("c").outage = () => null
    world.wait(3_600_000)
    await world.run()
    await world.run({ full: true })
    expect([world.system("b").live().length, world.system("c").live().length]).toEqual([1, 1])
    expect(world.writes()["c"]?.filter((write) => write.includes("delete")) ?? []).toEqual([])
  })

  it("is created anew where the run deleted it, and not where its users did", async () => {
    const { world, run } = await deleted()
    const { undo: report } = await undo(world, run)
    expect(told(report.actions)).toEqual(["recreate b.people"])
    expect(report.failed).toEqual([])
    expect([value(world, "b", "name"), value(world, "b", "phone")]).toEqual(["Ada", "+1"])
    expect(world.system("a").live()).toHaveLength(0)
    const link = (await world.links()).find((each) => each.binding === "b.people")
    expect([link?.generation, link?.state]).toEqual([2, "live"])
    await world.run()
    edit(world, "b", { name: "Ada again" })
    await world.run({ full: true })
    expect(world.system("a").live()).toHaveLength(0)
    expect(world.system("b").live()).toHaveLength(1)
    expect(differences(await verify(world))).toEqual(["held a.people ada"])
  })

  it("is left alone if somebody else has the address now", async () => {
    const { world, run } = await deleted()
    world.system("b").create({ email: "ada@x.com", name: "Another Ada" })
    await world.run()
    expect((await planOf(world, run)).actions).toMatchObject([{ kind: "leave" }])
  })
})

it("an undo that brings a record back puts right what its archive marks stand on elsewhere", async () => {
  const world = new World({ systems: { a: {}, b: {}, c: {} }, binding: { b: ["on_delete: { archive: { status: lost } }"] } })
  const uid = world.system("a").create({ ...ADA, status: "on" })
  await world.run()
  world.wait()
  world.system("a").remove(uid)
  const { run } = await world.run()
  expect(world.values("status")).toEqual({ a: [], b: ["lost"], c: [] })
  await undo(world, run)
  await world.run()
  await world.run()
  expect(world.values("status")).toEqual({ a: [], b: ["on"], c: ["on"] })
})
