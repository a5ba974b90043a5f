import { describe, expect, it } from "vitest"
import type { Change } from "@syncline/connector"
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
const uidOf = (world: World, name: string, email: string): string => world.system(name).byEmail(email)?.uid ?? "nobody"

describe("a delete with proof", () => {
  it.each([["tombstone"], ["flag"]] as const)("by %s propagates", async (deletes) => {
    const world = await inStep(2, {}, {}, { deletes })
    world.system("a").remove("a1")
    await world.run()
    expect(emails(world, "b")).toEqual(["p1@x.com"])
    const before = world.writes()
    await world.run()
    await world.run({ full: true })
    expect(world.writes()).toEqual(before)
  })

  it.each([
    ["plain ids", {}],
    ["ids that change", MAILISH],
  ] as const)("by absence, confirmed by a lookup, propagates: %s", async (_, b) => {
    const world = await inStep(3, {}, { ...b, deletes: "absence" })
    world.system("b").remove(uidOf(world, "b", "p1@x.com"))
    await world.run()
    await world.run({ full: true })
    expect(emails(world, "a")).toEqual(["p0@x.com", "p2@x.com"])
  })

  it("leaves the item in place where on_delete is keep, and never matches it anew", async () => {
    const world = await inStep(2, { binding: { b: ["on_delete: keep"] } })
    world.system("a").remove("a1")
    await world.run()
    await world.run({ full: true })
    expect([emails(world, "a"), emails(world, "b")]).toEqual([["p1@x.com"], ["p0@x.com", "p1@x.com"]])
    world.system("b").edit(uidOf(world, "b", "p0@x.com"), { name: "still here" })
    await world.run()
    expect(emails(world, "a")).toEqual(["p1@x.com"])
  })

  it("marks the item where on_delete archives fields, once", async () => {
    const world = await inStep(2, { binding: { b: ["on_delete: { archive: { status: gone } }"] } })
    world.system("a").remove("a1")
    await world.run()
    expect(world.system("b").byEmail("p0@x.com")?.item["status"]).toBe("gone")
    const before = world.writes()
    await world.run({ full: true })
    expect(world.writes()).toEqual(before)
    expect(emails(world, "a")).toEqual(["p1@x.com"])
  })

  it("is no news where it is the echo of our own", async () => {
    const world = await inStep(2)
    world.system("a").remove("a1")
    await world.run()
    const journal = (await world.journal()).length
    await world.run()
    expect((await world.journal()).length).toBe(journal)
  })

  it("reaches a third system", async () => {
    const world = new World({ systems: { a: {}, b: {}, c: {} } })
    world.system("a").create({ email: "x@x.com" })
    await world.run()
    world.system("b").remove("b1")
    await world.run()
    expect([emails(world, "a"), emails(world, "c")]).toEqual([[], []])
  })
})

describe.each([
  ["a", "b"],
  ["b", "a"],
])("a delete in %s and an edit in %s", (one, other) => {
  it.each([
    ["review", true, true],
    ["edit_wins", true, true],
    ["delete_wins", false, false],
  ] as const)("ends as delete_vs_edit: %s says", async (rule, left, right) => {
    const world = await inStep(1, { deleteVsEdit: rule })
    world.system(one).remove(`${one}1`)
    world.system(other).edit(`${other}1`, { name: "edited" })
    world.wait()
    await world.run()
    await world.run()
    const reviews = await world.reviews()
    expect(reviews.map((review) => review.kind)).toEqual(rule === "review" ? ["delete_vs_edit"] : [])
    expect([emails(world, one).length === 1, emails(world, other).length === 1]).toEqual(rule === "review" ? [false, true] : [left, right])
    expect(
      world
        .system(other)
        .live()
        .map((row) => row.item["name"]),
    ).toEqual(right ? ["edited"] : [])
    expect(
      world
        .system(one)
        .live()
        .map((row) => row.item["name"]),
    ).toEqual(rule === "edit_wins" ? ["edited"] : [])
  })

  it.each(["keep", "delete"] as const)("in review is decided: %s", async (take) => {
    const world = await inStep(1)
    world.system(one).remove(`${one}1`)
    world.system(other).edit(`${other}1`, { name: "edited" })
    await world.run()
    const [review] = await world.reviews()
    await world.decide({ reviewId: review?.id ?? "", hash: review?.hash ?? "", choice: { take } })
    await world.run()
    await world.run()
    const names = take === "keep" ? ["edited"] : []
    expect(
      world
        .system("a")
        .live()
        .map((row) => row.item["name"]),
    ).toEqual(names)
    expect(
      world
        .system("b")
        .live()
        .map((row) => row.item["name"]),
    ).toEqual(names)
    expect(await world.reviews()).toEqual([])
  })
})

describe("a guard", () => {
  it("stops a pass before its first write, and what is allowed by hand goes through", async () => {
    const world = await inStep(20, { guards: "{ delete: { max: 3, percent: 0 } }" })
    for (let i = 1; i <= 8; i++) world.system("a").remove(`a${i}`)
    world.system("a").create({ email: "new@x.com" })
    const before = world.writes()
    const report = await world.run()
    expect([report.outcome, report.guards[0]?.guard, report.guards[0]?.count]).toEqual(["guard", "delete", 8])
    expect(world.writes()).toEqual(before)
    expect((await world.run()).outcome).toBe("guard")
    const allowed = await world.run({ allow: { delete: 8 } })
    expect(allowed.outcome).toBe("done")
    expect(emails(world, "b")).toHaveLength(13)
  })

  it("does not count what one pass deleted against the next", async () => {
    const world = await inStep(12, { guards: "{ delete: { max: 3, percent: 0 } }" })
    for (const range of [
      [1, 2, 3],
      [4, 5, 6],
    ]) {
      for (const i of range) world.system("a").remove(`a${i}`)
      expect((await world.run()).outcome).toBe("done")
    }
    expect(emails(world, "b")).toHaveLength(6)
  })
})

describe("what proves nothing deletes nothing", () => {
  const absent: Partial<Traits> = { deletes: "absence" }

  it("an empty page of a system that was full stops the pass", async () => {
    const world = await inStep(20, {}, absent)
    world.wire("b").onPage = (page) => ({ ...page, changes: [], total: 0, more: false })
    world.wire("b").onAnswers = (answers) => answers.map(() => ({ fault: { class: "notFound", message: "nothing here" } }))
    const report = await world.run({ full: true })
    expect(report.outcome).toBe("guard")
    expect(emails(world, "a")).toHaveLength(20)
  })

  it("half a snapshot, while lookups find the rest", async () => {
    const world = await inStep(20, {}, absent)
    world.wire("b").onPage = (page) => ({ ...page, changes: page.changes.slice(0, 10) })
    await world.run({ full: true })
    expect(emails(world, "a")).toHaveLength(20)
  })

  it("an outage that answers every lookup with not found", async () => {
    const world = await inStep(4, {}, absent)
    world.wire("b").onPage = (page) => ({ ...page, changes: page.changes.slice(0, 2) })
    world.wire("b").onAnswers = (answers) => answers.map(() => ({ fault: { class: "notFound", message: "nothing here" } }))
    await world.run({ full: true })
    expect(emails(world, "a")).toHaveLength(4)
    world.wire("b").onPage = (page) => page
    world.wire("b").onAnswers = (answers) => answers
    world.system("a").edit("a4", { name: "flows again" })
    await world.run({ full: true })
    await world.run()
    expect(world.system("b").byEmail("p3@x.com")?.item["name"]).toBe("flows again")
  })

  it.each([
    ["few enough to look up", 4],
    ["more than the guard lets through", 20],
  ])("a scan that shows nothing moves no cursor, and the next delta reads what was edited before it: %s", async (_, count) => {
    const world = await inStep(count, {}, absent)
    world.system("b").edit(uidOf(world, "b", "p1@x.com"), { name: "before the outage" })
    world.wire("b").onPage = (page) => ({ ...page, changes: [], more: false })
    world.wire("b").onAnswers = (answers) => answers.map(() => ({ fault: { class: "notFound", message: "nothing here" } }))
    await world.run({ full: true })
    world.wire("b").onPage = (page) => page
    world.wire("b").onAnswers = (answers) => answers
    world.wait()
    await world.run()
    expect(world.system("a").byEmail("p1@x.com")?.item["name"]).toBe("before the outage")
  })

  it("a scan that says it is not complete", async () => {
    const world = await inStep(4, {}, absent)
    world.system("b").remove("b1")
    world.wire("b").onPage = (page) => ({ ...page, complete: false })
    const report = await world.run({ full: true })
    expect(report.warnings.join()).toContain("not complete")
    expect(emails(world, "a")).toHaveLength(4)
  })

  it.each(["forbidden", "auth", "transient"] as const)("a pull that fails with %s", async (name) => {
    const world = await inStep(4, {}, absent)
    world.wire("b").outage = (call) => (call === "pull" ? { class: name, message: "no" } : null)
    const report = await world.run({ full: true })
    expect(report.outcome).toBe("unreachable")
    expect(emails(world, "a")).toHaveLength(4)
  })

  it("a lookup that fails while the snapshot lacks items", async () => {
    const world = await inStep(4, {}, absent)
    world.wire("b").onPage = (page) => ({ ...page, changes: page.changes.slice(0, 2) })
    world.wire("b").onAnswers = (answers) => answers.map(() => ({ fault: { class: "forbidden", message: "no" } }))
    await world.run({ full: true })
    expect(emails(world, "a")).toHaveLength(4)
  })

  it("an expired cursor: the full scan after it infers no delete", async () => {
    const world = await inStep(4, {}, absent)
    world.system("b").remove("b1")
    let expired = true
    world.wire("b").outage = (call) => {
      const now = expired && call === "pull"
      expired = expired && !now
      return now ? { class: "cursorExpired", message: "too old" } : null
    }
    const report = await world.run()
    expect(report.warnings.join()).toContain("expired")
    expect(emails(world, "a")).toHaveLength(4)
  })
})

it("an item that waits under an address outlives late news of whoever had that address before", async () => {
  const rules = [`{ check: 'record.name != "nobody"', message: nobody is no name, else: quarantine }`]
  const world = await inStep(1, { rules }, { ...MAILISH, deletes: "tombstone" })
  const shown: Change[] = []
  world.wire("b").onPage = (page) => {
    shown.push(...page.changes)
    return page
  }
  world.system("b").remove("b1")
  await world.run()
  world.wait()
  world.system("b").create({ email: "p0@x.com", name: "nobody" })
  await world.run()
  const waiting = await world.quarantined()
  expect(waiting).toHaveLength(1)
  world.wire("b").onPage = (page) => ({ ...page, changes: [...page.changes, ...shown.filter(({ kind }) => kind === "delete")] })
  await world.run()
  expect(await world.quarantined()).toEqual(waiting)
})
