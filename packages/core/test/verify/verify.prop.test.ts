// Whatever is damaged silently, in a system or in the store: all of it is found, nothing else is, and after a repair
// everything is in step again.
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { MAILISH, PLAIN, type Traits } from "../fake-system/traits.ts"
import { World } from "../fake-system/world.ts"
import { corrupt, corruptRecord, corruptSeen, inStep, PEOPLE, repair, verify } from "./comparing.ts"

const SHAPES: Readonly<Record<string, Partial<Traits>>> = {
  plain: {},
  mailish: MAILISH,
  etag: { ...PLAIN, version: "etag", deletes: "absence" },
  unversioned: { ...PLAIN, version: "none", perField: false, guard: "none", idempotent: "none" },
}
const FIELDS = ["name", "phone", "status", "note"] as const

interface Damage {
  readonly where: "a" | "b" | "seen a" | "seen b" | "record"
  readonly who: string
  readonly field: (typeof FIELDS)[number]
}

const damage: fc.Arbitrary<Damage> = fc.record({
  where: fc.constantFrom("a", "b", "seen a", "seen b", "record"),
  who: fc.constantFrom(...PEOPLE),
  field: fc.constantFrom(...FIELDS),
})
/** One damage for each value of a person: what two of them together mean is a question of its own. */
const damages = fc.uniqueArray(damage, { maxLength: 8, selector: ({ who, field }) => `${who}.${field}` })

async function inflict(world: World, { where, who, field }: Damage, n: number): Promise<void> {
  const value = `damage ${n}`
  if (where === "a" || where === "b") corrupt(world, where, who, { [field]: value })
  else if (where === "record") await corruptRecord(world, who, field, value)
  else await corruptSeen(world, where === "seen a" ? "a" : "b", who, { [field]: value })
}

const expected = ({ where, who, field }: Damage): readonly string[] =>
  (where === "record" ? ["a", "b"] : [where.replace("seen ", "")]).map((system) => `${system} ${who}.${field}`)

describe.each(Object.entries(SHAPES))("beside a system that is %s", (_, shape) => {
  it("silent damage is found completely and repaired by the ordinary path", { timeout: 120_000 }, () =>
    fc.assert(
      fc.asyncProperty(damages, async (all) => {
        const world = new World({ systems: { a: {}, b: shape } })
        await inStep(world)
        for (const [n, each] of all.entries()) await inflict(world, each, n)
        const found = (await verify(world)).differences.map((each) => `${each.system} ${each.label.split("@")[0]}.${each.field}`)
        expect(found.toSorted()).toEqual(all.flatMap(expected).toSorted())
        const { left } = await repair(world)
        expect(left.differences).toEqual([])
        for (const field of FIELDS) expect(sorted(world.values(field)["a"])).toEqual(sorted(world.values(field)["b"]))
        const writes = world.writes()
        await world.run({ full: true })
        expect(world.writes()).toEqual(writes)
      }),
      { numRuns: 25 },
    ),
  )
})

const sorted = (values: readonly unknown[] | undefined): readonly string[] =>
  (values ?? []).map((value) => JSON.stringify(value)).toSorted()
