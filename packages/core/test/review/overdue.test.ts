// Questions that nobody answers: people are reminded, and in the end the pipeline may answer.
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { overdueOf } from "../../src/review/overdue.ts"
import { World } from "../fake-system/world.ts"

const DAY = 86_400_000

/** A conflict about the name, `b` being the later. */
async function disputed(reviews: string, lastEdit: number = 10_000, rules: readonly string[] = []): Promise<World> {
  const world = new World({ systems: { a: {}, b: {} }, conflicts: { name: "review" }, reviews, ...(rules.length > 0 && { rules }) })
  world.system("a").create({ email: "x@x.com", name: "O" })
  await world.run()
  world.wait()
  world.system("a").edit("a1", { name: "A" })
  world.wait(lastEdit)
  world.system("b").edit("b1", { name: "B" })
  await world.run()
  return world
}
const told = async (world: World) => {
  const { outcome, reviewsOverdue, overdueNow } = await world.run()
  return [outcome, reviewsOverdue, overdueNow]
}

describe("a reminder", () => {
  it("makes a run need attention once each time the span has passed, and the question counts as overdue from then on", async () => {
    const world = await disputed("{ remind: 7d }")
    expect(await told(world)).toEqual(["done", 0, 0])
    world.wait(7 * DAY)
    expect(await told(world)).toEqual(["attention", 1, 1])
    expect(await told(world)).toEqual(["done", 1, 0])
    world.wait(5 * DAY)
    expect(await told(world)).toEqual(["done", 1, 0])
    world.wait(2 * DAY)
    expect(await told(world)).toEqual(["attention", 1, 1])
  })

  it("is told once for each span, however often a pass runs", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 40 }), (span, steps) => {
        let toldAt: number | null = null
        let at = 0
        let count = 0
        let longest = 0
        for (const step of steps) {
          at += step
          longest = Math.max(longest, step)
          count += overdueOf([{ openedAt: 0 }], span, toldAt, at).now
          toldAt = at
        }
        const spans = Math.floor(at / span)
        expect(count).toBeLessThanOrEqual(spans)
        // never missed where nobody looked away for longer than a span
        expect(count).toBeGreaterThanOrEqual(longest <= span ? spans : 0)
      }),
    )
  })
})

describe("expiry", () => {
  it.each([
    ["newest", "B"],
    ["{ prefer: a }", "A"],
  ])("takes what the pipeline says (%s), by the same inbox as a person, and the journal says who", async (take, name) => {
    const world = await disputed(`{ expire: { after: 30d, take: ${take} } }`)
    world.wait(29 * DAY)
    await world.run()
    expect((await world.reviews()).length).toBe(1)
    world.wait(DAY)
    expect((await world.run()).reviewsClosed).toBe(1)
    expect(world.values("name")).toEqual({ a: [name], b: [name] })
    const row = (await world.journal()).find((each) => each.kind === "review_resolved")
    expect(row?.note).toMatch(/expiry: "[AB]" \(open for 30 days, /)
    expect(await world.effect(world.store.decisions())).toEqual([])
  })

  it("leaves open what times cannot tell, and what a person has answered to that person", async () => {
    const unclear = await disputed("{ expire: { after: 1d, take: newest } }", 0)
    unclear.wait(2 * DAY)
    await unclear.run()
    expect((await unclear.reviews()).length).toBe(1)
    const answered = await disputed("{ expire: { after: 1d, take: newest } }")
    const [review] = await answered.reviews()
    answered.wait(2 * DAY)
    await answered.decide({ reviewId: review?.id ?? "", hash: review?.hash ?? "", choice: { take: "system", system: "a" } })
    await answered.run()
    expect(answered.values("name")).toEqual({ a: ["A"], b: ["A"] })
  })

  it("leaves open what a rule refuses, and does not try it again and again", async () => {
    const world = await disputed("{ expire: { after: 1d, take: newest } }", 10_000, [
      `{ check: 'record.name != "B"', message: nobody is called B, else: quarantine }`,
    ])
    world.wait(2 * DAY)
    for (const _ of [1, 2, 3]) await world.run()
    expect((await world.reviews()).map(({ returned }) => returned?.why)).toEqual(["cannot be carried out: nobody is called B"])
    expect((await world.journal()).filter(({ kind }) => kind === "review_opened").length).toBe(2)
  })

  it("never decides a question that is no conflict", async () => {
    const world = new World({ systems: { a: {}, b: {} }, reviews: "{ expire: { after: 1d, take: newest } }" })
    world.system("a").create({ email: "x@x.com", name: "one" })
    world.system("a").create({ email: "x@x.com", name: "two" })
    await world.run()
    world.wait(9 * DAY)
    await world.run()
    expect((await world.reviews()).map((review) => review.kind)).toEqual(["duplicate"])
  })

  it("shows in a plan as the writes it would cause, and leaves no answer behind", async () => {
    const world = await disputed("{ expire: { after: 1d, take: newest } }")
    world.wait(2 * DAY)
    expect((await world.plan()).writes.map((write) => write.changes.map((change) => change.after))).toEqual([["B"]])
    expect(await world.effect(world.store.decisions())).toEqual([])
  })
})
