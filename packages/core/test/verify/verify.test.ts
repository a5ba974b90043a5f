import type { Page } from "@syncline/connector"
import { describe, expect, it } from "vitest"
import { World, type WorldSpec } from "../fake-system/world.ts"
import { MAILISH } from "../fake-system/traits.ts"
import { commit, corrupt, corruptRecord, corruptSeen, inStep, linkOf, PEOPLE, repair, told, verify } from "./comparing.ts"

const TWO: WorldSpec = { systems: { a: {}, b: MAILISH } }

async function opened(spec: WorldSpec = TWO): Promise<World> {
  const world = new World(spec)
  await inStep(world)
  return world
}

describe("a full comparison", () => {
  it("finds nothing where all systems are in step, and writes nothing", async () => {
    const world = await opened()
    const [writes, journal] = [world.writes(), await world.journal()]
    const report = await verify(world)
    expect(report.differences).toEqual([])
    expect(report.compared.map(({ binding, items, linked, complete }) => ({ binding, items, linked, complete }))).toEqual([
      { binding: "a.people", items: PEOPLE.length, linked: PEOPLE.length, complete: true },
      { binding: "b.people", items: PEOPLE.length, linked: PEOPLE.length, complete: true },
    ])
    expect(report.compared.every((each) => each.agree === each.fields)).toBe(true)
    expect(world.writes()).toEqual(writes)
    expect(await world.journal()).toEqual(journal)
  })

  it("tells an edit that was not read yet from a value changed without a trace", async () => {
    const world = await opened()
    world.wait()
    world.system("a").edit(world.system("a").byEmail("ada@x.com")?.uid ?? "", { name: "Ada L." })
    corrupt(world, "b", "bob", { phone: "+99" })
    const report = await verify(world)
    expect(told(report)).toEqual(["edited_outside a.people ada.name", "edited_outside b.people bob.phone"])
    expect(report.differences.map(({ silent }) => silent).toSorted()).toEqual([false, true])
    expect(report.differences.find((each) => each.field === "name")).toMatchObject({ record: "ada", seen: "ada", actual: "Ada L." })
  })

  it("tells an edit also where the scan shows an old copy of the item first, and counts the item once", async () => {
    const world = await opened()
    world.wait()
    const ada = world.system("a").byEmail("ada@x.com")?.uid ?? ""
    let old: Page["changes"] = []
    world.wire("a").onPage = (page) => {
      old = [...page.changes.filter(({ id }) => id === ada), ...old]
      return page
    }
    await world.run({ full: true })
    world.system("a").edit(ada, { name: "Ada L." })
    world.wire("a").onPage = (page) => ({ ...page, changes: [...old, ...page.changes] })
    const report = await verify(world)
    expect(told(report)).toEqual(["edited_outside a.people ada.name"])
    expect(report.compared[0]).toMatchObject({ items: PEOPLE.length, differences: 1 })
  })

  it("calls it a lost write where the system has an older value of before our write", async () => {
    const world = await opened()
    world.wait()
    world.system("a").edit(world.system("a").byEmail("ada@x.com")?.uid ?? "", { name: "Ada L." })
    await world.run()
    corrupt(world, "b", "ada", { name: "ada" })
    expect(told(await verify(world))).toEqual(["lost_write b.people ada.name"])
    const { run, left } = await repair(world)
    expect(left.differences).toEqual([])
    expect(run.outcome).toBe("done")
    expect(world.system("b").byEmail("ada@x.com")?.item["name"]).toBe("Ada L.")
    expect(world.system("a").byEmail("ada@x.com")?.item["name"]).toBe("Ada L.")
  })

  it("calls the same value an edit where the system's version says that somebody wrote it since", async () => {
    const world = await opened()
    world.wait()
    world.system("a").edit(world.system("a").byEmail("ada@x.com")?.uid ?? "", { name: "Ada L." })
    await world.run()
    world.wait()
    world.system("b").edit(world.system("b").byEmail("ada@x.com")?.uid ?? "", { name: "ada" })
    expect(told(await verify(world))).toEqual(["edited_outside b.people ada.name"])
    await repair(world)
    expect(world.system("a").byEmail("ada@x.com")?.item["name"]).toBe("ada")
  })

  it("finds a record that says what nobody wrote, and gives it back the systems' value", async () => {
    const world = await opened()
    await corruptRecord(world, "cleo", "note", "garbage")
    expect(told(await verify(world))).toEqual(["record a.people cleo.note", "record b.people cleo.note"])
    const writes = world.writes()
    const { left } = await repair(world)
    expect(left.differences).toEqual([])
    expect(world.writes()).toEqual(writes)
    expect((await world.records()).find((record) => record.fields["email"] === "cleo@x.com")?.fields["note"]).toBe("about cleo")
  })

  it("finds a memory that is wrong although the values agree", async () => {
    const world = await opened()
    await corruptSeen(world, "a", "dan", { phone: "+77" })
    await corruptSeen(world, "b", "dan", { note: "?" })
    expect(told(await verify(world))).toEqual(["memory a.people dan.phone", "memory b.people dan.note"])
    const writes = world.writes()
    const { left } = await repair(world)
    expect(left.differences).toEqual([])
    expect(world.writes()).toEqual(writes)
  })

  it("finds a debt that was forgotten: the record's value goes out again", async () => {
    const world = await opened()
    world.wait()
    world.system("a").edit(world.system("a").byEmail("eve@x.com")?.uid ?? "", { score: 40 })
    world.wire("b").outage = (call) => (call === "push" ? { class: "transient", message: "down" } : null)
    await world.run()
    world.wire("b").outage = () => null
    expect(told(await verify(world))).toEqual(["owed b.people eve.score"])
    const link = await linkOf(world, "b", "eve")
    await commit(world, { links: [{ ...link, owed: {}, dueAt: null }] })
    expect(told(await verify(world))).toEqual(["lost_write b.people eve.score"])
    const { left } = await repair(world)
    expect(left.differences).toEqual([])
    expect(world.system("b").byEmail("eve@x.com")?.item["score"]).toBe(40)
  })

  it("finds items that nobody told about, items that vanished, and records without a counterpart", async () => {
    const world = await opened({ systems: { a: { deletes: "absence" }, b: {} } })
    world.system("a").create({ email: "new@x.com", name: "New" })
    world.system("a").rows.delete(world.system("a").byEmail("fay@x.com")?.uid ?? "")
    const link = await linkOf(world, "b", "ada")
    await commit(world, { dropLinks: [link.id] })
    expect(told(await verify(world))).toEqual([
      "missing a.people fay",
      "never_synced a.people new",
      "never_synced b.people ada",
      "never_synced b.people ada",
    ])
    const { left } = await repair(world)
    expect(left.differences).toEqual([])
    expect(world.system("b").byEmail("fay@x.com")).toBeUndefined()
    expect(world.system("b").byEmail("new@x.com")).toBeDefined()
  })

  it("does not take what a scan failed to show for missing", async () => {
    const world = await opened()
    world.wire("a").onPage = (page) => ({ ...page, changes: [], complete: false })
    const report = await verify(world)
    expect(report.differences).toEqual([])
    expect(report.compared[0]?.complete).toBe(false)
    expect(report.warnings).toEqual(["a.people: the scan was not complete, so nothing that it did not show counts as missing"])
  })

  it("says which system could not be asked, and compares the others", async () => {
    const world = await opened()
    world.wire("a").outage = () => ({ class: "auth", message: "who are you?" })
    corrupt(world, "b", "ada", { note: "x" })
    const report = await verify(world)
    expect(report.unreachable.map(({ system, reason }) => ({ system, reason }))).toEqual([{ system: "a", reason: "auth" }])
    expect(told(report)).toEqual(["edited_outside b.people ada.note"])
  })

  it("tells what waits for a person from what is wrong", async () => {
    const world = await opened({ systems: { a: {}, b: {} }, conflicts: { note: "review" } })
    world.wait()
    for (const name of ["a", "b"]) world.system(name).edit(world.system(name).byEmail("ada@x.com")?.uid ?? "", { note: `by ${name}` })
    world.system("a").create({ email: `${"y".repeat(60)}@x.com`, name: "too long" })
    await world.run()
    const report = await verify(world)
    expect(told(report)).toEqual([`held a.people ${"y".repeat(60)}`, "held b.people ada.note"])
    const { left } = await repair(world)
    expect(told(left)).toEqual(told(report))
  })

  it("explains what does not belong, what is only read and what a system rewrites, and counts it as no difference", async () => {
    const world = await opened({
      systems: { a: {}, b: { normalises: { note: ["upper"] } } },
      binding: { b: ["when: 'record.status != \"out\"'"] },
      fields: { b: { phone: "{ path: phone, direction: in }" } },
    })
    world.system("a").create({ email: "out@x.com", status: "out" })
    world.system("b").create({ email: "alien@x.com", status: "out" })
    await world.run()
    const report = await verify(world)
    expect(report.differences).toEqual([])
    expect(report.explained.filter).toBeGreaterThan(0)
    expect(report.explained.rewritten).toBe(PEOPLE.length)
  })
})

describe("a repair", () => {
  it("takes nothing from an item that came without anything of what it held, nor from one that cannot be read", async () => {
    for (const item of [{}, { note: Number.NaN }]) {
      const world = await opened()
      const [ada] = PEOPLE
      world.wire("b").onPage = (page) => ({
        ...page,
        changes: page.changes.map((each) => (each.kind === "upsert" && each.item["name"] === ada ? { ...each, item } : each)),
      })
      const report = await verify(world)
      expect(report.differences.map(({ cause, binding, field }) => [cause, binding, field])).toEqual([["mapping", "b.people", null]])
      const before = [world.values("name"), world.writes()]
      await repair(world)
      world.wire("b").onPage = (page) => page
      world.wait()
      await world.run({ full: true })
      expect([world.values("name"), world.writes()]).toEqual(before)
      expect((await verify(world)).differences).toEqual([])
    }
  })

  it("ties an item again whose id was remembered wrongly, rather than taking it for deleted", async () => {
    for (const system of ["a", "b"]) {
      const world = await opened()
      const link = await linkOf(world, system, "ada")
      await commit(world, { links: [{ ...link, remoteId: "bogus", secondaryId: link.secondaryId === null ? null : "bogus too" }] })
      expect(told(await verify(world))).toEqual([`extra ${system}.people ada`, `memory ${system}.people ada`])
      const writes = world.writes()
      const { left } = await repair(world)
      expect(left.differences).toEqual([])
      expect(world.writes()).toEqual(writes)
      expect((await linkOf(world, system, "ada")).remoteId).toBe(link.remoteId)
      expect(await world.reviews()).toEqual([])
    }
  })

  it("sends a write once more that a system took and did not show", async () => {
    const world = await opened({ systems: { a: {}, b: {} } })
    const [a, b] = [world.system("a"), world.system("b")]
    a.create({ email: "gil@x.com", name: "gil" })
    await world.run()
    world.wait()
    b.rewrites = (set) => ({ ...set, phone: null })
    a.edit(a.byEmail("gil@x.com")?.uid ?? "", { phone: "+7" })
    await world.run()
    expect((await world.quarantined()).map(({ reason }) => reason)).toEqual(["the write was taken, and phone is as blank as before"])
    // no pass of its own: it was told once
    const before = world.writes()
    await world.run({ full: true })
    expect([world.writes(), told(await verify(world))]).toEqual([before, ["held b.people gil.phone"]])
    expect(told((await repair(world)).left)).toEqual(["held b.people gil.phone"])
    b.rewrites = (set) => set
    const { left } = await repair(world)
    expect([left.differences, b.byEmail("gil@x.com")?.item["phone"], await world.quarantined()]).toEqual([[], "+7", []])
  })

  it("keeps to the guards", async () => {
    const world = await opened({ systems: { a: { deletes: "absence" }, b: {} }, guards: "{ delete: { max: 1, percent: 1 } }" })
    for (const name of ["ada", "bob", "cleo"]) world.system("a").rows.delete(world.system("a").byEmail(`${name}@x.com`)?.uid ?? "")
    const { run, left } = await repair(world)
    expect(run.outcome).toBe("guard")
    expect(world.system("b").live()).toHaveLength(PEOPLE.length)
    expect(left.differences).toHaveLength(3)
  })

  it("leaves a mark out that no longer fits", async () => {
    const world = await opened()
    await corruptRecord(world, "cleo", "note", "garbage")
    let turned = false
    world.wire("b").outage = (call) => {
      if (call !== "pull" || turned) return null
      turned = true
      world.wait()
      world.system("a").edit(world.system("a").byEmail("cleo@x.com")?.uid ?? "", { note: "fresh" })
      return null
    }
    await repair(world)
    expect(world.values("note")["a"]).toContain("fresh")
    expect(world.values("note")["b"]).toContain("fresh")
  })
})
