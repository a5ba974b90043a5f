import { describe, expect, it } from "vitest"
import { MOST_FLIPS } from "../../src/integrate/flip.ts"
import { World, type WorldSpec } from "../fake-system/world.ts"

/** Two automations that each insist on their own spelling, as soon as they see another. */
async function insisting(world: World, passes: number): Promise<void> {
  for (let i = 0; i < passes; i++) {
    world.wait(30_000)
    if (world.system("a").item("a1")["name"] !== "Ann") world.system("a").edit("a1", { name: "Ann" })
    world.wait(30_000)
    await world.run()
    world.wait(30_000)
    if (world.system("b").item("b1")["name"] !== "ANN") world.system("b").edit("b1", { name: "ANN" })
    world.wait(30_000)
    await world.run()
  }
}
const written = (world: World): number => world.system("a").written.length + world.system("b").written.length

async function met(spec: Partial<WorldSpec> = {}): Promise<World> {
  const world = new World({ systems: { a: {}, b: {} }, ...spec })
  world.system("a").create({ email: "x@x.com", name: "Ann", phone: "1" })
  await world.run()
  return world
}

describe("a field that two automations write in turn", () => {
  it("is frozen, with its history, and nothing more of it is written; every other field flows on", async () => {
    const world = await met()
    await insisting(world, 4)
    const [review, ...more] = await world.reviews()
    expect([review?.kind, review?.field, more]).toEqual(["conflict", "name", []])
    expect(review?.message).toMatch(/name goes back and forth by itself, 3 times so far: .*"Ann" \(a\) → "ANN" \(b\)/)
    const before = written(world)
    expect(before).toBeLessThanOrEqual(MOST_FLIPS + 2)
    await insisting(world, 3)
    expect([written(world), (await world.reviews()).length]).toEqual([before, 1])
    world.system("a").edit("a1", { phone: "2" })
    await world.run()
    expect([world.system("b").item("b1")["phone"], written(world)]).toEqual(["2", before + 1])
  })

  it("goes on as a person decides, and closes by itself once both say the same", async () => {
    const decided = await met()
    await insisting(decided, 4)
    const [review] = await decided.reviews()
    await decided.decide({ reviewId: review?.id ?? "", hash: review?.hash ?? "", choice: { take: "value", value: "Ann" } })
    await decided.run()
    expect(decided.values("name")).toEqual({ a: ["Ann"], b: ["Ann"] })
    expect(await decided.reviews()).toEqual([])
    decided.wait()
    decided.system("b").edit("b1", { name: "Anna" })
    await decided.run()
    expect(decided.values("name")).toEqual({ a: ["Anna"], b: ["Anna"] })

    const agreed = await met()
    await insisting(agreed, 4)
    agreed.wait()
    agreed.system("a").edit("a1", { name: "Anna" })
    agreed.system("b").edit("b1", { name: "Anna" })
    await agreed.run()
    expect(await agreed.reviews()).toEqual([])
  })

  it("is frozen as well where only we are meant to write it", async () => {
    const world = await met({ fields: { b: { name: "{ path: name, direction: out }" } } })
    await insisting(world, 6)
    expect((await world.reviews()).map((review) => review.field)).toEqual(["name"])
    const before = written(world)
    await insisting(world, 2)
    expect(written(world)).toBe(before)
  })

  it("asks about what somebody types meanwhile where only we are meant to write it, and closes where they type ours", async () => {
    const frozen = async (): Promise<World> => {
      const world = await met({ fields: { b: { name: "{ path: name, direction: out }" } } })
      await insisting(world, 6)
      return world
    }
    const moved = await frozen()
    const [before] = await moved.reviews()
    moved.system("b").edit("b1", { name: "Countess" })
    await moved.run()
    const [after] = await moved.reviews()
    expect(after?.sides.map((side) => side.value)).toEqual(["Ann", "Countess"])
    // whoever answers what was shown before has not seen it
    await moved.decide({ reviewId: before?.id ?? "", hash: before?.hash ?? "", choice: { take: "value", value: "Ann" } })
    await moved.run()
    expect(moved.values("name")).toEqual({ a: ["Ann"], b: ["Countess"] })

    const agreed = await frozen()
    agreed.system("b").edit("b1", { name: "Ann" })
    await agreed.run()
    expect(await agreed.reviews()).toEqual([])
  })

  it("is asked about without what a third one said before a write that is found to have arrived, though it is overtaken", async () => {
    const world = await met({ systems: { a: {}, b: {}, c: { returnsItem: false } } })
    for (const name of ["a", "b", "c"]) world.system(name).edit(`${name}1`, { name: "Anna" })
    await world.run()
    const wire = world.wire("c")
    wire.fate = () => "lost"
    wire.outage = (call) => (call === "lookup" ? { class: "transient", message: "down" } : null)
    world.wait()
    world.system("b").edit("b1", { name: "ANN" })
    await world.run()
    await insisting(world, 4)
    const shown = async (): Promise<unknown> =>
      (await world.reviews()).map(({ sides }) => sides.map(({ system, value }) => [system, value]))
    const both = [
      ["a", "Ann"],
      ["b", "ANN"],
    ]
    expect([await shown(), world.system("c").item("c1")["name"]]).toEqual([[[...both, ["c", "Anna"]]], "ANN"])
    wire.fate = () => "answered"
    wire.outage = () => null
    world.wait()
    await world.run()
    expect(await shown()).toEqual([both])
  })

  it("is frozen within one pass where the automation answers at once, as a read right after the write shows", async () => {
    const world = await met({ systems: { a: {}, b: { returnsItem: false } }, fields: { b: { name: "{ path: name, direction: out }" } } })
    let patience = 50
    world.wire("b").afterPush = () => {
      if (patience-- > 0) world.system("b").edit("b1", { name: "ANN" })
    }
    world.wait()
    world.system("a").edit("a1", { name: "Anna" })
    await world.run()
    expect((await world.reviews()).map((review) => review.field)).toEqual(["name"])
    expect(world.system("b").written.length).toBeLessThanOrEqual(MOST_FLIPS + 2)
  })
})

it("people who change their mind, in one system or with new values, are never taken for an automation", async () => {
  const world = await met()
  for (let i = 0; i < 6; i++) {
    world.wait()
    world.system("a").edit("a1", { name: i % 2 === 0 ? "On" : "Off", phone: `${i}` })
    await world.run()
    world.wait()
    world.system("b").edit("b1", { phone: `b${i}` })
    await world.run()
  }
  expect(await world.reviews()).toEqual([])
  expect(world.values("phone")).toEqual({ a: ["b5"], b: ["b5"] })
})
