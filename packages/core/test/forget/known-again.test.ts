// By what somebody who was forgotten is known again: every key they had, and their items, whatever those show by now. And what
// becomes of others whom such an item crosses.
import { describe, expect, it } from "vitest"
import type { Json } from "@syncline/connector"
import { allowAgain, forgetRecord, type Receipt } from "../../src/run/index.ts"
import { MAILISH } from "../fake-system/traits.ts"
import { World, type WorldSpec } from "../fake-system/world.ts"

const JANE = { email: "jane@private.example", name: "Jane Unmistakable", phone: "+1555000111" }
const TWO: WorldSpec = { systems: { a: {}, b: {} } }

async function forget(world: World, email: string): Promise<Receipt> {
  world.wait()
  const record = (await world.records()).find((each) => each.fields["email"] === email)
  const receipt = await world.effect(forgetRecord({ ...world.engine, store: world.store }, record?.id ?? "", { everywhere: false }))
  if (receipt === null) throw new Error(`there is no record of ${email}`)
  return receipt
}

const known = async (world: World): Promise<readonly Json[]> =>
  (await world.records()).map(({ fields }) => fields["email"] ?? null).toSorted()
const uidOf = (world: World, system: string, email: string): string => world.system(system).byEmail(email)?.uid ?? ""
const traces = async (world: World): Promise<string> =>
  JSON.stringify([await world.records(), await world.links(), await world.journal(), await world.quarantined(), await world.reviews()])

describe("somebody who was forgotten", () => {
  it.each<[string, WorldSpec]>([
    ["by an id that never changes", TWO],
    ["by a stable id beside one that is made from the address", { systems: { a: MAILISH, b: MAILISH } }],
  ])("is known again %s, under another address and under none, until that is lifted", async (_, spec) => {
    const world = new World(spec)
    world.system("a").create(JANE)
    world.system("b").create({ email: "bob@x.com", name: "Bob" })
    await world.run()
    const receipt = await forget(world, JANE.email)
    for (const email of ["jane@elsewhere.example", "jane@last.example"]) {
      world.system("a").edit(uidOf(world, "a", world.system("a").item("a1")["email"] as string), { email })
      world.wait()
      await world.run({ full: true })
      expect(await known(world)).toEqual(["bob@x.com"])
      expect(await traces(world)).not.toMatch(/elsewhere|last|Unmistakable/)
    }
    // any of what was kept stands for all of it
    const last = receipt.erased?.blocked.at(-1)?.id ?? ""
    expect(await world.effect(allowAgain({ ...world.engine, store: world.store }, last))).toBe(true)
    world.wait()
    await world.run({ full: true })
    expect(await known(world)).toContain("jane@last.example")
  })

  it("is known again by an address from before, unless that is somebody else's today", async () => {
    const world = new World(TWO)
    const a = world.system("a")
    a.create(JANE)
    a.create({ email: "bob@x.com", name: "Bob" })
    await world.run()
    for (const [uid, email] of [
      ["a1", "jane@second.example"],
      ["a1", "jane@third.example"],
      ["a2", "jane@second.example"],
    ] as const) {
      a.edit(uid, { email })
      world.wait()
      await world.run()
    }
    await forget(world, "jane@third.example")
    // entered anew, by people who knew her by them
    world.system("b").create({ email: JANE.email, name: "Jane" })
    world.wait()
    await world.run({ full: true })
    expect(await known(world)).toEqual(["jane@second.example"])
    // Bob's, whom nobody asked about
    a.edit("a2", { name: "Robert" })
    world.wait()
    await world.run()
    expect(world.values("name")["b"]).toContain("Robert")
  })
})

describe("an item of somebody who was forgotten", () => {
  it("that another one was merged into is not taken in for its sake, and nothing is made beside it", async () => {
    const world = new World(TWO)
    const a = world.system("a")
    a.create(JANE)
    a.create({ email: "bob@x.com", name: "Bob" })
    await world.run()
    await forget(world, JANE.email)
    a.remove("a2")
    world.wire("a").onPage = (page) => ({
      ...page,
      changes: page.changes.map((change) => (change.id === "a2" ? { kind: "merge", id: "a2", into: "a1" } : change)),
    })
    for (let n = 0; n < 3; n++) {
      world.wait()
      await world.run({ full: n > 0 })
    }
    expect(await known(world)).toEqual(["bob@x.com"])
    expect(await traces(world)).not.toMatch(/Unmistakable/)
    expect((await world.quarantined()).map(({ reason }) => reason)).toEqual([
      "it was merged there into an item of somebody who was forgotten: it is not made anew until somebody says so",
    ])
    expect([world.system("a").live().length, world.values("name")["b"]]).toEqual([1, ["Jane Unmistakable", "Bob"]])
  })

  it.each(["header", "naturalKey", "none"] as const)(
    "whose address a known person has by now is neither adopted nor written over, idempotent: %s",
    async (idempotent) => {
      const world = new World({ systems: { a: {}, b: { unique: true, idempotent } } })
      world.system("a").create(JANE)
      await world.run()
      await forget(world, JANE.email)
      world.wire("b").outage = () => ({ class: "transient", message: "down" })
      world.system("a").create({ email: "bob@x.com", name: "Bob" })
      world.wait()
      await world.run()
      world.system("a").remove("a1")
      world.system("a").edit("a2", { email: JANE.email })
      world.wait()
      await world.run()
      world.wire("b").outage = () => null
      for (let n = 0; n < 3; n++) {
        world.wait()
        await world.run({ full: n > 0 })
      }
      expect(
        world
          .system("b")
          .live()
          .map(({ item }) => item["name"]),
      ).toEqual([JANE.name])
      expect(await traces(world)).not.toMatch(/Unmistakable/)
      const held = async () => (await world.quarantined()).map(({ reason }) => reason)
      const why = "what is there is of somebody who was forgotten: it is not taken in, and nothing is made beside it"
      expect(await held()).toEqual([why])
      // nor does an edit of the person who is kept apart
      const before = world.wire("b").pushed.length
      world.system("a").edit("a2", { name: "Robert" })
      world.wait()
      await world.run()
      expect([await held(), world.wire("b").pushed.length]).toEqual([[why], before])
    },
  )
})
