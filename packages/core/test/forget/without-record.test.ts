// People who never became a record, and items of a person that no link of theirs knows: forgotten like everybody else.
import { describe, expect, it } from "vitest"
import type { Json } from "@syncline/connector"
import { findWaiting, forgetItems, forgetRecord, verifyAll, type Receipt } from "../../src/run/index.ts"
import { World, type WorldSpec } from "../fake-system/world.ts"

const TWO: WorldSpec = { systems: { a: {}, b: {} } }
const emails = (world: World, system: string): readonly Json[] =>
  world
    .system(system)
    .live()
    .map((row) => row.item["email"] ?? null)

async function text(world: World): Promise<string> {
  const { store } = world
  return JSON.stringify([
    await world.records(),
    await world.links(),
    await world.journal(),
    await world.effect(store.reviews({ limit: 1_000 })),
    await world.quarantined(),
    await world.effect(store.runs(100)),
  ])
}

async function forget(world: World, what: string, everywhere: boolean): Promise<Receipt> {
  world.wait(1_000)
  const engine = { ...world.engine, store: world.store }
  const { items } = await world.effect(findWaiting(world.store, engine.pipeline, what))
  const receipt = await world.effect(forgetItems(engine, items, { everywhere }))
  if (receipt === null) throw new Error(`nobody is found by ${what}`)
  return receipt
}

describe("somebody who is in quarantine only", () => {
  /** Too long an address for the entity, or one that no lens can read. */
  const long = `jane.${"x".repeat(60)}@private.example`
  async function refused(): Promise<World> {
    const world = new World(TWO)
    world.system("a").create({ email: long, name: "Jane Unmistakable" })
    world.system("a").create({ email: "bob@x.com", name: "Bob" })
    await world.run()
    expect(await world.quarantined()).toHaveLength(1)
    return world
  }

  it("is erased here, and not taken in again", async () => {
    const world = await refused()
    const receipt = await forget(world, long.toUpperCase(), false)
    expect(receipt.systems).toEqual([{ system: "a", binding: "a.people", outcome: "left" }])
    expect(receipt.erased).toMatchObject({ records: 0, quarantine: 1, blocked: [{ key: "email" }, { key: "id in a.people" }] })
    await world.run({ full: true })
    expect(await world.quarantined()).toEqual([])
    expect(await text(world)).not.toMatch(/jane|Unmistakable/i)
  })

  it("is erased here after a try to delete it there did not get through", async () => {
    const world = await refused()
    world.wire("a").onPush = () => {
      world.system("a").edit("a1", { phone: "jane" })
      world.wire("a").onPush = () => undefined
    }
    expect((await forget(world, "a1", true)).erased).toBeNull()
    expect((await forget(world, "a1", false)).erased).toMatchObject({ records: 1, quarantine: 1 })
    await world.run({ full: true })
    expect([await text(world), emails(world, "a").length]).toEqual([expect.not.stringMatching(/jane|Unmistakable/i), 2])
  })

  it("is deleted in the system with everywhere", async () => {
    const world = await refused()
    const receipt = await forget(world, "a1", true)
    expect(receipt.systems).toEqual([{ system: "a", binding: "a.people", outcome: "deleted" }])
    expect(receipt.erased).not.toBeNull()
    expect(emails(world, "a")).toEqual(["bob@x.com"])
    expect(await text(world)).not.toMatch(/jane|Unmistakable/i)
  })

  it("stays until it could be deleted, and can be asked for again", async () => {
    const world = await refused()
    world.wire("a").outage = (call) => (call === "push" ? { class: "transient", message: "down" } : null)
    const first = await forget(world, "a1", true)
    expect([first.erased, first.systems[0]?.outcome]).toEqual([null, "not_deleted"])
    world.wire("a").outage = () => null
    world.wait(600_000)
    const second = await forget(world, long, true)
    expect([second.why, second.systems[0]?.outcome]).toEqual([null, "deleted"])
    expect(emails(world, "a")).toEqual(["bob@x.com"])
  })

  it.each(["review", "edit_wins"] as const)(
    "whose item is edited before it could be deleted keeps what it has there, delete_vs_edit: %s",
    async (deleteVsEdit) => {
      const world = new World({ ...TWO, deleteVsEdit })
      const a = world.system("a")
      a.create({ email: long, name: "Jane Unmistakable", phone: "1" })
      await world.run()
      world.wire("a").outage = (call) => (call === "push" ? { class: "transient", message: "down" } : null)
      await forget(world, "a1", true)
      world.wire("a").outage = () => null
      world.wait(1_000)
      a.edit("a1", { name: "Jane" })
      await world.run()
      for (const review of await world.reviews()) {
        expect(review.kind).toBe("delete_vs_edit")
        await world.decide({ reviewId: review.id, hash: review.hash, choice: { take: "keep" } })
      }
      for (let n = 0; n < 3; n++) {
        world.wait(600_000)
        await world.run({ full: true })
      }
      expect(a.item("a1")).toMatchObject({ email: long, name: "Jane", phone: "1" })
      expect([(await world.records()).length, (await world.quarantined()).length]).toEqual([0, 1])
    },
  )

  it("is known by its id where no key of it can be read", async () => {
    const world = new World({
      ...TWO,
      match: "[[phone]]",
      fields: { a: { phone: "{ path: phone, as: [{ e164: US }] }" } },
      rules: ["{ check: 'record.phone != \"\"', message: no phone, else: quarantine }"],
    })
    world.system("a").create({ email: "jane@private.example", name: "Jane Unmistakable", phone: "none of your business" })
    await world.run()
    expect(await world.quarantined()).toHaveLength(1)
    const receipt = await forget(world, "none of your business", false)
    expect(receipt.erased?.blocked).toMatchObject([{ key: "id in a.people" }])
    const { warnings } = await world.run({ full: true })
    expect(warnings).toEqual([expect.stringMatching(/left alone, because whom it is about was forgotten/)])
    expect(await world.quarantined()).toEqual([])
    const verified = await world.effect(verifyAll({ ...world.engine, store: world.store }))
    expect([verified.explained.forgotten, verified.differences]).toEqual([1, []])
  })
})

describe("a person with items that their record does not know", () => {
  it("everywhere reaches items that were left alone when records were merged, and second items that wait", async () => {
    const kept = ["create: false"]
    const world = new World({ systems: { a: {}, b: {} }, match: "[[email], [phone]]", binding: { a: kept, b: kept } })
    world.system("a").create({ email: "x@private.example", phone: "1", name: "X" })
    world.system("a").create({ email: "y@private.example", phone: "2", name: "Y" })
    world.system("b").create({ email: "x@private.example", phone: "2", name: "X" })
    await world.run()
    const [review] = await world.reviews()
    const into = (await world.records()).find((record) => record.fields["name"] === "X")?.id ?? ""
    await world.decide({ reviewId: review?.id ?? "", hash: review?.hash ?? "", choice: { take: "merge", into } })
    await world.run()
    world.system("b").create({ email: "x@private.example", name: "X again" })
    await world.run()
    expect((await world.reviews()).map((each) => each.kind)).toContain("duplicate")
    world.wait(1_000)
    const receipt = await world.effect(
      forgetRecord({ ...world.engine, store: world.store }, into, { everywhere: true, allow: { delete: 9 } }),
    )
    expect(receipt?.why).toBeNull()
    expect(receipt?.systems.map(({ binding, outcome }) => `${binding} ${outcome}`)).toEqual([
      "a.people deleted",
      "a.people deleted",
      "b.people deleted",
      "b.people deleted",
    ])
    expect([emails(world, "a"), emails(world, "b")]).toEqual([[], []])
    expect(await text(world)).not.toMatch(/private\.example/)
  })
})
