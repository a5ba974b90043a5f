import { describe, expect, it } from "vitest"
import { World } from "../fake-system/world.ts"

/** One person in a, b (and c), and a dispute about the name between a and b. */
async function disputed(names: readonly string[] = ["a", "b"]): Promise<World> {
  const world = new World({ systems: Object.fromEntries(names.map((name) => [name, {}])), conflicts: { name: "review" } })
  world.system("a").create({ email: "x@x.com", name: "O", phone: "1" })
  await world.run()
  world.wait()
  world.system("a").edit("a1", { name: "A" })
  world.system("b").edit("b1", { name: "B" })
  world.wait()
  const report = await world.run()
  expect([report.outcome, report.reviewsOpened]).toEqual(["attention", 1])
  return world
}
const only = async (world: World) => {
  const [review, ...rest] = await world.reviews()
  if (review === undefined || rest.length > 0) throw new Error("not one review")
  return review
}

describe("a field under review", () => {
  it("is delivered nowhere while the other fields flow", async () => {
    const world = await disputed()
    world.system("a").edit("a1", { phone: "2" })
    world.system("b").edit("b1", { status: "on" })
    await world.run()
    expect([world.values("phone"), world.values("status")]).toEqual([
      { a: ["2"], b: ["2"] },
      { a: ["on"], b: ["on"] },
    ])
    expect(world.values("name")).toEqual({ a: ["A"], b: ["B"] })
    expect((await world.run()).outcome).toBe("done")
  })

  it("is free again when the incoming side returns to the base", async () => {
    const world = await disputed()
    world.wait()
    world.system("b").edit("b1", { name: "O" })
    const report = await world.run()
    expect([report.reviewsClosed, report.reviewsOpen]).toEqual([1, 0])
    expect(world.values("name")).toEqual({ a: ["A"], b: ["A"] })
  })

  it("is free again when the record's side returns to the base", async () => {
    const world = await disputed()
    world.wait()
    world.system("a").edit("a1", { name: "O" })
    await world.run()
    expect(world.values("name")).toEqual({ a: ["B"], b: ["B"] })
    expect(await world.reviews()).toEqual([])
    expect((await world.links()).map((link) => [link.binding, link.owed])).toEqual([
      ["a.people", {}],
      ["b.people", {}],
    ])
  })

  it("is free again when both come to agree", async () => {
    const world = await disputed()
    world.wait()
    world.system("a").edit("a1", { name: "S" })
    world.system("b").edit("b1", { name: "S" })
    await world.run()
    expect(world.values("name")).toEqual({ a: ["S"], b: ["S"] })
    expect(await world.reviews()).toEqual([])
  })

  it("is free again when one side takes the other's value", async () => {
    const world = await disputed()
    world.wait()
    world.system("b").edit("b1", { name: "A" })
    await world.run()
    expect([world.values("name"), (await world.reviews()).length]).toEqual([{ a: ["A"], b: ["A"] }, 0])
  })

  it("takes in a third system as a side", async () => {
    const world = await disputed(["a", "b", "c"])
    expect(world.values("name")).toEqual({ a: ["A"], b: ["B"], c: ["O"] })
    world.wait()
    world.system("c").edit("c1", { name: "C" })
    await world.run()
    const review = await only(world)
    expect(review.sides.map((side) => [side.system, side.value])).toEqual([
      ["a", "A"],
      ["b", "B"],
      ["c", "C"],
    ])
    await world.decide({ reviewId: review.id, hash: review.hash, choice: { take: "system", system: "c" } })
    await world.run()
    expect(world.values("name")).toEqual({ a: ["C"], b: ["C"], c: ["C"] })
  })

  it("ends with the one value that is left when two of three go back to the base, whoever is the last of them", async () => {
    const world = await disputed(["a", "b", "c"])
    world.wait()
    world.system("c").edit("c1", { name: "C" })
    await world.run()
    world.wait()
    world.system("a").edit("a1", { name: "O" })
    await world.run()
    expect((await only(world)).sides.map((side) => side.value)).toEqual(["O", "B", "C"])
    world.wait()
    world.system("c").edit("c1", { name: "O" })
    await world.run()
    expect([world.values("name"), await world.reviews()]).toEqual([{ a: ["B"], b: ["B"], c: ["B"] }, []])
  })

  it("stays under review while two of three sides are left", async () => {
    const world = await disputed(["a", "b", "c"])
    world.system("c").edit("c1", { name: "C" })
    await world.run()
    world.wait()
    world.system("b").edit("b1", { name: "O" })
    await world.run()
    expect((await only(world)).sides.map((side) => side.value)).toEqual(["A", "C"])
    world.wait()
    world.system("a").edit("a1", { name: "O" })
    await world.run()
    expect(await world.reviews()).toEqual([])
    expect(world.values("name")).toEqual({ a: ["C"], b: ["C"], c: ["C"] })
  })
})

describe("a decision", () => {
  it.each([
    [{ take: "system", system: "b" } as const, "B"],
    [{ take: "system", system: "a" } as const, "A"],
    [{ take: "value", value: "D" } as const, "D"],
  ])("is carried out once: %o", async (choice, result) => {
    const world = await disputed()
    const review = await only(world)
    await world.decide({ reviewId: review.id, hash: review.hash, choice })
    const report = await world.run()
    expect([report.reviewsClosed, report.reviewsOpen]).toEqual([1, 0])
    expect(world.values("name")).toEqual({ a: [result], b: [result] })
    world.wait()
    world.system("b").edit("b1", { name: "later" })
    await world.run()
    expect(world.values("name")).toEqual({ a: ["later"], b: ["later"] })
    expect(await world.effect(world.store.decisions())).toEqual([])
  })

  it("on values that moved since goes back to review", async () => {
    const world = await disputed()
    const review = await only(world)
    world.wait()
    world.system("b").edit("b1", { name: "B2" })
    await world.run()
    await world.decide({ reviewId: review.id, hash: review.hash, choice: { take: "system", system: "b" } })
    await world.run()
    expect(world.values("name")).toEqual({ a: ["A"], b: ["B2"] })
    const again = await only(world)
    expect(again.hash).not.toBe(review.hash)
    await world.decide({ reviewId: again.id, hash: again.hash, choice: { take: "system", system: "b" } })
    await world.run()
    expect(world.values("name")).toEqual({ a: ["B2"], b: ["B2"] })
  })

  it("that meets an edit made since opens the question anew, and neither value is swallowed", async () => {
    const world = await disputed()
    const review = await only(world)
    await world.decide({ reviewId: review.id, hash: review.hash, choice: { take: "value", value: "D" } })
    world.wait()
    world.system("b").edit("b1", { name: "B2" })
    await world.run()
    expect(world.values("name")).toEqual({ a: ["A"], b: ["B2"] })
    expect((await only(world)).sides.map((side) => side.value)).toEqual(["D", "B2"])
  })
})
