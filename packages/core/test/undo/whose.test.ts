// Whose item it is that a run wrote: undo touches nothing that became somebody else's, or was it all along.
import { describe, expect, it } from "vitest"
import { undoPlan, undoRun } from "../../src/run/index.ts"
import type { UndoAction } from "../../src/undo/action.ts"
import { World, type WorldSpec } from "../fake-system/world.ts"

const UPSERT: WorldSpec = { systems: { a: {}, b: { idempotent: "naturalKey", unique: true } } }
const ADA = { email: "ada@x.com", name: "Ada" }

const actionsOf = async (world: World, run: string): Promise<readonly UndoAction[]> =>
  (await world.effect(undoPlan({ ...world.engine, store: world.store }, run))).actions
const undo = (world: World, run: string) => {
  world.wait(1_000)
  return world.effect(undoRun({ ...world.engine, store: world.store }, run))
}
const told = (actions: readonly UndoAction[]): readonly string[] =>
  actions.map((each) => `${each.kind} ${each.binding} ${each.remoteId}${each.kind === "leave" ? `: ${each.why}` : ""}`).toSorted()

describe("a create that landed on an item which was there", () => {
  /** Somebody enters Ada in b after b was read and before she is written there. */
  async function landed(tellsMet: boolean): Promise<{ readonly world: World; readonly run: string }> {
    const world = new World(UPSERT)
    world.system("a").create(ADA)
    world.system("b").tellsMet = tellsMet
    world.wire("b").onPush = () => {
      world.wire("b").onPush = () => undefined
      world.system("b").create(ADA)
    }
    const { run } = await world.run()
    expect(world.system("b").live()).toHaveLength(1)
    return { world, run }
  }

  it.each([
    [true, /^leave b\.people b1: it may be somebody else's: it was there before/],
    [false, /^leave b\.people b1: it may be somebody else's: this system does not say/],
  ])("is not removed (the system says so: %s)", async (tellsMet, reason) => {
    const { world, run } = await landed(tellsMet)
    const { undo: report } = await undo(world, run)
    expect(told(report.actions)).toEqual([expect.stringMatching(reason)])
    expect(world.system("b").live()).toHaveLength(1)
  })

  it("is not removed where it was only found by its key after a lost answer", async () => {
    const world = new World(UPSERT)
    world.system("a").create(ADA)
    world.wire("b").fate = () => "lost"
    const { run } = await world.run()
    world.wire("b").fate = () => "answered"
    world.wait(60_000)
    const found = await world.run()
    expect(told([...(await actionsOf(world, run)), ...(await actionsOf(world, found.run))])).toEqual([
      expect.stringMatching(/^leave b\.people b1: it may be somebody else's: found by its key/),
    ])
  })
})

describe("a run whose records were merged since", () => {
  /** X and Y are two records until a person merges them; d has an item of each, which the first run made. */
  async function merged(into: "X" | "Y"): Promise<{ readonly world: World; readonly made: string; readonly joined: string }> {
    const kept = ["create: false"]
    const world = new World({
      systems: { a: {}, b: {}, c: {}, d: {} },
      match: "[[email], [phone]]",
      binding: { a: kept, b: kept, c: kept, d: ["on_delete: propagate"] },
    })
    world.system("a").create({ email: "x@x.com", phone: "1", name: "X" })
    world.system("b").create({ email: "y@x.com", phone: "2", name: "Y" })
    const { run: made } = await world.run()
    world.system("c").create({ email: "x@x.com", phone: "2", name: "X" })
    await world.run()
    const review = (await world.reviews()).find((each) => each.kind === "ambiguous")
    const record = (await world.records()).find((each) => each.fields["name"] === into)
    await world.decide({ reviewId: review?.id ?? "", hash: review?.hash ?? "", choice: { take: "merge", into: record?.id ?? "" } })
    const { run: joined } = await world.run()
    return { world, made, joined }
  }

  it("leaves what belongs to another record now, and says to which", async () => {
    const { world, made } = await merged("X")
    const actions = told(await actionsOf(world, made))
    expect(actions).toContainEqual(expect.stringMatching(/^leave d\.people d2: its record was merged into rec_\d+ since$/))
    await undo(world, made)
    expect(
      world
        .system("d")
        .live()
        .map((row) => row.uid),
    ).toContain("d2")
  })

  it("gives values back that the merge wrote, and says that the merge itself stays", async () => {
    const { world, joined } = await merged("X")
    const actions = await actionsOf(world, joined)
    expect(told(actions)).toContainEqual(expect.stringMatching(/^leave b\.people b1: records were merged then, by a decision: that stays$/))
    expect(actions.filter((each) => each.kind === "restore").map((each) => each.binding)).toContain("b.people")
    const { undo: report } = await undo(world, joined)
    expect(report.failed).toEqual([])
    expect(world.system("b").item("b1")).toMatchObject({ email: "y@x.com", name: "Y" })
    const writes = world.writes()
    await world.run({ full: true })
    expect(world.writes()).toEqual(writes)
  })
})

describe("an undo whose write never arrived", () => {
  it("holds nothing after the next run, says so, and is done when it is asked for again", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    const uid = world.system("a").create(ADA)
    await world.run()
    world.system("a").edit(uid, { name: "Ada Lovelace" })
    world.wait()
    const { run } = await world.run()
    world.wire("b").fate = () => "dropped"
    const { undo: report } = await undo(world, run)
    expect([report.failed, told(report.open)]).toEqual([[], ["restore b.people b1"]])
    world.wire("b").fate = () => "answered"
    const { warnings } = await world.run()
    expect(warnings).toEqual([expect.stringMatching(new RegExp(`the undo of ${run} was cut off`))])
    expect(await world.reviews()).toEqual([])
    expect(world.system("b").live()[0]?.item["name"]).toBe("Ada Lovelace")
    const { undo: again } = await undo(world, run)
    expect([told(again.actions), again.failed, again.open]).toEqual([["restore b.people b1"], [], []])
    expect(world.system("b").live()[0]?.item["name"]).toBe("Ada")
  })
})

it("an item that a run made stays once its users merged another of theirs into it, although it shows nothing else", async () => {
  const world = new World({ systems: { a: {}, b: {} } })
  world.system("b").create({ email: "y@x.com", name: "Y" })
  await world.run()
  world.wait()
  world.system("a").create({ email: "x@x.com", name: "X" })
  const { run } = await world.run()
  world.wait()
  const [theirs, made] = [world.system("b").byEmail("y@x.com")?.id ?? "", world.system("b").byEmail("x@x.com")?.id ?? ""]
  world.system("b").row(theirs).deleted = true
  let isTold = false
  world.wire("b").onPage = (page) => {
    if (isTold) return page
    isTold = true
    return { ...page, changes: [{ kind: "merge", id: theirs, into: made }] }
  }
  const { undo: report } = await undo(world, run)
  expect(told(report.actions)).toEqual([`leave b.people ${made}: it was edited there since`])
  expect(world.values("name")["b"]).toEqual(["X"])
})
