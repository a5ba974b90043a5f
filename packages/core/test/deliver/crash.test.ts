import { describe, expect, it } from "vitest"
import { MAILISH, type Traits } from "../fake-system/traits.ts"
import { World } from "../fake-system/world.ts"

const kinds: readonly (readonly [string, Partial<Traits>])[] = [
  ["remembers keys", {}],
  ["upserts by address", { idempotent: "naturalKey", unique: true, returnsItem: false }],
  ["can be asked by address", { idempotent: "none", unique: true, guard: "none" }],
  ["makes ids from addresses", MAILISH],
]

/** Creates, edits on both sides, a conflict, a delete: everything that one pass can have to do. */
async function busy(b: Partial<Traits>): Promise<World> {
  const world = new World({ systems: { a: {}, b }, conflicts: { phone: "review" } })
  for (const who of ["one", "two", "three"]) world.system("a").create({ email: `${who}@x.com`, name: who, phone: "1" })
  await world.run()
  world.wait()
  const uid = (email: string): string => world.system("b").byEmail(email)?.uid ?? ""
  world.system("a").create({ email: "new@x.com", name: "new" })
  world.system("b").create({ email: "other@x.com", name: "other" })
  world.system("a").edit("a1", { name: "edited in a", phone: "2" })
  world.system("b").edit(uid("one@x.com"), { note: "edited in b", phone: "3" })
  world.system("b").edit(uid("two@x.com"), { name: "two in b" })
  world.system("a").remove("a3")
  world.wait()
  return world
}

async function end(world: World): Promise<unknown> {
  for (let i = 0; i < 4; i++) {
    world.wait(600_000)
    await world.run()
  }
  const people = (name: string) =>
    world
      .system(name)
      .live()
      .map(({ item }) => [item["email"], item["name"] ?? null, item["note"] ?? null, item["phone"] ?? null])
      .sort()
  const reviews = (await world.reviews()).map((review) => [review.kind, review.field, review.sides.map((side) => side.value)])
  return { a: people("a"), b: people("b"), reviews, intents: await world.intents(), quarantine: await world.quarantined() }
}

describe.each(kinds)("a system that %s", (_, traits) => {
  it.each(["before", "after"])("ends the same wherever the process dies, %s a commit", async (when) => {
    const expected = await end(await busy(traits))
    let deaths = 0
    for (let at = 1; ; at++) {
      const world = await busy(traits)
      let commits = 0
      const { commit } = world.store
      const dies = (): never => {
        throw new Error("the process dies here")
      }
      const dying = {
        ...world.store,
        commit: (...args: Parameters<typeof commit>) => {
          if (++commits < at) return commit(...args)
          if (when === "after" && commits === at) void world.effect(commit(...args))
          return dies()
        },
      }
      const died = await world.run({}, dying).then(
        () => false,
        () => true,
      )
      if (!died) break
      deaths++
      expect([at, await end(world)]).toEqual([at, expected])
    }
    expect(deaths).toBeGreaterThan(4)
  })
})
