import { describe, expect, it } from "vitest"
import { MAILISH, type Traits } from "../fake-system/traits.ts"
import { World, type WorldSpec } from "../fake-system/world.ts"

const emails = (world: World, name: string): readonly string[] =>
  world
    .system(name)
    .live()
    .map((row) => String(row.item["email"]))
    .sort()

/** `count` people in a and b, in step. */
async function inStep(count: number, spec: Partial<WorldSpec> = {}, b: Partial<Traits> = {}, a: Partial<Traits> = {}): Promise<World> {
  const world = new World({ systems: { a, b }, ...spec })
  for (let i = 0; i < count; i++) world.system("a").create({ email: `p${i}@x.com`, name: `P${i}` })
  await world.run()
  expect(emails(world, "b")).toHaveLength(count)
  world.wait()
  return world
}

describe("back from the dead", () => {
  it("a late page does not bring back what was deleted", async () => {
    for (const version of ["revision", "etag", "timestamp"] as const) {
      const world = await inStep(1, {}, { version })
      const late = world.system("b").changeOf(world.system("b").row("b1"))
      world.system("b").remove("b1")
      await world.run()
      expect(emails(world, "a")).toEqual([])
      world.wire("b").onPage = (page) => ({ ...page, changes: [...page.changes, late] })
      await world.run()
      world.wire("b").onPage = (page) => page
      await world.run()
      expect([emails(world, "a"), emails(world, "b")]).toEqual([[], []])
    }
  })

  it("a restore is an upsert: the item comes back everywhere, with its edits", async () => {
    const world = await inStep(1)
    world.system("a").remove("a1")
    await world.run()
    expect(emails(world, "b")).toEqual([])
    world.wait()
    world.system("a").restore("a1", { name: "again" })
    await world.run()
    await world.run()
    expect(
      world
        .system("b")
        .live()
        .map((row) => row.item["name"]),
    ).toEqual(["again"])
    expect(world.system("a").live()).toHaveLength(1)
  })

  it("a person made anew under the same address is a person again", async () => {
    for (const b of [{}, MAILISH]) {
      const world = await inStep(1, {}, b)
      world.system("a").remove("a1")
      await world.run()
      world.wait()
      world.system("a").create({ email: "p0@x.com", name: "second life" })
      await world.run()
      await world.run()
      expect(
        world
          .system("b")
          .live()
          .map((row) => row.item["name"]),
      ).toEqual(["second life"])
      expect(world.system("a").live()).toHaveLength(1)
    }
  })

  it("a delete whose create is still on its way ends with nothing on either side", async () => {
    for (const fate of ["lost", "dropped"] as const) {
      const world = new World({ systems: { a: {}, b: { idempotent: "none", keyLookup: true, unique: true, horizonMs: 60_000 } } })
      world.wire("b").fate = () => fate
      world.system("a").create({ email: "x@x.com" })
      await world.run()
      world.wire("b").fate = () => "answered"
      world.system("a").remove("a1")
      for (let i = 0; i < 4; i++) {
        world.wait(100_000)
        expect((await world.run()).outcome).toBe("done")
      }
      expect([fate, emails(world, "a"), emails(world, "b")]).toEqual([fate, [], []])
      expect(await world.intents()).toEqual([])
    }
  })
})
