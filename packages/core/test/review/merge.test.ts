// Two records turn out to be one person: links are re-pointed, and nothing is deleted or made anew anywhere.
import { describe, expect, it } from "vitest"
import { Draft } from "../../src/integrate/draft.ts"
import { integrateMerge } from "../../src/integrate/tombstone.ts"
import { settleMerge } from "../../src/review/merge-duplicates.ts"
import { verifyAll } from "../../src/run/index.ts"
import type { Review } from "../../src/model/review.ts"
import { World, type WorldSpec } from "../fake-system/world.ts"

const KEYS = { match: "[[email], [phone]]", binding: { a: ["create: false"], b: ["create: false"], c: ["create: false"] } } as const

/** One person as two records, `a1` and `b1`, and an item in c with an address of the one and a phone of the other. */
async function doubled(spec: Partial<WorldSpec> = {}): Promise<{ world: World; review: Review }> {
  const world = new World({ systems: { a: {}, b: {}, c: {} }, ...KEYS, ...spec })
  world.system("a").create({ email: "x@x.com", phone: "1", name: "X", tags: ["p"] })
  world.system("b").create({ email: "y@x.com", phone: "2", name: "Y", note: "n", tags: ["q"] })
  world.wait()
  world.system("c").create({ email: "x@x.com", phone: "2", name: "Z" })
  await world.run()
  const [review] = await world.reviews()
  if (review?.kind !== "ambiguous") throw new Error("no ambiguous item")
  return { world, review }
}
const recordOf = async (world: World, name: string): Promise<string> =>
  (await world.records()).find((record) => record.fields["name"] === name)?.id ?? ""
const merge = async (world: World, review: Review, into: string): Promise<void> =>
  world.decide({ reviewId: review.id, hash: review.hash, choice: { take: "merge", into } })
const kinds = (world: World): readonly string[] => [
  ...new Set(
    Object.values(world.writes())
      .flat()
      .map((text) => text.split(" ")[0] ?? ""),
  ),
]

describe("a merge of duplicates", () => {
  it.each(["X", "Y"])("leaves one record, whichever survives (%s), with every item linked to it", async (name) => {
    const { world, review } = await doubled({ conflicts: { tags: "union" } })
    const into = await recordOf(world, name)
    await merge(world, review, into)
    await world.run()
    await world.run({ full: true })
    expect(await world.reviews()).toEqual([])
    expect((await world.records()).map((record) => record.id)).toEqual([into])
    expect((await world.links()).map((link) => [link.binding, link.remoteId, link.owed]).sort()).toEqual([
      ["a.people", "a1", {}],
      ["b.people", "b1", {}],
      ["c.people", "c1", {}],
    ])
    expect(kinds(world)).toEqual(["update"])
    expect(world.values("note")).toEqual({ a: ["n"], b: ["n"], c: ["n"] })
    // a set has no order: whoever has them all is not written
    for (const [tags] of Object.values(world.values("tags"))) expect(Array.isArray(tags) && tags.toSorted()).toEqual(["p", "q"])
    const before = JSON.stringify(world.writes())
    await world.run({ full: true })
    expect(JSON.stringify(world.writes())).toBe(before)
  })

  it("tells all of it in the journal, every value that lost included", async () => {
    const { world, review } = await doubled()
    await merge(world, review, await recordOf(world, "X"))
    await world.run()
    const rows = (await world.journal()).filter((row) => row.kind === "merged")
    expect(rows.map((row) => row.note)).toContainEqual(expect.stringMatching(/^re-pointed from rec_/))
    const lost = rows.flatMap((row) => row.changes).filter((change) => change.lost !== undefined)
    expect(lost.map((change) => change.field).sort()).toEqual(expect.arrayContaining(["email", "name", "phone"]))
    const closed = await world.effect(world.store.reviews({ status: "closed", limit: 10 }))
    expect(closed.find((each) => each.id === review.id)?.resolution).toMatch(
      /merged into rec_\d+, b.people b1 re-pointed, c.people c1 linked/,
    )
  })

  it("leaves a second item in one binding alone: it is not written, not deleted and not matched anew", async () => {
    const world = new World({ systems: { a: {}, b: {} }, match: "[[email], [phone]]", binding: { b: ["create: false"] } })
    world.system("a").create({ email: "x@x.com", phone: "1", name: "X" })
    world.system("a").create({ email: "y@x.com", phone: "2", name: "Y" })
    world.system("b").create({ email: "x@x.com", phone: "2", name: "?" })
    await world.run()
    const [review] = await world.reviews()
    if (review === undefined) throw new Error("nothing is asked")
    await merge(world, review, await recordOf(world, "X"))
    await world.run()
    world.wait()
    world.system("a").edit("a2", { name: "Y2", email: "x@x.com" })
    await world.run()
    await world.run({ full: true })
    expect(await world.reviews()).toEqual([])
    expect((await world.records()).length).toBe(1)
    expect(world.system("a").row("a2").item).toMatchObject({ name: "Y2", email: "x@x.com", phone: "2" })
    expect([world.system("a").live().length, world.system("b").live().length]).toEqual([2, 1])
    expect(kinds(world).filter((kind) => kind !== "update")).toEqual([])
    // and when it goes, that is nobody's delete
    world.system("a").remove("a2")
    await world.run({ full: true })
    expect([world.system("a").live().length, world.system("b").live().length]).toEqual([1, 1])
  })

  it("is no difference to a full comparison afterwards, the item that is left alone included", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "one" })
    world.system("a").create({ email: "x@x.com", name: "two" })
    await world.run()
    const [review] = await world.reviews()
    if (review === undefined) throw new Error("nothing is asked")
    await merge(world, review, review.candidates[0] ?? "")
    await world.run()
    const { differences, causes } = await world.effect(verifyAll({ ...world.engine, store: world.store }))
    expect([differences, causes]).toEqual([[], {}])
  })

  it("that a system made itself joins the two records, and the items of the one that went are the other's", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    world.system("b").create({ email: "y@x.com", name: "Y" })
    await world.run()
    const [link] = (await world.links()).filter((each) => each.binding === "a.people" && each.remoteId !== "a1")
    const survivor = (await world.links()).find((each) => each.remoteId === "a1")
    const entity = world.engine.pipeline.entities[0]
    const binding = entity?.bindings[0]
    if (link === undefined || survivor === undefined || entity === undefined || binding === undefined) throw new Error("not linked")
    const draft = new Draft(
      { entity, run: "r", now: world.time, nextId: (prefix) => `${prefix}_t`, clocks: { offset: () => null, resolutionMs: () => 1 } },
      await world.effect(world.store.loadRecords([link.recordId, survivor.recordId])),
    )
    integrateMerge(draft, binding, { kind: "merge", id: link.remoteId ?? "", into: "a1" })
    const [asked] = draft.openReviews()
    if (asked === undefined) throw new Error("nothing is asked")
    expect(settleMerge(draft, asked, survivor.recordId)).toMatch(/^merged into rec_\d+, b.people b\d+ left alone$/)
    expect(draft.record(link.recordId).deleted?.proof).toBe(`merged into ${survivor.recordId}`)
    expect(draft.changes().links.filter((each) => each.owes !== null)).toEqual([])
  })

  it("of a parked duplicate fills blanks from it, lets an opt-out win, and leaves it where it is", async () => {
    const world = new World({ systems: { a: {}, b: {} }, conflicts: { status: "{ strictest: [off, on] }" } })
    world.system("a").create({ email: "x@x.com", name: "one", status: "on" })
    await world.run()
    world.wait()
    world.system("a").create({ email: "x@x.com", name: "two", status: "off", phone: "7" })
    await world.run()
    const [review] = await world.reviews()
    if (review?.kind !== "duplicate") throw new Error("no duplicate")
    await merge(world, review, review.candidates[0] ?? "")
    await world.run()
    await world.run({ full: true })
    expect(await world.reviews()).toEqual([])
    expect([world.values("name"), world.values("status"), world.values("phone")]).toEqual([
      { a: ["one", "two"], b: ["one"] },
      { a: ["off", "off"], b: ["off"] },
      { a: ["7", "7"], b: ["7"] },
    ])
  })

  it("asks about a field that only a person decides, between the record and the items that came", async () => {
    const { world, review } = await doubled({ onMatch: "review" })
    await merge(world, review, await recordOf(world, "X"))
    await world.run()
    const asked = await world.reviews()
    expect(asked.map((each) => [each.kind, each.field]).sort()).toEqual([
      ["conflict", "email"],
      ["conflict", "name"],
      ["conflict", "phone"],
      ["conflict", "tags"],
    ])
    for (const each of asked) await world.decide({ reviewId: each.id, hash: each.hash, choice: { take: "system", system: "b" } })
    await world.run()
    await world.run({ full: true })
    expect([await world.reviews(), world.values("name")]).toEqual([[], { a: ["Y"], b: ["Y"], c: ["Y"] }])
  })

  it.each(["X", "Y"])("keeps what was in question before, of either record, in question (%s survives)", async (name) => {
    const { world, review } = await doubled({
      systems: { a: {}, b: {}, c: {}, d: {} },
      binding: { ...KEYS.binding, d: ["create: true"] },
      conflicts: { status: "review" },
    })
    for (const [home, away, email] of [
      ["a", "da", "x@x.com"],
      ["b", "db", "y@x.com"],
    ] as const) {
      const uid = world.system("d").byEmail(email)?.uid ?? ""
      world.system(home).edit(`${home}1`, { status: home })
      world.system("d").edit(uid, { status: away })
    }
    await world.run()
    expect((await world.reviews()).filter((each) => each.kind === "conflict").length).toBe(2)
    await merge(world, review, await recordOf(world, name))
    await world.run()
    const [asked, ...more] = (await world.reviews()).filter((each) => each.field === "status")
    expect(more).toEqual([])
    expect(asked?.sides.map((side) => side.value).sort()).toEqual(name === "X" ? ["a", "b", "da"] : ["a", "b", "db"])
    expect([world.system("a").row("a1").item["status"], world.system("b").row("b1").item["status"]]).toEqual(["a", "b"])
    await world.decide({ reviewId: asked?.id ?? "", hash: asked?.hash ?? "", choice: { take: "value", value: "z" } })
    await world.run()
    expect([world.system("a").row("a1").item["status"], world.system("b").row("b1").item["status"]]).toEqual(["z", "z"])
    expect((await world.reviews()).filter((each) => each.field === "status")).toEqual([])
  })

  it("is not undone by an item that went before it and comes back", async () => {
    const { world, review } = await doubled()
    world.system("b").remove("b1")
    // gone there while its record lives on: kept as a tombstone of the record that ends
    const loser = await recordOf(world, "Y")
    const into = await recordOf(world, "X")
    await merge(world, review, into)
    await world.run()
    world.system("b").restore("b1")
    await world.run({ full: true })
    await world.run({ full: true })
    expect((await world.effect(world.store.loadRecords([loser]))).records[0]?.deleted).not.toBeNull()
    expect([world.system("a").live().length, world.system("c").live().length].every((count) => count <= 1)).toBe(true)
  })

  it("is refused with its reason where the two would not be valid together, and changes nothing", async () => {
    const { world, review } = await doubled({
      rules: [`{ check: 'record.note != "n" || record.name != "X"', message: X takes no notes, else: quarantine }`],
      onMatch: "fill_blanks",
    })
    await merge(world, review, await recordOf(world, "X"))
    expect((await world.run()).outcome).toBe("attention")
    expect((await world.reviews())[0]?.returned?.why).toMatch(/would not be valid: X takes no notes/)
    expect((await world.records()).length).toBe(2)
  })
})
