import { describe, expect, it } from "vitest"
import { World } from "../fake-system/world.ts"

const both = [
  ["a", "b"],
  ["b", "a"],
]

async function meet(onMatch: string, pulls: readonly string[], conflicts: Record<string, string> = {}, gap = 60_000): Promise<World> {
  const world = new World({ systems: { a: {}, b: {} }, onMatch, pulls, conflicts })
  world.system("a").create({ email: "x@x.com", name: "A", phone: "1", tags: ["a"], status: null, score: 2 }, world.time)
  world.system("b").create({ email: " X@x.com", name: "B", phone: null, tags: ["b"], status: "on", score: 3 }, world.time + gap)
  world.wait(100_000)
  await world.run()
  return world
}

describe.each(both)("two items that exist already, pulled in the order %s, %s", (...pulls) => {
  it("newest takes the later value of each field and fills blanks", async () => {
    const world = await meet("newest", pulls)
    expect(world.values("name")).toEqual({ a: ["B"], b: ["B"] })
    expect(world.values("phone")).toEqual({ a: ["1"], b: ["1"] })
    expect(world.values("status")).toEqual({ a: ["on"], b: ["on"] })
    expect(await world.reviews()).toEqual([])
  })
  it("newest falls to the order of bindings where times do not tell", async () => {
    const world = await meet("newest", pulls, {}, 0)
    expect(world.values("name")).toEqual({ a: ["A"], b: ["A"] })
  })
  it("prefer takes its system's", async () => {
    const world = await meet("{ prefer: a }", pulls)
    expect(world.values("name")).toEqual({ a: ["A"], b: ["A"] })
    expect(world.values("status")).toEqual({ a: ["on"], b: ["on"] })
  })
  it("review asks for what differs and fills blanks", async () => {
    const world = await meet("review", pulls)
    expect(world.values("name")).toEqual({ a: ["A"], b: ["B"] })
    expect(world.values("phone")).toEqual({ a: ["1"], b: ["1"] })
    const reviews = await world.reviews()
    expect(reviews.map((review) => [review.field, review.base]).sort()).toEqual([
      ["name", []],
      ["score", []],
      ["tags", []],
    ])
  })
  it("unites sets and keeps to policies that look at values", async () => {
    const world = await meet("newest", pulls, { tags: "union", score: "max", status: "{ strictest: [off, on] }" })
    expect(Object.values(world.values("tags")).map((tags) => [...((tags[0] as string[]) ?? [])].sort())).toEqual([
      ["a", "b"],
      ["a", "b"],
    ])
    expect(world.values("score")).toEqual({ a: [3], b: [3] })
  })
  it("the spelling that means the same is left alone", async () => {
    const world = await meet("newest", pulls)
    expect(world.values("email")).toEqual({ a: ["x@x.com"], b: [" X@x.com"] })
  })
})

it.each([
  ["a system that answers with the item", {}],
  ["one that answers nothing", { returnsItem: false }],
])("a list that one system does not have, and another reads as empty, is nothing to ask about: %s", async (_, traits) => {
  const world = new World({ systems: { a: {}, b: traits }, fields: { a: { tags: null } } })
  world.system("a").create({ email: "x@x.com", name: "A" }, world.time)
  world.system("b").create({ email: "y@x.com", name: "B" }, world.time)
  world.system("a").create({ email: "y@x.com", name: "B" }, world.time)
  await world.run()
  expect(world.values("email")).toEqual({ a: ["x@x.com", "y@x.com"], b: ["y@x.com", "x@x.com"] })
  expect(await world.reviews()).toEqual([])
  const written = world.writes()
  await world.run()
  expect([world.writes(), await world.reviews()]).toEqual([written, []])
})

it("fill_blanks keeps the record's value and journals the other", async () => {
  const world = await meet("fill_blanks", ["a", "b"])
  expect(world.values("name")).toEqual({ a: ["A"], b: ["A"] })
  expect(world.values("phone")).toEqual({ a: ["1"], b: ["1"] })
  const lost = (await world.journal()).flatMap((row) => row.changes).filter((change) => change.lost !== undefined)
  expect(lost.map((change) => [change.field, change.lost])).toContainEqual(["name", "B"])
})

it("an item that was taken for its record's and never read says something new where the record is deleted meanwhile", async () => {
  const world = new World({ systems: { a: {}, b: { unique: true } } })
  const [a, b, wire] = [world.system("a"), world.system("b"), world.wire("b")]
  a.create({ email: "x@x.com", name: "X" })
  wire.onPush = () => {
    if (b.live().length === 0) b.create({ email: "x@x.com", name: "theirs", note: "nobody else has this" })
  }
  wire.onAnswers = (answers) => answers.map(() => ({ fault: { class: "transient", message: "not now" } }))
  await world.run()
  world.wait()
  a.remove("a1")
  await world.run()
  wire.onAnswers = (answers) => answers
  for (let at = 0; at < 2; at++) await world.run()
  expect((await world.reviews()).map(({ kind, binding }) => [kind, binding])).toEqual([["delete_vs_edit", "b.people"]])
  expect([await world.records(), b.live().length]).toEqual([[], 1])
})
