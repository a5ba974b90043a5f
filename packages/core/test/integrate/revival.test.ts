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

  it("a tombstone that nobody can place in time, listed after the item that is back, takes nothing away", async () => {
    const world = await inStep(1, {}, {}, { version: "none" })
    world.wire("b").outage = (call) => (call === "push" ? { class: "transient", message: "down" } : null)
    world.system("a").remove("a1")
    const tombstone = world.system("a").changeOf(world.system("a").row("a1"))
    await world.run()
    world.wait()
    world.system("a").restore("a1")
    world.wire("a").onPage = (page) => ({ ...page, changes: [...page.changes, tombstone] })
    await world.run()
    world.wire("a").onPage = (page) => page
    world.wire("b").outage = () => null
    await world.run()
    expect([emails(world, "a"), emails(world, "b")]).toEqual([["p0@x.com"], ["p0@x.com"]])
    expect(world.system("b").written.filter(({ kind }) => kind === "delete")).toEqual([])
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

describe("an item that is back while its address is another's", () => {
  async function back(times = 1): Promise<World> {
    const world = await inStep(1, {}, { guard: "none" })
    world.wire("b").outage = (call) => (call === "push" ? { class: "transient", message: "down" } : null)
    world.system("a").remove("a1")
    world.system("a").create({ email: "p0@x.com", name: "Somebody else" })
    await world.run()
    expect((await world.records()).map(({ fields }) => fields["name"])).toEqual(["Somebody else"])
    world.wait()
    world.system("a").restore("a1")
    await world.run()
    for (let time = 1; time < times; time++) {
      world.wait()
      world.system("a").remove("a1")
      await world.run()
      world.wait()
      world.system("a").restore("a1")
      await world.run()
    }
    world.wire("b").outage = () => null
    await world.run()
    return world
  }
  const take = async (world: World, choice: "new" | "ignore"): Promise<void> => {
    const [review] = await world.reviews()
    if (review === undefined) throw new Error("nobody is asked")
    await world.decide({ reviewId: review.id, hash: review.hash, choice: { take: choice } })
    await world.run()
    await world.run({ full: true })
  }
  const deletes = (world: World): number => world.system("b").written.filter(({ kind }) => kind === "delete").length

  it.each([1, 2, 3])("keeps what its record has elsewhere until a person says whose it is, back for the %i. time", async (times) => {
    const world = await back(times)
    expect((await world.reviews()).map(({ kind, remoteId }) => [kind, remoteId])).toEqual([["duplicate", "a1"]])
    await world.run({ full: true })
    expect([deletes(world), world.system("b").row("b1").deleted]).toEqual([0, false])
  })

  it("has its record again, with all that is of it, where it is said to be one of its own", async () => {
    const world = await back()
    await take(world, "new")
    expect([deletes(world), world.values("name")]).toEqual([0, { a: ["P0", "Somebody else"], b: ["P0", "Somebody else"] }])
    world.wait()
    world.system("b").edit("b1", { phone: "1" })
    await world.run()
    expect([world.system("a").item("a1")["phone"], await world.reviews()]).toEqual(["1", []])
  })

  it("leaves its record ended where it is said to be left alone", async () => {
    const world = await back()
    await take(world, "ignore")
    expect([deletes(world), world.system("b").row("b1").deleted]).toEqual([1, true])
  })

  it("has its record again by itself once the address is nobody else's any more", async () => {
    const world = await back()
    world.wait()
    world.system("a").edit("a2", { email: "else@x.com" })
    await world.run()
    await world.run()
    expect([deletes(world), await world.reviews(), world.values("name")]).toEqual([
      0,
      [],
      { a: ["P0", "Somebody else"], b: ["P0", "Somebody else"] },
    ])
  })
})

it("what was refused of an item goes with it, and does not hold the one that is made in its place", async () => {
  const world = new World({ systems: { a: {}, b: { deletes: "absence" } } })
  const uid = world.system("a").create({ email: "p@x.com", name: "P" })
  world.system("a").create({ email: "q@x.com", name: "Q" })
  await world.run()
  world.wait()
  world.system("b").edit("b1", { name: 7 })
  await world.run()
  expect((await world.quarantined()).map(({ remoteId }) => remoteId)).toEqual(["b1"])
  world.wait()
  world.system("b").remove("b1")
  await world.run({ full: true })
  expect([world.system("a").row(uid).deleted, await world.quarantined()]).toEqual([true, []])
  world.wait()
  world.system("a").restore(uid, { name: "P2" })
  await world.run()
  await world.run()
  expect(world.system("b").byEmail("p@x.com")?.item["name"]).toBe("P2")
  expect((await world.links()).filter((link) => link.blocked !== null)).toEqual([])
})

it("a late copy of an item that we removed, under an id made from its address, is not the one that is made in its place", async () => {
  const world = await inStep(1, {}, { ...MAILISH, secondary: false, version: "revision", deletes: "flag", idempotent: "none" })
  const late = world.system("b").changeOf(world.system("b").live()[0] ?? world.system("b").row("b1"))
  world.system("a").remove("a1")
  await world.run()
  expect(emails(world, "b")).toEqual([])
  world.wait()
  world.system("a").restore("a1")
  world.wire("b").onPage = (page) => ({ ...page, changes: [...page.changes, late] })
  await world.run()
  world.wire("b").onPage = (page) => page
  for (let at = 0; at < 3; at++) await world.run({ full: true })
  expect([emails(world, "a"), emails(world, "b"), await world.reviews()]).toEqual([["p0@x.com"], ["p0@x.com"], []])
})

it("an item that is back and cannot be read yet keeps what its record has elsewhere, and empties nothing", async () => {
  for (const item of [{}, { note: Number.NaN }]) {
    const world = await inStep(2)
    world.wire("b").outage = (call) => (call === "push" ? { class: "transient", message: "down" } : null)
    world.system("a").remove("a1")
    await world.run()
    world.wait()
    world.system("a").restore("a1")
    world.wire("b").outage = () => null
    world.wire("a").onPage = (page) => ({
      ...page,
      changes: page.changes.map((each) => (each.kind === "upsert" && each.id === "a1" ? { ...each, item } : each)),
    })
    world.wire("a").outage = (call) => (call === "lookup" ? { class: "transient", message: "down" } : null)
    await world.run()
    expect(emails(world, "b")).toEqual(["p0@x.com", "p1@x.com"])
    world.wire("a").onPage = (page) => page
    world.wire("a").outage = () => null
    await world.run()
    await world.run({ full: true })
    expect([world.values("name"), await world.quarantined()]).toEqual([{ a: ["P0", "P1"], b: ["P0", "P1"] }, []])
  }
})
