// What happens around an undo: edits while its answers are outstanding, and users who were there before its run.
import { expect, it } from "vitest"
import type { Json, JsonObject } from "@syncline/connector"
import { undoRun } from "../../src/run/index.ts"
import type { Undone } from "../../src/run/index.ts"
import type { UndoAction } from "../../src/undo/action.ts"
import { MAILISH } from "../fake-system/traits.ts"
import { World, type WorldSpec } from "../fake-system/world.ts"

const TWO: WorldSpec = { systems: { a: {}, b: MAILISH } }
const ADA = { email: "ada@x.com", name: "Ada", phone: "+1", tags: ["t"] }

const undo = (world: World, run: string): Promise<Undone> => {
  world.wait(1_000)
  return world.effect(undoRun({ ...world.engine, store: world.store }, run))
}
const told = (actions: readonly UndoAction[]): readonly string[] => actions.map((each) => `${each.kind} ${each.binding}`)
const value = (world: World, system: string, field: string): Json => world.system(system).byEmail("ada@x.com")?.item[field] ?? null
const edit = (world: World, system: string, patch: Readonly<Record<string, Json>>): void => {
  world.wait()
  world.system(system).edit(world.system(system).byEmail("ada@x.com")?.uid ?? "", patch)
}

it("what an undo without an answer put back stays in question where somebody wrote over it since", async () => {
  const world = new World(TWO)
  world.system("a").create(ADA)
  await world.run()
  edit(world, "a", { name: "Ada Lovelace" })
  const { run } = await world.run()
  world.wire("b").fate = () => "lost"
  await undo(world, run)
  edit(world, "b", { name: "Countess" })
  world.wire("b").fate = () => "answered"
  world.wait(3_600_000)
  await world.run()
  await world.run({ full: true })
  expect([value(world, "a", "name"), value(world, "b", "name")]).toEqual(["Ada Lovelace", "Countess"])
  const [asked] = (await world.reviews()).filter((review) => review.field === "name")
  expect(asked?.sides.map((side) => side.value)).toEqual(["Ada Lovelace", "Countess"])
})

it("a record that an undo brings back is made also where its create had no answer when it was deleted", async () => {
  const world = new World({ systems: { a: {}, b: { idempotent: "none", unique: true, horizonMs: 600_000 }, c: {} } })
  world.system("a").create(ADA)
  world.wire("b").fate = () => "dropped"
  await world.run()
  world.system("a").remove("a1")
  const { run } = await world.run()
  await undo(world, run)
  expect([value(world, "b", "name"), value(world, "c", "name")]).toEqual([null, "Ada"])
  world.wire("b").fate = () => "answered"
  for (let at = 0; at < 2; at++) {
    world.wait(3_600_000)
    await world.run()
  }
  expect([world.system("a").live(), value(world, "b", "name"), world.system("b").live().length]).toEqual([[], "Ada", 1])
})

it("an undo that never arrived keeps nothing in question that a person settled meanwhile", async () => {
  const world = new World({ ...TWO, conflicts: { tags: "union" } })
  world.system("a").create(ADA)
  await world.run()
  edit(world, "a", { tags: [] })
  const { run } = await world.run()
  world.wire("b").fate = () => "dropped"
  await undo(world, run)
  const [asked] = await world.reviews()
  await world.decide({ reviewId: asked?.id ?? "", hash: asked?.hash ?? "", choice: { take: "value", value: ["t"] } })
  edit(world, "b", { tags: ["u"] })
  world.wire("b").fate = () => "answered"
  world.wait(3_600_000)
  await world.run()
  for (const system of ["a", "b"]) expect(value(world, system, "tags")).toEqual(expect.arrayContaining(["t", "u"]))
})

it("an item that is undone stays away where its removal arrives late, after the record was edited", async () => {
  const world = new World(TWO)
  world.system("a").create(ADA)
  const { run } = await world.run()
  world.wire("b").fate = (op) => (op.kind === "delete" ? "late" : "answered")
  const { undo: report } = await undo(world, run)
  expect(told(report.open)).toEqual(["remove b.people"])
  world.wire("b").outage = (call) => (call === "lookup" ? { class: "transient", message: "down" } : null)
  for (const phone of ["+3", "+4"]) {
    edit(world, "a", { phone })
    await world.run()
  }
  Object.assign(world.wire("b"), { fate: () => "answered", outage: () => null })
  world.wire("b").arrive()
  world.wait(3_600_000)
  await world.run()
  await world.run({ full: true })
  expect([world.system("a").live().length, world.system("b").live().length]).toEqual([1, 0])
  expect((await world.quarantined()).map((entry) => entry.reason)).toEqual([
    `${run} created it and was undone: it is not made anew until somebody says so`,
  ])
})

it("an undo brings nothing back where its users had removed the item before the run came", async () => {
  const world = new World(TWO)
  world.system("a").create(ADA)
  await world.run()
  world.wait()
  world.system("a").remove("a1")
  world.wire("b").onPush = () => {
    for (const { uid } of world.system("b").live()) world.system("b").remove(uid)
    return Promise.resolve()
  }
  const { run } = await world.run()
  const { undo: report } = await undo(world, run)
  expect(report.actions).toMatchObject([{ kind: "leave", why: "it was gone there before that run came to delete it" }])
  await world.run({ full: true })
  expect([world.system("a").live().length, world.system("b").live().length]).toEqual([0, 0])
})

it("a removal of an undo that never arrived is still owed where the record was deleted meanwhile", async () => {
  const world = new World(TWO)
  world.system("a").create(ADA)
  const { run } = await world.run()
  world.wire("b").fate = (op) => (op.kind === "delete" ? "dropped" : "answered")
  const { undo: report } = await undo(world, run)
  expect(told(report.open)).toEqual(["remove b.people"])
  world.wire("b").outage = (call) => (call === "lookup" ? { class: "transient", message: "down" } : null)
  world.wait()
  world.system("a").remove(world.system("a").byEmail("ada@x.com")?.uid ?? "")
  await world.run()
  Object.assign(world.wire("b"), { fate: () => "answered", outage: () => null })
  world.wait(3_600_000)
  await world.run()
  await world.run({ full: true })
  expect([world.system("a").live().length, world.system("b").live().length]).toEqual([0, 0])
})

it("what an undo wrote and the system did not take is not put back, and nobody is asked about it", async () => {
  const world = new World(TWO)
  world.system("a").create(ADA)
  await world.run()
  edit(world, "a", { name: "Ada Lovelace" })
  const { run } = await world.run()
  const nameless = (item: JsonObject): JsonObject => Object.fromEntries(Object.entries(item).filter(([field]) => field !== "name"))
  const b = world.system("b")
  world.wire("b").onPush = () => {
    b.rewrites = (set) => nameless(set) as Record<string, Json>
    world.wire("b").onAnswers = (answers) =>
      answers.map((answer) =>
        "found" in answer && answer.found.kind === "upsert" ? { found: { ...answer.found, item: nameless(answer.found.item) } } : answer,
      )
  }
  const { undo: report } = await undo(world, run)
  expect([told(report.failed), await world.reviews()]).toEqual([["restore b.people"], []])
  world.wire("b").onPush = () => undefined
  world.wire("b").onAnswers = (answers) => answers
  b.rewrites = (set) => set
  await world.run({ full: true })
  expect([value(world, "a", "name"), value(world, "b", "name"), await world.reviews()]).toEqual(["Ada Lovelace", "Ada Lovelace", []])
})

it("an undo sends nothing over an edit that was shown while its write waited for its turn", async () => {
  const world = new World({ systems: { a: {}, b: { max: 1, guard: "none" } } })
  for (const n of [1, 2]) world.system("a").create({ email: `p${n}@x.com`, name: `P${n}`, phone: `1${n}` })
  await world.run()
  world.wait()
  for (const n of [1, 2]) world.system("a").edit(`a${n}`, { name: `A${n}` })
  const { run } = await world.run()
  world.wait()
  const b = world.system("b")
  const write = b.write.bind(b)
  b.write = (op) => {
    const outcome = write(op)
    if (outcome.status !== "applied" || outcome.item === undefined || world.values("name")["b"]?.includes("Typed") === true) return outcome
    b.edit(op.id === "b1" ? "b2" : "b1", { name: "Typed" })
    // an answer without the field has others asked whether they still show it
    const { phone: _, ...item } = outcome.item
    return { ...outcome, item }
  }
  const { undo: report } = await undo(world, run)
  expect([told(report.failed), world.values("name")["b"]]).toEqual([["restore b.people"], expect.arrayContaining(["Typed"])])
  await world.run({ full: true })
  expect(world.values("name")["a"]).toContain("Typed")
})

it("an answer about one of its fields makes no item anew that an undo removed", async () => {
  const world = new World({ systems: { a: {}, b: {} }, fields: { b: { name: "{ path: name, as: [trim] }" } } })
  world.system("a").create({ ...ADA, name: " Ada " })
  const { run } = await world.run()
  await undo(world, run)
  const [asked] = await world.reviews()
  expect(asked?.kind).toBe("unachievable")
  await world.decide({ reviewId: asked?.id ?? "", hash: asked?.hash ?? "", choice: { take: "retry" } })
  await world.run()
  edit(world, "a", { phone: "+2" })
  await world.run()
  expect(world.system("b").live()).toEqual([])
})

it("an item that a user brings back after an undo brings no other one back that the undo removed", async () => {
  const world = new World({ systems: { a: {}, b: {}, c: { ...MAILISH, secondary: false, idempotent: "none" } } })
  world.system("a").create(ADA)
  const { run } = await world.run()
  await undo(world, run)
  world.wait()
  world.system("b").restore("b1")
  await world.run()
  await world.run({ full: true })
  expect(["a", "b", "c"].map((name) => world.system(name).live().length)).toEqual([1, 1, 0])
})

it("what a run made is left where it shows a value that nobody can read", async () => {
  const world = new World(TWO)
  world.system("a").create(ADA)
  const { run } = await world.run()
  edit(world, "b", { phone: 7 })
  const { undo: report } = await undo(world, run)
  expect(report.actions).toMatchObject([{ kind: "leave", why: "it shows values that cannot be read" }])
})

it("an undo says of what a system never showed that it cannot tell", async () => {
  const world = new World(TWO)
  world.system("a").create({ ...ADA, name: null })
  await world.run()
  edit(world, "a", { name: "Ada", phone: "+2" })
  // taken, and as blank as before
  world.system("b").rewrites = (set) => ({ ...set, name: null })
  const { run } = await world.run()
  const { undo: report } = await undo(world, run)
  expect(report.actions).toMatchObject([
    { kind: "restore", field: "phone" },
    { kind: "leave", why: "the system never showed all that was written there" },
  ])
})
