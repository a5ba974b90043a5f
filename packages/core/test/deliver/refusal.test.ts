import { describe, expect, it } from "vitest"
import { World, type WorldSpec } from "../fake-system/world.ts"
import { inStep, names, settle } from "./in-step.ts"

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

  it("of an item there, once more when it is tried again, keeps it from being written to", async () => {
    const rules = [`{ check: 'record.name != "nobody"', message: nobody is no name, else: quarantine }`]
    const world = await inStep({}, { rules })
    world.system("b").edit("b1", { name: "nobody" })
    await world.run()
    const [entry] = await world.quarantined()
    const again = { kind: "retry", quarantineId: entry?.id ?? "", id: "dec_x", at: world.time, by: "ann", note: null } as const
    await world.effect(world.store.decide(again))
    world.wait()
    world.system("a").edit("a1", { phone: "2" })
    await world.run()
    expect([await world.quarantined(), world.values("phone")["b"]]).toEqual([[entry], ["1"]])
    world.system("b").edit("b1", { name: "somebody" })
    await world.run()
    expect([await world.quarantined(), world.values("phone")["b"], world.values("name")["a"]]).toEqual([[], ["2"], ["somebody"]])
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

  it("by an item that is refused as a whole is adopted all the same, and a late copy of it under a former id is nobody new", async () => {
    const world = new World({ systems: { a: {}, b: { id: "derived", secondary: true, unique: true } } })
    const b = world.system("b")
    b.create({ email: "old@x.com", name: "first" })
    const late = b.changeOf(b.row("b1"))
    b.edit("b1", { email: "x@x.com", tags: ["fine", 42] })
    world.system("a").create({ email: "x@x.com", name: "X" })
    world.wire("b").onPage = (page) => ({ ...page, changes: [] })
    await settle(world)
    expect((await world.quarantined()).map(({ remoteId }) => remoteId)).toEqual([b.live()[0]?.id])
    world.wire("b").onPage = (page) => ({ ...page, changes: [late] })
    await settle(world)
    expect([(await world.records()).length, names(world, "a")]).toEqual([1, ["X"]])
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

describe("a create that is an upsert by address", () => {
  it("never overwrites the item of another living record that came to have the same address", async () => {
    const world = new World({ systems: { a: {}, b: { idempotent: "naturalKey", unique: true } } })
    world.system("a").create({ email: "x@x.com", name: "X", phone: "1" })
    await world.run()
    world.wait()
    world.system("b").edit("b1", { email: "y@x.com" })
    world.system("a").create({ email: "y@x.com", name: "Y", phone: "2" })
    // the one is not read before the other is known
    world.wire("b").outage = () => ({ class: "transient", message: "down" })
    await world.run()
    world.wire("b").outage = () => null
    await settle(world)
    expect(
      world
        .system("b")
        .live()
        .map((row) => row.item["name"]),
    ).toEqual(["X"])
    expect((await world.reviews()).map((review) => review.kind)).toEqual(["unique_clash"])
    world.wait()
    world.system("a").edit("a2", { email: "z@x.com" })
    await settle(world)
    expect([
      world
        .system("b")
        .live()
        .map((row) => row.item["name"]),
      await world.reviews(),
    ]).toEqual([["X", "Y"], []])
  })

  it("waits while the item that shows the address is about to change it, and is sent then", async () => {
    const world = await inStep({ idempotent: "naturalKey", unique: true })
    world.system("a").edit("a1", { email: "y@x.com" })
    world.system("a").create({ email: "x@x.com", name: "Y", phone: "2" })
    let busy = true
    const { write } = world.system("b")
    world.system("b").write = (op) =>
      busy && op.kind === "update"
        ? { ref: op.ref, status: "failed", fault: { class: "transient", message: "try this one again" } }
        : write.call(world.system("b"), op)
    await world.run()
    expect([names(world, "b"), world.values("email")["b"]]).toEqual([["X"], ["x@x.com"]])
    busy = false
    await settle(world)
    expect([names(world, "b"), world.values("email")["b"], await world.reviews()]).toEqual([["X", "Y"], ["y@x.com", "x@x.com"], []])
  })

  it("asks where the address of the item that shows it is held by a question", async () => {
    const world = await inStep({ idempotent: "naturalKey", unique: true })
    world.system("b").refuses = (item) => (item["email"] === "y@x.com" ? { email: "not this one" } : null)
    world.system("a").edit("a1", { email: "y@x.com" })
    await world.run()
    expect((await world.quarantined()).map((entry) => [entry.field, entry.reason])).toEqual([["email", "not this one"]])
    world.wait()
    world.system("a").create({ email: "x@x.com", name: "Y", phone: "2" })
    await settle(world)
    expect([names(world, "b"), (await world.reviews()).map((review) => review.kind)]).toEqual([["X"], ["unique_clash"]])
    world.system("b").refuses = () => null
    world.wait()
    world.system("a").edit("a1", { email: "z@x.com" })
    await settle(world)
    const [review] = await world.reviews()
    if (review !== undefined) await world.decide({ reviewId: review.id, hash: review.hash, choice: { take: "retry" } })
    await settle(world)
    expect([names(world, "b"), world.values("email")["b"], await world.reviews()]).toEqual([["X", "Y"], ["z@x.com", "x@x.com"], []])
  })

  it("that lands on the item of another living record, which came to have the address that very moment, ties nothing to it", async () => {
    const world = await inStep({ idempotent: "naturalKey", unique: true })
    world.system("a").create({ email: "y@x.com", name: "Y", phone: "2" })
    const { write } = world.system("b")
    let moved = false
    world.system("b").write = (op) => {
      if (op.kind === "create" && !moved) {
        moved = true
        world.system("b").edit("b1", { email: "y@x.com" })
      }
      return write.call(world.system("b"), op)
    }
    await world.run()
    const owners = (await world.links())
      .filter((link) => link.binding === "b.people" && link.remoteId === "b1")
      .map((link) => link.recordId)
    const [first] = (await world.links()).filter((link) => link.remoteId === "a1").map((link) => link.recordId)
    expect(owners).toEqual([first])
    expect((await world.reviews()).map((review) => review.kind)).toContain("unique_clash")
  })
})
