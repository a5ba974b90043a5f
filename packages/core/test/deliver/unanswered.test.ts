import { describe, expect, it } from "vitest"
import type { Fate } from "../fake-system/fake-connector.ts"
import { World } from "../fake-system/world.ts"
import { inStep, names, settle } from "./in-step.ts"

describe("before a call", () => {
  it("its intents are durable, one for each link", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    for (let i = 0; i < 5; i++) world.system("a").create({ email: `p${i}@x.com` })
    const open: string[][] = []
    world.wire("b").onPush = async (ops) => {
      const intents = await world.intents()
      open.push(intents.map((intent) => intent.id).sort())
      expect(open.at(-1)).toEqual(ops.map((op) => op.ref).sort())
      expect(new Set(intents.map((intent) => intent.linkId)).size).toBe(intents.length)
      expect(ops.map((op) => op.idempotencyKey).sort()).toEqual(intents.map((intent) => intent.idempotencyKey).sort())
    }
    await world.run()
    expect(open.map((ids) => ids.length)).toEqual([5])
    expect(await world.intents()).toEqual([])
  })
})

const idempotents = ["header", "naturalKey", "none"] as const
const lostFates: readonly Fate[] = ["lost", "dropped"]

describe.each(idempotents)("without an answer, idempotent: %s", (idempotent) => {
  it.each(lostFates)("a create that was %s leads to one item with the latest values", async (fate) => {
    for (const returnsItem of [true, false]) {
      const world = new World({ systems: { a: {}, b: { idempotent, unique: true, returnsItem } } })
      world.system("a").create({ email: "x@x.com", name: "X" })
      let first = true
      world.wire("b").fate = () => {
        const now = first ? fate : "answered"
        first = false
        return now
      }
      await world.run()
      world.system("a").edit("a1", { name: "X2" })
      await settle(world)
      expect([fate, returnsItem, names(world, "b"), await world.intents()]).toEqual([fate, returnsItem, ["X2"], []])
      expect(await world.reviews()).toEqual([])
      expect(names(world, "a")).toEqual(["X2"])
    }
  })

  it.each(lostFates)("an update that was %s arrives, and an edit made meanwhile there is not lost", async (fate) => {
    const world = await inStep({ idempotent })
    let first = true
    world.wire("b").fate = () => {
      const now = first ? fate : "answered"
      first = false
      return now
    }
    world.wire("b").afterPush = () => {
      world.system("b").edit("b1", { phone: "user" })
      world.wire("b").afterPush = () => undefined
    }
    world.system("a").edit("a1", { name: "X2" })
    await world.run()
    await settle(world)
    expect([world.values("name"), world.values("phone")]).toEqual([
      { a: ["X2"], b: ["X2"] },
      { a: ["user"], b: ["user"] },
    ])
    expect(await world.intents()).toEqual([])
  })

  it.each(lostFates)("a delete that was %s happens once", async (fate) => {
    const world = await inStep({ idempotent })
    let first = true
    world.wire("b").fate = () => {
      const now = first ? fate : "answered"
      first = false
      return now
    }
    world.system("a").remove("a1")
    await world.run()
    await settle(world)
    expect([names(world, "a"), names(world, "b"), await world.intents()]).toEqual([[], [], []])
  })

  it("an edit of the very field that was sent is not mistaken for it", async () => {
    const world = await inStep({ idempotent })
    let first = true
    world.wire("b").fate = () => {
      const now = first ? "lost" : "answered"
      first = false
      return now
    }
    world.wire("b").afterPush = () => {
      world.wait(5_000)
      world.system("b").edit("b1", { name: "user" })
      world.wire("b").afterPush = () => undefined
    }
    world.system("a").edit("a1", { name: "X2" })
    await world.run()
    await settle(world)
    expect(world.values("name")).toEqual({ a: ["user"], b: ["user"] })
  })
})

describe("a create without an answer", () => {
  it("at a system that can tell nobody goes to review and is never repeated", async () => {
    const world = new World({ systems: { a: {}, b: { idempotent: "none", keyLookup: false } } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    let first = true
    world.wire("b").fate = () => {
      const now = first ? "dropped" : "answered"
      first = false
      return now
    }
    const report = await world.run()
    await settle(world)
    expect([report.outcome, (await world.reviews()).map((review) => review.kind), names(world, "b")]).toEqual([
      "attention",
      ["unknown_write"],
      [],
    ])
    const [review] = await world.reviews()
    await world.decide({ reviewId: review?.id ?? "", hash: review?.hash ?? "", choice: { take: "retry" } })
    await world.run()
    expect([names(world, "b"), await world.reviews()]).toEqual([["X"], []])
  })

  it("stays open when another question about the same item is answered", async () => {
    const fields = { b: { status: "{ path: status, as: [{ map: { on: on, off: off } }] }" } }
    const world = new World({ systems: { a: {}, b: { idempotent: "none", keyLookup: false } }, fields })
    world.system("a").create({ email: "x@x.com", name: "X", status: "odd" })
    world.wire("b").fate = () => "dropped"
    await settle(world)
    const reviews = await world.reviews()
    expect(reviews.map((review) => review.kind).sort()).toEqual(["unachievable", "unknown_write"])
    const other = reviews.find((review) => review.kind === "unachievable")
    await world.decide({ reviewId: other?.id ?? "", hash: other?.hash ?? "", choice: { take: "retry" } })
    world.wire("b").fate = () => "answered"
    await settle(world)
    expect([names(world, "b"), (await world.intents()).length]).toEqual([[], 1])
    expect((await world.reviews()).map((review) => review.kind)).toContain("unknown_write")
  })

  it.each(["dropped", "late"] as const)(
    "at such a system, that is left alone by decision, is sent again by no edit (it is %s)",
    async (fate) => {
      const world = new World({ systems: { a: {}, b: { idempotent: "none", keyLookup: false } } })
      world.system("a").create({ email: "x@x.com", name: "X" })
      world.wire("b").fate = () => fate
      await world.run()
      const [review] = await world.reviews()
      await world.decide({ reviewId: review?.id ?? "", hash: review?.hash ?? "", choice: { take: "ignore" } })
      await settle(world)
      expect([names(world, "b"), await world.reviews(), await world.intents()]).toEqual([[], [], []])
      world.wire("b").fate = () => "answered"
      world.wait()
      world.system("a").edit("a1", { name: "X2" })
      await settle(world)
      const [held] = await world.quarantined()
      expect([names(world, "b"), held?.reason]).toEqual([[], expect.stringMatching(/^left alone by decision: it may have been made/)])
      // what was made is met like any other item; what was not is made once somebody says so
      if (fate === "late") world.wire("b").arrive()
      else
        await world.effect(
          world.store.decide({ kind: "retry", id: "d1", at: world.time, by: "ann", note: null, quarantineId: held?.id ?? "" }),
        )
      await settle(world)
      expect([names(world, "b"), await world.quarantined()]).toEqual([names(world, "a"), []])
    },
  )

  it("of a record that was deleted meanwhile, and that never happened, leaves nothing to be deleted", async () => {
    const world = new World({ systems: { a: {}, b: { idempotent: "none", keyLookup: false } } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    world.system("a").create({ email: "y@x.com", name: "Y" })
    let first = true
    world.wire("b").fate = () => {
      const now = first ? "dropped" : "answered"
      first = false
      return now
    }
    await world.run()
    world.system("a").remove("a1")
    await settle(world)
    const [review] = await world.reviews()
    expect(review?.kind).toBe("unknown_write")
    await world.decide({ reviewId: review?.id ?? "", hash: review?.hash ?? "", choice: { take: "retry" } })
    const before = world.writes()
    await settle(world)
    expect([world.writes(), await world.reviews(), names(world, "b")]).toEqual([before, [], ["Y"]])
  })

  it("at such a system, that did happen, is found by the next page and the question closes", async () => {
    const world = new World({ systems: { a: {}, b: { idempotent: "none", keyLookup: false } } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    let first = true
    world.wire("b").fate = () => {
      const now = first ? "lost" : "answered"
      first = false
      return now
    }
    await world.run()
    await settle(world)
    expect([names(world, "b"), names(world, "a"), await world.intents(), await world.reviews()]).toEqual([["X"], ["X"], [], []])
  })

  it("that takes effect late is waited for, not repeated", async () => {
    const world = new World({ systems: { a: {}, b: { idempotent: "none", horizonMs: 60_000 } } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    world.wire("b").fate = () => "late"
    await world.run()
    world.wire("b").fate = () => "answered"
    world.wait(20_000)
    await world.run()
    expect(names(world, "b")).toEqual([])
    world.wire("b").arrive()
    await settle(world)
    expect([names(world, "b"), await world.intents()]).toEqual([["X"], []])
  })

  it("keeps its address reserved while it is open, whatever the record's is by now", async () => {
    const world = new World({ systems: { a: {}, b: { idempotent: "none", horizonMs: 600_000, unique: true } } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    world.wire("b").fate = () => "late"
    await world.run()
    world.wire("b").fate = () => "answered"
    world.system("a").edit("a1", { email: "new@x.com" })
    await world.run()
    world.wire("b").arrive()
    // it shows in the feed before anybody looked it up
    world.wire("b").onAnswers = (answers) => answers.map(() => ({ fault: { class: "transient", message: "lookups are slow today" } }))
    await world.run()
    world.wire("b").onAnswers = (answers) => answers
    await settle(world, 8)
    expect([world.values("email"), await world.reviews()]).toEqual([{ a: ["new@x.com"], b: ["new@x.com"] }, []])
  })
})

describe("an update of a process that died", () => {
  it("is not judged before it can no longer arrive", async () => {
    const world = await inStep({ guard: "none", idempotent: "none", horizonMs: 60_000 })
    world.system("a").edit("a1", { name: "X2" })
    world.wire("b").fate = () => "late"
    // dies between call and settle
    const { commit } = world.store
    let calls = 0
    const dying = {
      ...world.store,
      commit: (...args: Parameters<typeof commit>) => {
        if (world.wire("b").pushed.length > 1 && ++calls > 0) throw new Error("the process dies here")
        return commit(...args)
      },
    }
    await expect(world.run({}, dying)).rejects.toThrow()
    world.wire("b").fate = () => "answered"
    world.system("a").edit("a1", { name: "X3" })
    await world.run()
    expect(world.values("name")["b"]).toEqual(["X"])
    world.wire("b").arrive()
    await settle(world)
    expect(world.values("name")).toEqual({ a: ["X3"], b: ["X3"] })
  })
})

describe("a delete that never arrived, of a record that lives again", () => {
  it("leaves an item whose stable name says that it was never away: what was typed there since is an edit", async () => {
    const b = { id: "derived", secondary: true, unique: true, guard: "none", idempotent: "none", horizonMs: 60_000 } as const
    const world = new World({ systems: { a: {}, b }, onMatch: "fill_blanks", conflicts: { note: "review" } })
    world.system("a").create({ email: "x@x.com", name: "X", note: "0" })
    await world.run()
    world.wait()
    world.system("a").remove("a1")
    world.wire("b").fate = () => "dropped"
    await world.run()
    expect((await world.intents()).map(({ kind }) => kind)).toEqual(["delete"])
    world.wire("b").fate = () => "answered"
    world.wait()
    world.system("a").restore("a1", { note: "A" })
    world.system("b").edit("b1", { note: "B" })
    await world.run()
    expect((await world.intents()).map(({ kind }) => kind)).toEqual(["delete"])
    world.wait(120_000)
    await settle(world, 3)
    expect((await world.reviews()).map(({ field, sides }) => [field, sides.map(({ value }) => value)])).toEqual([["note", ["A", "B"]]])
    expect(world.values("note")).toEqual({ a: ["A"], b: ["B"] })
  })
})

it.each(lostFates)("a delete that was %s is sent once more where nothing at all is found there: its own answer tells", async (fate) => {
  const world = await inStep({ deletes: "absence" })
  const { pushed } = world.wire("b")
  world.wire("b").fate = () => (pushed.filter(({ kind }) => kind === "delete").length > 1 ? "answered" : fate)
  world.wire("b").onAnswers = (answers) => answers.map(() => ({ fault: { class: "notFound", message: "no such item" } }))
  world.system("a").remove("a1")
  await world.run()
  await settle(world)
  expect([names(world, "b"), await world.intents(), pushed.filter(({ kind }) => kind === "delete").length]).toEqual([[], [], 2])
})
