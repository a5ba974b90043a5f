import { describe, expect, it } from "vitest"
import { World } from "../fake-system/world.ts"
import { ALL, asNumber, lost, people, phones, showing } from "./drifting.ts"

describe.each([
  ["vanishes", lost("phone"), /phone is no longer there, so phone is held/],
  ["changes its type", asNumber, /phone was string and is number now, so phone is held/],
] as const)("a field that %s in one system", (_, change, said) => {
  it.each([false, true])("clears nothing anywhere, is told, and flows again by itself (read in full: %s)", async (full) => {
    const world = await people()
    showing(world, change)
    world.system("b").edit("b1", { name: "Renamed" })
    world.system("b").edit("b2", { name: "Renamed too" })
    const report = await world.run({ full })
    expect([report.outcome, report.warnings.join()]).toEqual(["attention", expect.stringMatching(said)])
    expect(phones(world)).toEqual(ALL)
    expect(world.values("name")["a"]).toEqual(["Renamed", "Renamed too", "P3", "P4"])
    expect([await world.quarantined(), await world.reviews()]).toEqual([[], []])

    world.wait()
    world.system("a").edit("a3", { phone: "99", name: "P3b" })
    world.system("b").edit("b4", { phone: "44" })
    const before = world.wire("b").pushed.length
    const second = await world.run({ full })
    expect([second.outcome, second.warnings.length]).toEqual(["done", 1])
    expect(
      world
        .wire("b")
        .pushed.slice(before)
        .map((op) => op.set),
    ).toEqual([{ name: "P3b" }])
    expect(phones(world)).toEqual(["11", "12", "99", "14"])

    world.wait()
    showing(world, (item) => item)
    const back = await world.run()
    expect(back.warnings.join()).toMatch(/phone is back/)
    expect(world.values("phone")).toEqual({ a: ["11", "12", "99", "44"], b: ["11", "12", "99", "44"] })
    expect((await world.run()).warnings).toEqual([])
    expect([await world.quarantined(), await world.reviews()]).toEqual([[], []])
  })
})

it.each([1, 2])("a value that we cleared ourselves, in %i items, is not missed where blanks are left out", async (count) => {
  const world = await people({}, count)
  showing(world, (item) => (item["phone"] === null ? lost("phone")(item) : item))
  for (let i = 1; i <= count; i++) world.system("a").edit(`a${i}`, { phone: null })
  const report = await world.run()
  expect([report.outcome, report.warnings]).toEqual(["done", []])
  world.wait()
  world.system("b").edit("b1", { phone: "77" })
  expect((await world.run({ full: true })).warnings).toEqual([])
  expect(world.values("phone")["a"]?.[0]).toBe("77")
})

it("one item whose value is left out, while others show theirs, was cleared by its users", async () => {
  const world = await people()
  showing(world, (item) => (item["phone"] === null ? lost("phone")(item) : item))
  world.system("b").edit("b1", { phone: null })
  const report = await world.run()
  expect([report.warnings, phones(world)]).toEqual([[], [null, "12", "13", "14"]])
})

it("an item that comes empty clears nothing, whatever is held meanwhile and filled in for it", async () => {
  const world = await people()
  await world.run()
  const wire = world.wire("b")
  wire.onPage = (page) => ({ ...page, changes: page.changes.map((each) => (each.kind === "upsert" ? { ...each, item: {} } : each)) })
  let asked = 0
  // the one time that others are asked for their phones, nobody can tell
  wire.onAnswers = (answers) => (++asked === 3 ? answers.map(() => ({ fault: { class: "transient", message: "not now" } })) : answers)
  world.system("b").edit("b1", { phone: "99" })
  const report = await world.run()
  expect(report.warnings.join()).toMatch(/phone is no longer there/)
  expect((await world.quarantined()).map((entry) => [entry.remoteId, entry.reason])).toEqual([
    ["b1", "it came without anything of what it held"],
  ])
  expect([world.values("name")["a"], phones(world)]).toEqual([["P1", "P2", "P3", "P4"], ALL])
  Object.assign(wire, { onPage: (page: unknown) => page, onAnswers: (answers: unknown) => answers })
  world.wait()
  await world.run({ full: true })
  expect([phones(world), await world.quarantined()]).toEqual([["99", "12", "13", "14"], []])
})

it("without a key nobody new is taken in or made; all are there when it is back", async () => {
  const world = await people()
  showing(world, lost("email"))
  world.system("b").create({ email: "p5@x.com", name: "P5" })
  world.system("a").create({ email: "p6@x.com", name: "P6" })
  const report = await world.run({ full: true })
  expect(report.warnings.join()).toMatch(/email is no longer there, so email is held/)
  expect([world.system("a").live().length, world.system("b").live().length]).toEqual([5, 5])
  showing(world, (item) => item)
  world.wait()
  await world.run()
  expect([world.system("a").live().length, world.system("b").live().length]).toEqual([6, 6])
  expect(world.system("a").byEmail("p5@x.com")?.item["name"]).toBe("P5")
})

it("a lookup about a write without an answer that no longer shows a field clears it nowhere", async () => {
  const world = await people({}, 2)
  await world.run({ full: true })
  const wire = world.wire("b")
  wire.fate = () => "lost"
  wire.outage = (call) => (call === "lookup" ? { class: "transient", message: "down" } : null)
  world.system("a").edit("a1", { name: "P1b" })
  await world.run()
  wire.outage = () => null
  world.wait()
  showing(world, lost("phone"))
  const report = await world.run()
  expect(report.warnings.join()).toMatch(/phone is no longer there, so phone is held/)
  expect([phones(world), world.values("name")["b"]]).toEqual([
    ["11", "12"],
    ["P1b", "P2"],
  ])
})

it("the answer to a write that no longer shows a field clears it nowhere", async () => {
  const world = await people()
  showing(world, lost("phone"))
  world.system("a").edit("a1", { name: "P1b" })
  const report = await world.run()
  expect(report.warnings.join()).toMatch(/phone is no longer there, so phone is held/)
  await world.run({ full: true })
  expect([phones(world), world.system("b").item("b1")["name"]]).toEqual([ALL, "P1b"])
})

it("the answer to a write that shows an object where a text was sent proves nothing, and what is there then is somebody's", async () => {
  const world = new World({ systems: { a: {}, b: { returnsItem: false, guard: "none" } } })
  world.system("a").create({ email: "p1@x.com", name: "P1" })
  await world.run()
  world.wait()
  const b = world.system("b")
  showing(world, ({ phone = null, ...item }) => ({ ...item, phone: phone === null ? null : { text: phone } }))
  b.rewrites = (set) => Object.fromEntries(Object.entries(set).filter(([path]) => path !== "phone"))
  world.wire("b").onPush = () => {
    b.edit("b1", { phone: "theirs" })
    world.wire("b").onPush = () => undefined
  }
  world.system("a").edit("a1", { phone: "ours" })
  await world.run()
  expect((await world.quarantined()).map((entry) => entry.reason)).toEqual(["the write was taken, and phone shows a value of another make"])
  showing(world, (item) => item)
  b.rewrites = (set) => set
  world.wait()
  await world.run({ full: true })
  await world.run()
  const lost = (await world.journal()).flatMap((row) => row.changes.map((change) => change.lost))
  expect([world.values("phone"), lost.includes("ours")]).toEqual([{ a: ["theirs"], b: ["theirs"] }, true])
})

it("a field whose writes are refused because it is gone is held by the next run, and delivered once it is back", async () => {
  const world = await people()
  await world.run()
  world.wait()
  showing(world, lost("phone"))
  world.system("b").refuses = (item) => (ALL.includes(String(item["phone"])) ? null : { phone: "no such field" })
  world.system("a").edit("a1", { phone: "99" })
  await world.run()
  expect((await world.quarantined()).map((entry) => entry.field)).toEqual(["phone"])
  expect((await world.run()).warnings.join()).toMatch(/phone is no longer there, so phone is held/)
  expect((await world.run()).outcome).toBe("done")
  showing(world, (item) => item)
  world.system("b").refuses = () => null
  world.wait()
  await world.run()
  expect([world.system("b").item("b1")["phone"], await world.quarantined()]).toEqual(["99", []])
})

it("a key that changed its type is let go once anybody shows it as ever, though all who were known are gone", async () => {
  const world = new World({ systems: { a: {}, b: {} } })
  world.system("a").create({ email: "p1@x.com", name: "P1" })
  await world.run()
  world.wait()
  showing(world, ({ email = null, ...item }) => ({ ...item, email: { text: email } }))
  world.system("b").edit("b1", { name: "P1b" })
  expect((await world.run({ full: true })).warnings.join()).toMatch(/email was string and is object now/)
  world.wait()
  world.system("b").remove("b1")
  world.system("b").create({ email: "p2@x.com", name: "P2" })
  showing(world, (item) => item)
  for (let at = 0; at < 3; at++) {
    world.wait()
    await world.run({ full: true })
  }
  expect(world.system("a").byEmail("p2@x.com")?.item["name"]).toBe("P2")
})

it("an item that shows a value as ever is read, although its field is held for another that does not", async () => {
  const world = await people({}, 2)
  await world.run()
  const [a, b] = [world.system("a"), world.system("b")]
  b.edit("b1", { phone: { number: "11" } })
  b.edit("b2", { phone: null })
  expect((await world.run()).warnings.join()).toMatch(/phone was string and is object now/)
  world.wait()
  world.wire("b").outage = (call) => (call === "pull" ? b.edit("b2", { phone: "22" }) : undefined) ?? null
  await world.run()
  expect(a.byEmail("p2@x.com")?.item["phone"]).toBe("22")
})

it("a plan shows the same, and a mapping that names another path lets the field go", async () => {
  const world = await people()
  showing(world, ({ phone, ...item }) => ({ ...item, note: phone ?? null }))
  world.system("b").edit("b1", { name: "Renamed" })
  expect((await world.plan({ full: true })).warnings.join()).toMatch(/phone is no longer there/)
  await world.run({ full: true })
  const mapped = new World({ systems: { a: {}, b: {} }, fields: { b: { phone: "note", note: null } } }, world.store)
  Object.assign(mapped, { systems: world.systems, wires: world.wires })
  const engine = { ...world.engine, pipeline: mapped.engine.pipeline }
  Object.assign(mapped, { engine, time: world.time })
  mapped.wait()
  const report = await mapped.run()
  expect(report.warnings.join()).not.toMatch(/no longer there/)
  expect(phones(world)).toEqual(ALL)
})
