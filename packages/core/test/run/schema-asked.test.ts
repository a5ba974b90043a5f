// What tells whether a field is gone: who is asked, and what else their answers show.
import { expect, it } from "vitest"
import { repairAll, verifyAll } from "../../src/run/index.ts"
import { World } from "../fake-system/world.ts"
import { ALL, asNumber, lost, people, phones, showing } from "./drifting.ts"

it("somebody new who is shown without a field does not prove that its absence is a blank", async () => {
  const world = await people({}, 1)
  await world.run()
  world.wait()
  showing(world, lost("phone"))
  world.system("b").create({ email: "p5@x.com", name: "P5" })
  world.system("a").edit("a1", { name: "P1b" })
  expect((await world.run()).warnings.join()).toMatch(/phone is no longer there, so phone is held/)
  expect([phones(world)[0], world.system("b").item("b1")["name"]]).toEqual(["11", "P1b"])
  showing(world, (item) => item)
  world.wait()
  await world.run()
  expect([phones(world)[0], world.system("a").byEmail("p5@x.com")?.item["name"]]).toEqual(["11", "P5"])
})

it("a field that changed its type is let go once anybody shows a value as ever, though the others cleared theirs", async () => {
  const world = await people({}, 2)
  world.system("a").edit("a2", { phone: null })
  await world.run()
  world.wait()
  showing(world, asNumber)
  world.system("b").edit("b1", { phone: "51" })
  expect((await world.run({ full: true })).warnings.join()).toMatch(/phone was string and is number now/)
  world.wait()
  showing(world, (item) => item)
  world.system("b").edit("b1", { phone: null })
  world.system("b").edit("b2", { phone: "52" })
  for (let at = 0; at < 3; at++) {
    world.wait()
    await world.run()
  }
  expect(world.values("phone")).toEqual({ a: [null, "52"], b: [null, "52"] })
  expect((await world.run()).warnings).toEqual([])
})

it("a comparison judges a value that is shown as ever, though all others cleared theirs since the field changed its type", async () => {
  const world = await people({}, 2)
  showing(world, asNumber)
  world.system("b").edit("b1", { phone: "51" })
  expect((await world.run({ full: true })).warnings.join()).toMatch(/phone was string and is number now/)
  world.wait()
  showing(world, (item) => item)
  for (const uid of ["b1", "b2"]) world.system("b").edit(uid, { phone: null })
  await world.run({ full: true })
  const told = async (): Promise<readonly string[]> =>
    (await world.effect(verifyAll({ ...world.engine, store: world.store }))).differences.map(
      ({ cause, remoteId }) => `${cause} ${remoteId}`,
    )
  expect(await told()).toEqual(["drift b1", "drift b2"])
  world.system("b").row("b1").item["phone"] = "52"
  expect(await told()).toEqual(["edited_outside b1", "drift b2"])
  await world.effect(repairAll({ ...world.engine, store: world.store }))
  expect(world.values("phone")).toEqual({ a: ["52", null], b: ["52", null] })
})

it("a repair is told that a field is gone before any pass was, and clears and writes nothing for that", async () => {
  const world = await people()
  await world.run()
  showing(world, lost("phone"))
  const before = world.writes()
  const report = await world.effect(verifyAll({ ...world.engine, store: world.store }))
  expect(new Set(report.differences.map(({ cause, field }) => `${cause} ${field}`))).toEqual(new Set(["drift phone"]))
  const { run } = await world.effect(repairAll({ ...world.engine, store: world.store }))
  expect([run.warnings.join(), phones(world), world.writes()]).toEqual([expect.stringMatching(/phone is no longer there/), ALL, before])
  showing(world, (item) => item)
  world.wait()
  await world.run()
  expect([phones(world), world.writes()]).toEqual([ALL, before])
})

it("a write that is not sent yet waits where asking for a lost field shows that its item was edited since", async () => {
  const world = await people({ systems: { a: {}, b: { returnsItem: false, guard: "none", max: 1 } } }, 2)
  world.system("a").edit("a1", { note: "ours" })
  world.system("a").edit("a2", { note: "ours" })
  world.wire("b").onPush = () => {
    world.wire("b").onPush = () => undefined
    world.wait()
    world.system("b").edit("b2", { note: "theirs" })
    showing(world, lost("phone"))
  }
  await world.run()
  await world.run()
  expect(world.values("note")).toEqual({ a: ["ours", "theirs"], b: ["ours", "theirs"] })
})

it("a value of another kind holds no field where nobody has a value to lose: its item is in quarantine, and nothing else", async () => {
  const world = await people({}, 2)
  for (const uid of ["a1", "a2"]) world.system("a").edit(uid, { phone: null })
  await world.run()
  world.wait()
  world.system("b").edit("b1", { phone: ["51"] })
  for (let at = 0; at < 3; at++) {
    expect((await world.run({ full: true })).warnings).toEqual([])
    world.wait()
  }
  expect((await world.quarantined()).map(({ remoteId }) => remoteId)).toEqual(["b1"])
})

it("an item that shows an edit when it is asked, and again on the next page, is written to in the same pass", async () => {
  const world = new World({ systems: { a: { pageSize: 1, delta: false, version: "revision" }, b: { pageSize: 1, version: "revision" } } })
  world.system("a").create({ email: "first@x.com" })
  world.system("a").create({ email: "second@x.com", name: "N" })
  await world.run()
  world.wait()
  await world.run()
  world.system("a").edit("a2", { name: "N2" })
  world.system("b").edit("b2", { phone: "7" })
  expect((await world.plan()).writes.map(({ binding, set }) => [binding, set])).toEqual([
    ["a.people", { phone: "7" }],
    ["b.people", { name: "N2" }],
  ])
})

it("a field is held no longer once nobody is left who had a value there, and what is owed there is written", async () => {
  const world = await people({}, 2)
  world.system("a").edit("a2", { phone: null })
  await world.run()
  world.wait()
  showing(world, lost("phone"))
  world.system("b").edit("b1", { name: "Renamed" })
  expect((await world.run()).warnings.join()).toMatch(/phone is held/)
  world.system("a").remove("a1")
  world.system("a").edit("a2", { phone: "99" })
  await world.run()
  world.wait()
  // it is back, and who has none shows none: nobody could tell
  showing(world, (item) => ((item["phone"] ?? null) === null ? lost("phone")(item) : item))
  await world.run()
  world.wait()
  expect((await world.run()).warnings).toEqual([])
  expect(world.values("phone")["b"]).toEqual(["99"])
})

it.each([1, 2])("an item that a write of ours gave another id is known by the one that it had (of %i)", async (count) => {
  const world = await people({ systems: { a: {}, b: { id: "derived", returnsItem: false } } }, count)
  await world.run({ full: true })
  world.wait()
  showing(world, lost("phone"))
  world.system("a").edit("a1", { email: "p1b@x.com" })
  expect((await world.run()).warnings.join()).toMatch(/phone is no longer there, so phone is held/)
  expect([phones(world)[0], world.system("b").item("b1")["email"]]).toEqual(["11", "p1b@x.com"])
  // and while it is held already
  world.wait()
  world.system("a").edit("a1", { email: "p1c@x.com" })
  await world.run()
  expect([phones(world)[0], world.system("b").item("b1")["email"]]).toEqual(["11", "p1c@x.com"])
})

it("an item that was asked for a held field, and whose edit was read since, is written to in the same run", async () => {
  const world = await people({}, 2)
  showing(world, lost("phone"))
  expect((await world.run({ full: true })).warnings.join()).toMatch(/phone is no longer there/)
  world.wait()
  world.system("b").edit("b1", { name: "P1b" })
  world.system("a").edit("a1", { note: "new" })
  await world.run()
  expect([world.values("name")["a"]?.[0], world.system("b").item("b1")["note"]]).toEqual(["P1b", "new"])
})

it("a copy from before does not show that a field is as it was", async () => {
  const world = await people({}, 1)
  const b = world.system("b")
  const copy = b.changeOf(b.row("b1"))
  showing(world, asNumber)
  b.edit("b1", { name: "P1b" })
  expect((await world.run({ full: true })).warnings.join()).toMatch(/phone was string and is number now/)
  world.wait()
  showing(world, (item) => item)
  world.wire("b").onPage = (page) => ({ ...page, changes: [...page.changes, copy] })
  b.edit("b1", { phone: null })
  for (let at = 0; at < 2; at++) {
    world.wait()
    expect((await world.run()).warnings.join()).toMatch(/phone was string and is number now/)
  }
  expect(phones(world)).toEqual(["11"])
})

it("an item is not marked as deleted in a field that is not as it was, and is once it is again", async () => {
  const world = await people({ deleteVsEdit: "delete_wins", binding: { b: ["on_delete: { archive: { phone: gone } }"] } }, 2)
  const b = world.system("b")
  showing(world, asNumber)
  b.edit("b1", { name: "P1b" })
  expect((await world.run({ full: true })).warnings.join()).toMatch(/phone was string and is number now/)
  world.wait()
  world.system("a").remove("a2")
  const writes = world.wire("b").pushed.length
  await world.run()
  expect([world.wire("b").pushed.length - writes, b.item("b2")["phone"]]).toEqual([0, "12"])
  world.wait()
  showing(world, (item) => item)
  await world.run()
  await world.run()
  expect([b.item("b1")["phone"], b.item("b2")["phone"]]).toEqual(["11", "gone"])
})
