// What becomes of an answer: kept with its note, given back when the values moved, replaced by a second one.
import { describe, expect, it } from "vitest"
import { explainRecord } from "../../src/journal/explain.ts"
import { World } from "../fake-system/world.ts"

async function disputed(more: Partial<ConstructorParameters<typeof World>[0]> = {}): Promise<World> {
  const world = new World({ systems: { a: {}, b: {} }, conflicts: { name: "review" }, ...more })
  world.system("a").create({ email: "x@x.com", name: "O" })
  await world.run()
  world.wait()
  world.system("a").edit("a1", { name: "A" })
  world.wait()
  world.system("b").edit("b1", { name: "B" })
  await world.run()
  return world
}
const only = async (world: World) => {
  const [review, ...rest] = await world.reviews()
  if (review === undefined || rest.length > 0) throw new Error("not one review")
  return review
}
const closed = (world: World) => world.effect(world.store.reviews({ status: "closed", limit: 10 }))

describe("an answer", () => {
  it("is kept on the question with its note, and both are in the journal", async () => {
    const world = await disputed()
    const { id, hash } = await only(world)
    const choice = { take: "system", system: "b" } as const
    await world.effect(
      world.store.decide({ kind: "resolve", id: "d1", at: world.time, by: "ann", note: "she rang", reviewId: id, hash, choice }),
    )
    expect((await world.run()).outcome).toBe("done")
    expect((await closed(world))[0]).toMatchObject({
      resolution: 'ann: "B", as in b (she rang)',
      answer: { by: "ann", note: "she rang", choice },
    })
    expect((await world.journal()).filter((row) => row.kind === "review_resolved").map((row) => row.note)).toEqual([
      `${id}: ann: "B", as in b (she rang)`,
    ])
    expect(world.values("name")).toEqual({ a: ["B"], b: ["B"] })
    const [record] = await world.records()
    const explained = await world.effect(explainRecord(world.store, world.engine.pipeline, record?.id ?? "", "name"))
    const told = explained?.fields[0]?.history.find((row) => row.kind === "review_resolved")
    expect(told?.changes).toMatchObject([{ before: "A", after: "B", lost: "A", lostBy: { system: "a" }, rule: "ann: decided (she rang)" }])
  })

  it("on values that moved is given back, and the question says so until it is settled", async () => {
    const world = await disputed()
    const { id, hash } = await only(world)
    world.wait()
    world.system("b").edit("b1", { name: "C" })
    await world.run()
    await world.decide({ reviewId: id, hash, choice: { take: "system", system: "b" } })
    expect((await world.run()).outcome).toBe("attention")
    const again = await only(world)
    expect(again.returned).toMatchObject({ by: "ann", why: "was made on values that have moved since" })
    expect(world.values("name")).toEqual({ a: ["A"], b: ["C"] })
    expect((await world.run()).outcome).toBe("done")
    await world.decide({ reviewId: id, hash: again.hash, choice: { take: "system", system: "a" } })
    await world.run()
    expect(world.values("name")).toEqual({ a: ["A"], b: ["A"] })
  })

  it("that does not fit the question is given back as well, rather than lost", async () => {
    const world = await disputed()
    const { id, hash } = await only(world)
    await world.decide({ reviewId: id, hash, choice: { take: "retry" } })
    expect((await world.run()).outcome).toBe("attention")
    expect((await only(world)).returned?.why).toBe("does not fit any more")
  })

  it("that the schema or a rule refuses is given back with the reason, and nothing is written", async () => {
    const world = await disputed({ rules: [`{ check: 'record.name != "B"', message: nobody is called B, else: quarantine }`] })
    const { id, hash } = await only(world)
    for (const [choice, why] of [
      [{ take: "system", system: "b" }, /nobody is called B$/],
      [{ take: "value", value: 7 }, /"name" must be/],
    ] as const) {
      await world.decide({ reviewId: id, hash, choice })
      expect((await world.run()).outcome).toBe("attention")
      expect((await only(world)).returned?.why).toMatch(why)
      expect(world.values("name")).toEqual({ a: ["A"], b: ["B"] })
    }
    await world.decide({ reviewId: id, hash, choice: { take: "value", value: "C" } })
    await world.run()
    expect(world.values("name")).toEqual({ a: ["C"], b: ["C"] })
  })

  it("is replaced by a second one to the same question", async () => {
    const world = await disputed()
    const { id, hash } = await only(world)
    await world.decide({ reviewId: id, hash, choice: { take: "system", system: "a" } })
    world.wait()
    await world.decide({ reviewId: id, hash, choice: { take: "system", system: "b" } })
    expect((await world.run()).reviewsClosed).toBe(1)
    expect(world.values("name")).toEqual({ a: ["B"], b: ["B"] })
    expect(await world.effect(world.store.decisions())).toEqual([])
  })
})
