import { describe, expect, it } from "vitest"
import type { Fate } from "../fake-system/fake-connector.ts"
import { MAILISH, type Traits } from "../fake-system/traits.ts"
import { World, type WorldSpec } from "../fake-system/world.ts"

async function inStep(b: Partial<Traits> = {}, spec: Partial<WorldSpec> = {}): Promise<World> {
  const world = new World({ systems: { a: {}, b }, ...spec })
  world.system("a").create({ email: "x@x.com", name: "X", phone: "1" })
  await world.run()
  world.wait()
  return world
}

const names = (world: World, system: string) =>
  world
    .system(system)
    .live()
    .map((row) => row.item["name"])

/** Passes until nothing changes any more, with time for every deadline in between. */
async function settle(world: World, passes = 4): Promise<void> {
  for (let i = 0; i < passes; i++) {
    world.wait(120_000)
    await world.run()
  }
}

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

describe("a stale version", () => {
  it("is looked up, merged and planned anew: nothing is lost on either side", async () => {
    const world = await inStep()
    world.wire("b").onPush = () => {
      world.system("b").edit("b1", { phone: "user" })
      world.wire("b").onPush = () => undefined
    }
    world.system("a").edit("a1", { name: "X2" })
    const report = await world.run()
    expect(report.outcome).toBe("done")
    expect([world.values("name"), world.values("phone")]).toEqual([
      { a: ["X2"], b: ["X2"] },
      { a: ["user"], b: ["user"] },
    ])
  })

  it("of the same field is a conflict by the ordinary rules", async () => {
    const world = await inStep({}, { conflicts: { name: "review" } })
    world.wire("b").onPush = () => {
      world.system("b").edit("b1", { name: "user" })
      world.wire("b").onPush = () => undefined
    }
    world.system("a").edit("a1", { name: "X2" })
    await world.run()
    expect([world.values("name"), (await world.reviews()).length]).toEqual([{ a: ["X2"], b: ["user"] }, 1])
  })

  it("before a delete: the edit is not deleted unseen", async () => {
    const world = await inStep()
    world.wire("b").onPush = () => {
      world.system("b").edit("b1", { name: "user" })
      world.wire("b").onPush = () => undefined
    }
    world.system("a").remove("a1")
    await world.run()
    expect([names(world, "b"), (await world.reviews()).map((review) => review.kind)]).toEqual([["user"], ["delete_vs_edit"]])
  })

  it("that never ends does not keep a pass busy for ever", async () => {
    const world = await inStep()
    let n = 0
    world.wire("b").onPush = () => world.system("b").edit("b1", { phone: `${++n}` })
    world.system("a").edit("a1", { name: "X2" })
    await world.run()
    expect(n).toBeLessThan(20)
    world.wire("b").onPush = () => undefined
    await settle(world)
    expect(world.values("name")).toEqual({ a: ["X2"], b: ["X2"] })
    expect(world.values("phone")).toEqual({ a: [`${n}`], b: [`${n}`] })
  })
})

describe("an answer", () => {
  it("that holds a user's edit of another field does not swallow it", async () => {
    for (const b of [{ guard: "none" as const }, { ...MAILISH }]) {
      const world = await inStep(b)
      world.wire("b").onPush = () => {
        world.system("b").edit("b1", { phone: "user" })
        world.wire("b").onPush = () => undefined
      }
      world.system("a").edit("a1", { name: "X2" })
      await world.run()
      await world.run()
      expect([world.values("name"), world.values("phone")]).toEqual([
        { a: ["X2"], b: ["X2"] },
        { a: ["user"], b: ["user"] },
      ])
    }
  })

  it("read back after a user edited the very field does not swallow it, for updates and creates", async () => {
    for (const kind of ["update", "create"] as const) {
      const world = kind === "update" ? await inStep({ returnsItem: false }) : new World({ systems: { a: {}, b: { returnsItem: false } } })
      if (kind === "create") world.system("a").create({ email: "x@x.com", name: "X2" })
      else world.system("a").edit("a1", { name: "X2" })
      world.wire("b").afterPush = () => {
        world.wait(5_000)
        world.system("b").edit("b1", { name: "user" })
        world.wire("b").afterPush = () => undefined
      }
      await world.run()
      await settle(world)
      expect([kind, world.values("name")]).toEqual([kind, { a: ["user"], b: ["user"] }])
    }
  })

  it("that was rewritten as declared is no edit", async () => {
    for (const returnsItem of [true, false]) {
      const world = new World({ systems: { a: {}, b: { returnsItem, normalises: { name: ["upper"], email: ["lower"] } } } })
      world.system("a").create({ email: "x@x.com", name: "Ann" })
      await world.run()
      await settle(world)
      expect(world.values("name")).toEqual({ a: ["Ann"], b: ["ANN"] })
      world.system("a").edit("a1", { name: "Anne" })
      await settle(world)
      expect(world.values("name")).toEqual({ a: ["Anne"], b: ["ANNE"] })
      expect(world.system("b").written).toHaveLength(2)
    }
  })

  it("that was rewritten without a word is no edit where it is the answer to the write itself", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("b").rewrites = (item) => ({ ...item, ...(item["name"] === undefined ? {} : { name: `~${String(item["name"])}` }) })
    world.system("a").create({ email: "x@x.com", name: "Ann" })
    await world.run()
    await settle(world)
    expect(world.values("name")).toEqual({ a: ["Ann"], b: ["~Ann"] })
    expect(world.system("b").written).toHaveLength(1)
  })
})

describe("a refusal", () => {
  it("of one field sends the rest, holds that field, and passes when it is edited", async () => {
    const world = await inStep()
    world.system("b").refuses = (item) => (item["phone"] === "bad" ? { phone: "not a number" } : null)
    world.system("a").edit("a1", { phone: "bad", name: "X2" })
    const report = await world.run()
    expect([report.outcome, world.values("name")["b"], world.values("phone")["b"]]).toEqual(["attention", ["X2"], ["1"]])
    expect((await world.quarantined()).map((entry) => [entry.field, entry.direction, entry.reason])).toEqual([
      ["phone", "out", "not a number"],
    ])
    const pushed = world.wire("b").pushed.length
    await settle(world)
    expect(world.wire("b").pushed.length).toBe(pushed)
    world.system("a").edit("a1", { phone: "2" })
    await world.run()
    expect([world.values("phone")["b"], await world.quarantined()]).toEqual([["2"], []])
  })

  it("that is taken back by its author leaves no quarantine behind", async () => {
    const world = await inStep()
    world.system("b").refuses = (item) => (item["phone"] === "bad" ? { phone: "not a number" } : null)
    world.system("a").edit("a1", { phone: "bad" })
    await world.run()
    world.wait()
    world.system("a").edit("a1", { phone: "1" })
    await settle(world)
    expect([world.values("phone"), await world.quarantined()]).toEqual([{ a: ["1"], b: ["1"] }, []])
  })

  it("of a whole item is not repeated by passes, pages or full scans, and is on request", async () => {
    const world = new World({ systems: { a: {}, b: { overlap: 5 } } })
    world.system("b").refuses = () => ({})
    world.system("a").create({ email: "x@x.com", name: "X" })
    await world.run()
    await settle(world)
    await world.run({ full: true })
    expect([world.wire("b").pushed.length, (await world.quarantined()).length]).toEqual([1, 1])
    world.system("b").refuses = () => null
    const [entry] = await world.quarantined()
    await world.effect(
      world.store.decide({ kind: "retry", quarantineId: entry?.id ?? "", id: "dec_x", at: world.time, by: "ann", note: null }),
    )
    await world.run()
    expect([names(world, "b"), await world.quarantined()]).toEqual([["X"], []])
  })

  it("of an update of a whole item is not repeated by overlapping pages", async () => {
    const world = await inStep({ overlap: 5 })
    world.system("b").refuses = () => ({})
    world.system("a").edit("a1", { name: "X2" })
    await world.run()
    const pushed = world.wire("b").pushed.length
    await settle(world)
    await world.run({ full: true })
    expect([world.wire("b").pushed.length, (await world.quarantined()).length]).toEqual([pushed, 1])
  })
})

describe("a value that cannot be written so that it reads back as meant", () => {
  const spec: Partial<WorldSpec> = { fields: { b: { status: "{ path: status, as: [{ map: { on: on, off: off } }] }" } } }
  it("is asked about, the rest flows, and another value frees it", async () => {
    const world = await inStep({}, spec)
    world.system("a").edit("a1", { status: "odd", name: "X2" })
    await world.run()
    await world.run()
    expect([(await world.reviews()).map((review) => review.kind), world.values("name")["b"]]).toEqual([["unachievable"], ["X2"]])
    world.wait()
    world.system("a").edit("a1", { status: "on" })
    await settle(world)
    expect([world.values("status")["b"], await world.reviews()]).toEqual([["on"], []])
  })
})

describe("a value that is taken", () => {
  it("by an item of nobody is adopted on a create, and the two meet", async () => {
    const world = new World({ systems: { a: {}, b: { unique: true } } })
    const hide = { on: true }
    world.wire("b").onPage = (page) => (hide.on ? { ...page, changes: [] } : page)
    world.system("b").create({ email: "x@x.com", name: null, phone: "7" })
    world.wait()
    world.system("a").create({ email: "x@x.com", name: "X" })
    await world.run()
    hide.on = false
    await settle(world)
    expect([world.values("name"), world.values("phone")]).toEqual([
      { a: ["X"], b: ["X"] },
      { a: ["7"], b: ["7"] },
    ])
    expect(world.system("b").live()).toHaveLength(1)
  })

  it("by another record goes to a person, alone, and another value frees it", async () => {
    const world = new World({ systems: { a: {}, b: { unique: true } }, match: "[[phone]]" })
    world.system("a").create({ email: "x@x.com", phone: "1", name: "X" })
    world.system("a").create({ email: "y@x.com", phone: "2", name: "Y" })
    await world.run()
    world.wait()
    world.system("a").edit("a2", { email: "x@x.com", name: "Y2" })
    await settle(world)
    expect([(await world.reviews()).map((review) => [review.kind, review.field]), names(world, "b")]).toEqual([
      [["unique_clash", "email"]],
      ["X", "Y2"],
    ])
    world.system("a").edit("a2", { email: "z@x.com" })
    await settle(world)
    expect([await world.reviews(), world.values("email")["b"]]).toEqual([[], ["x@x.com", "z@x.com"]])
  })

  it("by a record that is giving it up waits for that", async () => {
    const world = new World({ systems: { a: {}, b: { unique: true } } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    world.system("a").create({ email: "y@x.com", name: "Y" })
    await world.run()
    world.wait()
    world.system("a").edit("a1", { email: "z@x.com" })
    world.system("a").edit("a2", { email: "x@x.com" })
    await settle(world)
    expect([world.values("email"), await world.reviews()]).toEqual([{ a: ["z@x.com", "x@x.com"], b: ["z@x.com", "x@x.com"] }, []])
  })

  it("by a record that was deleted is taken over, and nobody is lost", async () => {
    const world = new World({ systems: { a: {}, b: { unique: true } } })
    world.system("a").create({ email: "x@x.com", name: "old" })
    await world.run()
    world.wait()
    world.system("a").remove("a1")
    world.system("a").create({ email: "x@x.com", name: "new" })
    await settle(world)
    expect([names(world, "a"), names(world, "b"), await world.reviews()]).toEqual([["new"], ["new"], []])
  })
})

describe("the same value written again later", () => {
  it("is a new request, though the system remembers keys and has no versions", async () => {
    const world = await inStep({ version: "none", perField: false, guard: "none" })
    for (const name of ["one", "two", "one", "two"]) {
      world.wait()
      world.system("a").edit("a1", { name })
      await world.run()
      expect(world.values("name")).toEqual({ a: [name], b: [name] })
    }
  })
})

describe("a system that is down", () => {
  it("holds up nobody else, and everything arrives once it is back", async () => {
    const world = new World({ systems: { a: {}, b: {}, c: {} } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    world.wire("b").outage = () => ({ class: "transient", message: "down" })
    const report = await world.run()
    expect([report.outcome, names(world, "b"), names(world, "c")]).toEqual(["unreachable", [], ["X"]])
    world.wire("b").outage = () => null
    await world.run()
    expect(names(world, "b")).toEqual(["X"])
  })
  it("only for writes, keeps what is owed and one bad item holds up nothing", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    world.wire("b").outage = (call) => (call === "push" ? { class: "rateLimited", message: "slow down", retryAfterMs: 60_000 } : null)
    expect((await world.run()).outcome).toBe("unreachable")
    expect(await world.intents()).toEqual([])
    world.wire("b").outage = () => null
    await world.run()
    expect(names(world, "b")).toEqual(["X"])
  })
})
