import { describe, expect, it } from "vitest"
import type { Json } from "@syncline/connector"
import { allowAgain, forgetRecord } from "../../src/run/index.ts"
import type { ForgetOptions, Receipt } from "../../src/run/index.ts"
import { MAILISH } from "../fake-system/traits.ts"
import { World, type WorldSpec } from "../fake-system/world.ts"
import { verify } from "../verify/comparing.ts"

const TWO: WorldSpec = { systems: { a: {}, b: MAILISH } }
const JANE = { email: "jane@private.example", name: "Jane Unmistakable", phone: "+1555000111" }

async function opened(spec: WorldSpec = TWO): Promise<World> {
  const world = new World(spec)
  world.system("a").create(JANE)
  world.system("b").create({ email: "bob@x.com", name: "Bob" })
  await world.run()
  return world
}

async function forget(world: World, options: ForgetOptions): Promise<Receipt> {
  world.wait(1_000)
  const record = (await world.records()).find((each) => each.fields["email"] === JANE.email)
  const receipt = await world.effect(forgetRecord({ ...world.engine, store: world.store }, record?.id ?? "", options))
  if (receipt === null) throw new Error("there is no record of Jane")
  return receipt
}

/** Everything that the store would tell anybody, as one text. */
async function everything(world: World): Promise<string> {
  const { store } = world
  const parts: readonly unknown[] = [
    await world.records(),
    await world.links(),
    await world.journal(),
    await world.effect(store.reviews({ limit: 1_000 })),
    await world.quarantined(),
    await world.intents(),
    await world.effect(store.runs(100)),
    await world.effect(store.scans()),
    await world.effect(store.decisions()),
  ]
  return JSON.stringify(parts)
}

const personal = ["jane@private.example", "Jane Unmistakable", "+1555000111"]
const emails = (world: World, system: string): readonly Json[] =>
  world
    .system(system)
    .live()
    .map((row) => row.item["email"] ?? null)
    .toSorted()

describe("forgetting", () => {
  it("erases a person here, leaves the systems alone, and takes nobody in again", async () => {
    const world = await opened()
    const receipt = await forget(world, { everywhere: false })
    expect(receipt.systems).toEqual([
      { system: "a", binding: "a.people", outcome: "left" },
      { system: "b", binding: "b.people", outcome: "left" },
    ])
    expect(receipt.erased).toMatchObject({ records: 1, links: 2 })
    for (const value of personal) expect(JSON.stringify(receipt)).not.toContain(value)
    const writes = world.writes()
    const run = await world.run({ full: true })
    expect(world.writes()).toEqual(writes)
    const id = receipt.erased?.blocked[0]?.id
    expect(run.warnings.toSorted()).toEqual([
      `a.people: an item is left alone, because whom it is about was forgotten (${id})`,
      `b.people: an item is left alone, because whom it is about was forgotten (${id})`,
    ])
    const text = await everything(world)
    for (const value of personal) expect(text).not.toContain(value)
    expect(text).toContain("bob@x.com")
    expect((await verify(world)).explained.forgotten).toBe(2)
    expect((await verify(world)).differences).toEqual([])
    expect((await world.journal()).find((row) => row.kind === "forgotten")?.note).toBe(
      `not taken in again: ${receipt.erased?.blocked.map((each) => `${each.key} ${each.id}`).join(", ")}`,
    )
    expect(receipt.erased?.blocked.map(({ key }) => key)).toEqual([
      "email",
      "id in a.people",
      "stable id in b.people",
      "passing id in b.people",
    ])
  })

  it("everywhere deletes in the systems first, even where deletes are not passed on", async () => {
    const world = await opened({ ...TWO, binding: { a: ["on_delete: keep"], b: ["on_delete: keep"] } })
    const receipt = await forget(world, { everywhere: true })
    expect(receipt.systems.map(({ outcome }) => outcome)).toEqual(["deleted", "deleted"])
    expect(receipt.erased).toMatchObject({ records: 1, links: 2 })
    expect([emails(world, "a"), emails(world, "b")]).toEqual([["bob@x.com"], ["bob@x.com"]])
    await world.run({ full: true })
    const text = await everything(world)
    for (const value of personal) expect(text).not.toContain(value)
    // somebody enters her anew: not taken in either
    world.system("a").create(JANE)
    await world.run()
    expect(emails(world, "b")).toEqual(["bob@x.com"])
    expect((await world.records()).length).toBe(1)
  })

  it("that could not delete everywhere erases nothing yet, and says so", async () => {
    const world = await opened()
    world.wire("b").outage = (call) => (call === "push" ? { class: "transient", message: "down" } : null)
    const receipt = await forget(world, { everywhere: true })
    expect(receipt.erased).toBeNull()
    expect(receipt.systems.map(({ outcome }) => outcome)).toEqual(["deleted", "not_deleted"])
    expect(receipt.why).toMatch(/not all systems have deleted it/)
    world.wire("b").outage = () => null
    await world.run()
    expect(emails(world, "b")).toEqual(["bob@x.com"])
  })

  it("everywhere keeps to the guard", async () => {
    const world = await opened({ ...TWO, guards: "{ delete: { max: 0, percent: 0 } }" })
    const stopped = await forget(world, { everywhere: true })
    expect([stopped.erased, stopped.guards.length, stopped.why]).toEqual([null, 2, "a guard stopped it"])
    expect(emails(world, "a")).toHaveLength(2)
    const done = await forget(world, { everywhere: true, allow: { delete: 1 } })
    expect(done.erased).toMatchObject({ records: 1 })
    expect(emails(world, "a")).toEqual(["bob@x.com"])
  })

  it("erases what waits for a person as well, and both addresses of a dispute", async () => {
    const world = await opened({ systems: { a: {}, b: {} }, conflicts: { email: "review", phone: "review" } })
    const [a, b] = [world.system("a"), world.system("b")]
    world.wait()
    a.edit(a.byEmail(JANE.email)?.uid ?? "", { phone: "+1555000222" })
    b.edit(b.byEmail(JANE.email)?.uid ?? "", { phone: "+1555000333" })
    b.create({ ...JANE, name: "Jane Twice" })
    await world.run()
    expect((await world.reviews()).map((review) => review.kind).toSorted()).toEqual(["conflict", "duplicate"])
    const receipt = await forget(world, { everywhere: false })
    expect(receipt.erased).toMatchObject({ reviews: 2 })
    const text = await everything(world)
    for (const value of [...personal, "+1555000222", "+1555000333", "Jane Twice"]) expect(text).not.toContain(value)
    await world.run({ full: true })
    expect(await world.reviews()).toEqual([])
  })

  it("everywhere reaches an item whose create was still without an answer, whatever is answered about it", async () => {
    const world = new World({ systems: { a: {}, b: { idempotent: "none", unique: false, keyLookup: false } } })
    world.system("a").create(JANE)
    world.wire("b").fate = () => "dropped"
    await world.run()
    world.wire("b").fate = () => "answered"
    const receipt = await forget(world, { everywhere: true })
    expect(receipt.erased).toBeNull()
    for (let i = 0; i < 3; i++) {
      world.wait(600_000)
      await world.run({ full: true })
      for (const review of await world.reviews()) await world.decide({ reviewId: review.id, hash: review.hash, choice: { take: "retry" } })
    }
    expect([emails(world, "a"), emails(world, "b")]).toEqual([[], []])
  })

  it("leaves alone an item that is not fit to be taken, where its key can be read", async () => {
    const world = await opened()
    await forget(world, { everywhere: false })
    world.wire("a").onPage = (page) => ({
      ...page,
      changes: page.changes.map((change) =>
        change.kind === "upsert" ? { ...change, item: { ...change.item, score: Number.POSITIVE_INFINITY } } : change,
      ),
    })
    await world.run({ full: true })
    const text = await everything(world)
    for (const value of personal) expect(text).not.toContain(value)
  })

  it("leaves nothing of a person with a record whose item went into theirs", async () => {
    const world = await opened()
    const b = world.system("b")
    const { id: into = "" } = b.byEmail(JANE.email) ?? {}
    const { id = "", uid = "" } = b.byEmail("bob@x.com") ?? {}
    world.wait()
    b.remove(uid)
    world.wire("b").onPage = (page) => ({ ...page, changes: [...page.changes, { kind: "merge", id, into }] })
    await world.run()
    expect((await world.quarantined()).map(({ binding }) => binding)).toEqual(["b.people"])
    expect(await everything(world)).toContain(into)
    await forget(world, { everywhere: false })
    expect(await everything(world)).not.toContain(into)
  })

  it("is lifted by the id on the receipt", async () => {
    const world = await opened()
    const receipt = await forget(world, { everywhere: false })
    const id = receipt.erased?.blocked[0]?.id ?? ""
    const lift = (which: string) => world.effect(allowAgain({ ...world.engine, store: world.store }, which))
    expect(await lift("fgt_other")).toBe(false)
    expect(await lift(id)).toBe(true)
    await world.run()
    expect((await world.records()).map((record) => record.fields["email"]).toSorted()).toEqual(["bob@x.com", JANE.email])
    expect((await verify(world)).differences).toEqual([])
  })
})
