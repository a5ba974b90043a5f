import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Json, JsonObject } from "@syncline/connector"
import type { Traits } from "../fake-system/traits.ts"
import { World } from "../fake-system/world.ts"

const RUNS = Number(process.env["PROP_RUNS"] ?? 60)

interface Edit {
  readonly system: number
  readonly person: number
  readonly field: string
  readonly value: Json
  readonly at: number
}

const POLICIES = ["newest", "review", "{ prefer: FIRST }", "{ newest: [FIRST, SECOND] }"] as const
const person = fc.nat(2)
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    system: fc.nat(1),
    person,
    field: fc.constantFrom("name", "phone"),
    value: fc.constantFrom("p", "q", "r", null),
    at: fc.constantFrom(0, 500, 2_000, 9_000),
  }),
  fc.record({
    system: fc.nat(1),
    person,
    field: fc.constant("tags"),
    value: fc.uniqueArray(fc.constantFrom("x", "y", "z"), { maxLength: 3 }),
    at: fc.constantFrom(0, 2_000),
  }),
)
const traits: fc.Arbitrary<Partial<Traits>> = fc.record({
  version: fc.constantFrom("revision", "timestamp", "etag", "none"),
  perField: fc.boolean(),
  pageSize: fc.constantFrom(1, 2, 200),
  returnsItem: fc.boolean(),
  overlap: fc.constantFrom(0, 5),
})
const shape = fc.record({
  first: traits,
  second: traits,
  policy: fc.constantFrom(...POLICIES),
  people: fc.array(
    fc.record({ system: fc.nat(1), person, item: fc.record({ name: fc.constantFrom("n", "m"), phone: fc.constantFrom("1", null) }) }),
    {
      maxLength: 5,
    },
  ),
  edits: fc.array(edit, { maxLength: 8 }),
})
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never

/** Two systems under given names live through a shape; `swapped`: the second comes first in everything. */
async function play(of: Shape, names: readonly [string, string], pulls: readonly string[]): Promise<World> {
  const [first, second] = names
  const policy = of.policy.replace("FIRST", first).replace("SECOND", second)
  const world = new World({
    systems: { [first]: of.first, [second]: of.second },
    order: [first, second],
    pulls,
    conflicts: { name: policy, phone: "review", tags: "union" },
    onMatch: "newest",
  })
  const made = new Set<string>()
  for (const { system, person: p, item } of of.people) {
    if (made.has(`${system}/${p}`)) continue
    made.add(`${system}/${p}`)
    world.system(names[system] ?? first).create({ email: `p${p}@x.com`, ...item })
    world.wait(1_000)
  }
  await world.run()
  world.time = Math.ceil(world.time / 60_000) * 60_000
  const start = world.time
  for (const one of [...of.edits].sort((a, b) => a.at - b.at)) {
    const system = world.system(names[one.system] ?? first)
    const row = system.byEmail(`p${one.person}@x.com`)
    if (row !== undefined) system.edit(row.uid, { [one.field]: one.value }, start + one.at)
  }
  world.time = start + 60_000
  await world.run()
  await world.run()
  return world
}

const people = (world: World, name: string): Readonly<Record<string, JsonObject>> =>
  Object.fromEntries(
    world
      .system(name)
      .live()
      .map((row) => {
        const { email, name: called = null, phone = null, tags } = row.item
        return [String(email), { called, phone, tags: Array.isArray(tags) ? [...tags].sort() : [] }]
      }),
  )
const questions = async (world: World) => (await world.reviews()).map((review) => `${review.kind} ${review.field}`).sort()

describe("the outcome", () => {
  it("does not depend on which system is read first", async () => {
    await fc.assert(
      fc.asyncProperty(shape, async (of) => {
        const one = await play(of, ["a", "b"], ["a", "b"])
        const other = await play(of, ["a", "b"], ["b", "a"])
        expect([people(other, "a"), people(other, "b"), await questions(other)]).toEqual([
          people(one, "a"),
          people(one, "b"),
          await questions(one),
        ])
      }),
      { numRuns: RUNS },
    )
  })

  it("swaps where the two systems are swapped", async () => {
    await fc.assert(
      fc.asyncProperty(shape, async (of) => {
        const one = await play(of, ["a", "b"], ["a", "b"])
        const other = await play(of, ["b", "a"], ["a", "b"])
        expect([people(other, "b"), people(other, "a"), await questions(other)]).toEqual([
          people(one, "a"),
          people(one, "b"),
          await questions(one),
        ])
      }),
      { numRuns: RUNS },
    )
  })

  it("stays as it is however often everything is read again", async () => {
    await fc.assert(
      fc.asyncProperty(shape, async (of) => {
        const world = await play(of, ["a", "b"], ["a", "b"])
        const seen = async () => {
          const rows = (await world.links()).map((link) => ({ ...link, seenAt: null }))
          return JSON.stringify([await world.records(), rows, await world.journal(), await world.reviews(), world.writes()])
        }
        const before = await seen()
        await world.run({ full: true })
        await world.run()
        expect(await seen()).toBe(before)
      }),
      { numRuns: RUNS },
    )
  })
})
