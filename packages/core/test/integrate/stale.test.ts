import { describe, expect, it } from "vitest"
import { World } from "../fake-system/world.ts"

const versions = ["revision", "timestamp", "etag", "none"] as const

describe.each(versions)("a page that is older than what is known, versions: %s", (version) => {
  it("does not undo what was written since", async () => {
    const world = new World({ systems: { a: {}, b: { version, perField: false } } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    await world.run()
    world.wait()
    const late = world.system("b").changeOf(world.system("b").row("b1"))
    world.system("a").edit("a1", { name: "X2" })
    await world.run()
    world.wire("b").onPage = (page) => ({ ...page, changes: [late, ...page.changes] })
    await world.run()
    await world.run({ full: true })
    world.wire("b").onPage = (page) => page
    await world.run()
    expect(world.values("name")).toEqual({ a: ["X2"], b: ["X2"] })
  })

  it("does not undo what was read since", async () => {
    const world = new World({ systems: { a: {}, b: { version, perField: false } } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    await world.run()
    world.wait()
    const late = world.system("b").changeOf(world.system("b").row("b1"))
    world.system("b").edit("b1", { name: "B2" })
    await world.run()
    world.wire("b").onPage = (page) => ({ ...page, changes: [...page.changes, late] })
    await world.run()
    await world.run({ full: true })
    expect(world.values("name")).toEqual({ a: ["B2"], b: ["B2"] })
  })

  it("a late tombstone of an item that is there deletes nothing", async () => {
    const world = new World({ systems: { a: {}, b: { version, perField: false } } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    await world.run()
    world.wait()
    world.system("b").remove("b1")
    const late = world.system("b").changeOf(world.system("b").row("b1"))
    world.wait()
    world.system("b").restore("b1", { name: "back" })
    await world.run()
    world.wire("b").onPage = (page) => ({ ...page, changes: [...page.changes, late] })
    await world.run()
    await world.run()
    expect(world.values("name")).toEqual({ a: ["back"], b: ["back"] })
  })
})

it("what a page shows of an item that no lookup finds, with nothing beside it to prove it gone, counts once a lookup finds it", async () => {
  const world = new World({ systems: { a: {}, b: { deletes: "absence", delta: false } } })
  world.system("a").create({ email: "x@x.com", name: "X" })
  await world.run()
  world.wait()
  const wire = world.wire("b")
  wire.onAnswers = (answers) => answers.map(() => ({ fault: { class: "notFound", message: "no such item" } }))
  wire.onPage = (page) => ({ ...page, changes: [], total: 0 })
  await world.run({ full: true })
  world.system("b").edit("b1", { name: "B2" })
  wire.onPage = (page) => page
  for (let at = 0; at < 2; at++) await world.run({ full: true })
  expect([world.values("name")["a"], (await world.links()).map((link) => link.blocked !== null)]).toEqual([["X"], [false, true]])
  wire.onAnswers = (answers) => answers
  await world.run({ full: true })
  expect(world.values("name")).toEqual({ a: ["B2"], b: ["B2"] })
})

it("a late copy of an item that moved on takes its old id from nobody who has it since", async () => {
  const world = new World({ systems: { a: {}, b: { id: "derived", secondary: true } } })
  const b = world.system("b")
  for (const i of [1, 2]) world.system("a").create({ email: `p${i}@x.com`, name: `P${i}` })
  await world.run()
  const late = b.changeOf(b.row("b2"))
  for (const [uid, email] of [
    ["b2", "p3@x.com"],
    ["b1", "p2@x.com"],
  ] as const) {
    world.wait()
    b.edit(uid, { email })
    await world.run()
  }
  world.wire("b").onPage = (page) => ({ ...page, changes: [...page.changes, late] })
  world.wire("b").outage = (call) => (call === "lookup" ? { class: "transient", message: "down" } : null)
  await world.run()
  expect((await world.links()).find(({ secondaryId }) => secondaryId === "b1")?.remoteId).toBe("h-p2@x.com")
})

it("a late copy of an item that is gone takes its old id from nobody who has it since, and lets no refusal of that one go", async () => {
  const world = new World({ systems: { a: {}, b: { id: "derived", secondary: true, unique: true } } })
  const b = world.system("b")
  b.create({ email: "x@x.com", name: "first" })
  const late = b.changeOf(b.row("b1"))
  await world.run()
  world.wait()
  b.remove("b1")
  await world.run()
  b.create({ email: "x@x.com", name: "second" })
  await world.run()
  world.wait()
  b.edit("b2", { tags: ["fine", 42] })
  await world.run()
  const before = [await world.links(), await world.quarantined()]
  expect(before[1]?.length).toBe(1)
  world.wire("b").onPage = (page) => ({ ...page, changes: [late] })
  await world.run()
  expect([await world.links(), await world.quarantined()]).toEqual(before)
})

describe("a system whose versions are times, and whose clock was set back", () => {
  it.each([false, true])("hides no edit behind the time that its item had before (read in full: %s)", async (full) => {
    const world = new World({ systems: { a: {}, b: { version: "timestamp", perField: false } } })
    world.system("b").create({ email: "x@x.com", name: "X" })
    await world.run()
    world.system("b").edit("b1", { name: "Y" })
    await world.run()
    world.wait()
    world.system("b").edit("b1", { name: "Z" }, world.system("b").row("b1").at - 7_200_000)
    await world.run({ full })
    expect([world.values("name"), await world.reviews()]).toEqual([{ a: ["Z"], b: ["Z"] }, []])
  })

  it("hides no delete behind it", async () => {
    const world = new World({ systems: { a: {}, b: { version: "timestamp", perField: false } } })
    world.system("b").create({ email: "x@x.com", name: "X" })
    world.system("b").create({ email: "y@x.com", name: "Y" })
    await world.run()
    world.wait()
    world.system("b").remove("b1", world.system("b").row("b1").at - 7_200_000)
    await world.run()
    expect(world.values("name")).toEqual({ a: ["Y"], b: ["Y"] })
  })
})
