import { describe, expect, it } from "vitest"
import type { Json } from "@syncline/connector"
import { World, type WorldSpec } from "../fake-system/world.ts"

interface Case {
  readonly title: string
  readonly policy: string
  readonly field: string
  readonly base: Json
  readonly a: Json
  readonly b: Json
  /** How much later b is edited than a, ms; negative: earlier. */
  readonly gap: number
  /** What both sides hold afterwards; `review`: a person is asked and both keep their own. */
  readonly result: Json | "review"
}

const cases: readonly Case[] = [
  { title: "newest takes the later edit", policy: "newest", field: "name", base: "O", a: "A", b: "B", gap: 5_000, result: "B" },
  { title: "newest keeps the later edit", policy: "newest", field: "name", base: "O", a: "A", b: "B", gap: -5_000, result: "A" },
  {
    title: "newest asks where two edits have one time",
    policy: "newest",
    field: "name",
    base: "O",
    a: "A",
    b: "B",
    gap: 0,
    result: "review",
  },
  {
    title: "newest follows its order where two edits have one time",
    policy: "{ newest: [b, a] }",
    field: "name",
    base: "O",
    a: "A",
    b: "B",
    gap: 0,
    result: "B",
  },
  {
    title: "an order does not overrule times that tell",
    policy: "{ newest: [b, a] }",
    field: "name",
    base: "O",
    a: "A",
    b: "B",
    gap: -5_000,
    result: "A",
  },
  { title: "newest can clear a value", policy: "newest", field: "name", base: "O", a: "A", b: null, gap: 5_000, result: null },
  { title: "prefer takes its system", policy: "{ prefer: a }", field: "name", base: "O", a: "A", b: "B", gap: 5_000, result: "A" },
  {
    title: "prefer takes its system, the other way",
    policy: "{ prefer: b }",
    field: "name",
    base: "O",
    a: "A",
    b: "B",
    gap: -5_000,
    result: "B",
  },
  {
    title: "prefer falls to newest where its system is no party",
    policy: "{ prefer: c }",
    field: "name",
    base: "O",
    a: "A",
    b: "B",
    gap: 5_000,
    result: "B",
  },
  { title: "review asks", policy: "review", field: "name", base: "O", a: "A", b: "B", gap: 5_000, result: "review" },
  {
    title: "strictest ignores times",
    policy: "{ strictest: [no, maybe, yes] }",
    field: "status",
    base: "yes",
    a: "no",
    b: "maybe",
    gap: 5_000,
    result: "no",
  },
  {
    title: "strictest takes the stricter of the later",
    policy: "{ strictest: [no, maybe, yes] }",
    field: "status",
    base: "yes",
    a: "maybe",
    b: "no",
    gap: -5_000,
    result: "no",
  },
  {
    title: "a value outside the list of strictest is asked about",
    policy: "{ strictest: [no, maybe, yes] }",
    field: "status",
    base: "yes",
    a: "perhaps",
    b: "no",
    gap: 5_000,
    result: "review",
  },
  {
    title: "union adds what either added and drops what either dropped",
    policy: "union",
    field: "tags",
    base: ["keep", "old", "older"],
    a: ["keep", "older", "fromA"],
    b: ["keep", "old", "fromB"],
    gap: 5_000,
    result: ["fromA", "fromB", "keep"],
  },
  {
    title: "union survives one side being emptied",
    policy: "union",
    field: "tags",
    base: ["x"],
    a: [],
    b: ["x", "y"],
    gap: 5_000,
    result: ["y"],
  },
  { title: "max takes the larger", policy: "max", field: "score", base: 1, a: 5, b: 3, gap: 5_000, result: 5 },
  { title: "min takes the smaller", policy: "min", field: "score", base: 9, a: 5, b: 3, gap: -5_000, result: 3 },
  { title: "max asks where one side is no number", policy: "max", field: "score", base: 1, a: 5, b: null, gap: 5_000, result: "review" },
  { title: "two equal edits agree", policy: "review", field: "name", base: "O", a: "S", b: "S", gap: 5_000, result: "S" },
]

const sorted = (value: Json): Json => (Array.isArray(value) ? [...value].sort() : value)

const three = { a: {}, b: {}, c: {} }

async function play(one: Case, pulls: readonly string[], systems: WorldSpec["systems"]): Promise<World> {
  const world = new World({ systems, pulls, conflicts: { [one.field]: one.policy } })
  world.system("a").create({ email: "x@x.com", [one.field]: one.base })
  await world.run()
  world.wait(60_000)
  const uid = (name: string): string => world.system(name).live()[0]?.uid ?? ""
  world.system("a").edit(uid("a"), { [one.field]: one.a }, world.time)
  world.system("b").edit(uid("b"), { [one.field]: one.b }, world.time + one.gap)
  world.wait(10_000)
  await world.run()
  return world
}

describe.each([
  ["a", "b", "c"],
  ["b", "a", "c"],
  ["c", "b", "a"],
])("pulled in the order %s, %s, %s", (...pulls) => {
  it.each(cases)("$title", async (one) => {
    const world = await play(one, pulls, three)
    const held = one.result === "review"
    const values = Object.fromEntries(Object.entries(world.values(one.field)).map(([name, [value = null]]) => [name, sorted(value)]))
    expect(values).toEqual(
      held
        ? { a: sorted(one.a), b: sorted(one.b), c: sorted(one.base) }
        : { a: sorted(one.result), b: sorted(one.result), c: sorted(one.result) },
    )
    const reviews = await world.reviews()
    expect(reviews.map((review) => [review.kind, review.field, review.base])).toEqual(held ? [["conflict", one.field, [one.base]]] : [])
    const before = world.writes()
    await world.run({ full: true })
    expect(world.writes()).toEqual(before)
  })
})

describe("who lost is told", () => {
  it("with winner, rule and both times", async () => {
    const one = cases[0]
    if (one === undefined) throw new Error("no case")
    const world = await play(one, ["a", "b", "c"], three)
    const [entry] = (await world.journal()).filter((row) => row.kind === "conflict")
    expect(entry?.changes[0]).toMatchObject({ field: "name", after: "B", lost: "A", by: { system: "b" }, lostBy: { system: "a" } })
  })
})

describe("times of a system with a resolution of one second", () => {
  it("are too close within that second and go to the order, then to a person", async () => {
    for (const [policy, result] of [
      ["{ newest: [a, b] }", ["A", "A"]],
      ["newest", ["A", "B"]],
    ] as const) {
      const world = new World({ systems: { a: {}, b: { version: "timestamp", perField: false } }, conflicts: { name: policy } })
      world.system("a").create({ email: "x@x.com", name: "O" })
      await world.run()
      world.time = Math.ceil(world.time / 1000) * 1000 + 60_000
      world.system("a").edit("a1", { name: "A" }, world.time + 200)
      world.system("b").edit("b1", { name: "B" }, world.time + 800)
      world.wait()
      await world.run()
      expect([world.values("name")["a"]?.[0], world.values("name")["b"]?.[0]]).toEqual(result)
    }
  })
})
