import { describe, expect, it } from "vitest"
import { World } from "../fake-system/world.ts"

const filtered = (leaving: string, when = 'record.status == "on"', extra: Partial<ConstructorParameters<typeof World>[0]> = {}): World =>
  new World({ systems: { a: {}, b: {} }, binding: { b: [`when: '${when}'`, `leaving: ${leaving}`, "on_delete: propagate"] }, ...extra })

const b = (world: World) =>
  world
    .system("b")
    .live()
    .map((row) => [row.item["name"], row.item["status"] ?? null])

describe("a record that does not belong to a system", () => {
  it("is not created there until it does", async () => {
    const world = filtered("keep")
    world.system("a").create({ email: "x@x.com", name: "X", status: "off" })
    await world.run()
    expect(b(world)).toEqual([])
    world.system("a").edit("a1", { status: "on" })
    await world.run()
    expect(b(world)).toEqual([["X", "on"]])
  })
  it("and leaves again before it was created is never created", async () => {
    const world = filtered("keep")
    world.wire("b").outage = () => ({ class: "transient", message: "down" })
    world.system("a").create({ email: "x@x.com", name: "X", status: "on" })
    await world.run()
    world.wire("b").outage = () => null
    world.system("a").edit("a1", { status: "off" })
    await world.run()
    expect(b(world)).toEqual([])
  })
})

describe("leaving: keep", () => {
  it("parks the link: nothing is written there, and it is not matched anew", async () => {
    const world = filtered("keep")
    world.system("a").create({ email: "x@x.com", name: "X", status: "on" })
    await world.run()
    world.wait()
    world.system("a").edit("a1", { status: "off", name: "X2" })
    await world.run()
    await world.run({ full: true })
    expect(b(world)).toEqual([["X", "on"]])
    expect((await world.links()).map((link) => link.state).sort()).toEqual(["live", "parked"])
    world.system("b").edit("b1", { phone: "only there" })
    await world.run()
    expect([world.values("phone")["a"], await world.reviews()]).toEqual([[null], []])
  })

  it("comes back with what was edited on either side meanwhile", async () => {
    const world = filtered("keep")
    world.system("a").create({ email: "x@x.com", name: "X", phone: "1", status: "on" })
    await world.run()
    world.wait()
    world.system("a").edit("a1", { status: "off" })
    await world.run()
    world.wait()
    world.system("a").edit("a1", { name: "A name" })
    world.system("b").edit("b1", { phone: "B phone" })
    await world.run()
    world.wait()
    world.system("a").edit("a1", { status: "on" })
    await world.run()
    await world.run()
    expect([world.values("name"), world.values("phone"), world.values("status")]).toEqual([
      { a: ["A name"], b: ["A name"] },
      { a: ["B phone"], b: ["B phone"] },
      { a: ["on"], b: ["on"] },
    ])
  })

  it("one field edited on both sides meanwhile is a conflict", async () => {
    const world = filtered("keep", 'record.status == "on"', { conflicts: { name: "review" } })
    world.system("a").create({ email: "x@x.com", name: "X", status: "on" })
    await world.run()
    world.wait()
    world.system("a").edit("a1", { status: "off" })
    await world.run()
    world.system("a").edit("a1", { name: "A name" })
    world.system("b").edit("b1", { name: "B name" })
    await world.run()
    expect(await world.reviews()).toEqual([])
    world.system("a").edit("a1", { status: "on" })
    await world.run()
    expect((await world.reviews()).map((review) => [review.field, review.base, review.sides.map((side) => side.value)])).toEqual([
      ["name", ["X"], ["A name", "B name"]],
    ])
  })

  it("a delete of the parked item stays there", async () => {
    const world = filtered("keep")
    world.system("a").create({ email: "x@x.com", name: "X", status: "on" })
    await world.run()
    world.wait()
    world.system("a").edit("a1", { status: "off" })
    await world.run()
    world.system("b").remove("b1")
    await world.run()
    expect(world.system("a").live()).toHaveLength(1)
    world.wait()
    world.system("a").edit("a1", { status: "on" })
    await world.run()
    expect([world.system("a").live().length, b(world)]).toEqual([1, [["X", "on"]]])
  })
})

describe("leaving: unlink", () => {
  it("leaves the item on its own", async () => {
    const world = filtered("unlink")
    world.system("a").create({ email: "x@x.com", name: "X", status: "on" })
    await world.run()
    world.wait()
    world.system("a").edit("a1", { status: "off", name: "X2" })
    await world.run()
    world.system("b").edit("b1", { name: "own" })
    await world.run({ full: true })
    expect([world.values("name"), await world.reviews()]).toEqual([{ a: ["X2"], b: ["own"] }, []])
    world.system("b").remove("b1")
    await world.run()
    expect(world.system("a").live()).toHaveLength(1)
  })
})

describe("leaving: delete", () => {
  it("removes the item there and nowhere else, and makes it anew when it belongs again", async () => {
    const world = filtered("delete")
    world.system("a").create({ email: "x@x.com", name: "X", status: "on" })
    await world.run()
    world.wait()
    world.system("a").edit("a1", { status: "off" })
    await world.run()
    await world.run({ full: true })
    expect([b(world), world.system("a").live().length]).toEqual([[], 1])
    world.wait()
    world.system("a").edit("a1", { status: "on" })
    await world.run()
    expect(b(world)).toEqual([["X", "on"]])
    world.wait()
    world.system("b").remove("b2")
    await world.run()
    expect(world.system("a").live()).toHaveLength(0)
  })

  it("an edit of the item on its way out is not lost", async () => {
    const world = filtered("delete")
    world.system("a").create({ email: "x@x.com", name: "X", status: "on" })
    await world.run()
    world.wait()
    world.system("a").edit("a1", { status: "off" })
    world.wire("b").onPush = (ops) => {
      if (ops[0]?.kind === "delete") world.system("b").edit("b1", { name: "edited in time" })
      world.wire("b").onPush = () => undefined
    }
    await world.run()
    await world.run()
    expect(world.values("name")["a"]).toEqual(["edited in time"])
  })

  it("an edit of it that cannot be taken is held, and the item with it, without a word more in any later run", async () => {
    const world = filtered("delete", undefined)
    world.system("a").create({ email: "x@x.com", name: "X", status: "on" })
    await world.run()
    world.wait()
    world.system("a").edit("a1", { status: "off" })
    world.system("b").edit("b1", { email: `${"x".repeat(60)}@x.com` })
    for (let at = 0; at < 3; at++) await world.run({ full: true })
    expect([b(world).length, (await world.quarantined()).map((entry) => entry.remoteId)]).toEqual([1, ["b1"]])
    const rows = (await world.journal()).length
    for (let at = 0; at < 3; at++) await world.run({ full: true })
    expect((await world.journal()).length).toBe(rows)
    world.wait()
    world.system("b").edit("b1", { email: "x@x.com", name: "put right" })
    await world.run()
    expect([b(world), world.values("name")["a"]]).toEqual([[], ["put right"]])
  })

  it("an item made under the address of one that we removed meets the record for the first time", async () => {
    for (const id of ["stable", "derived"] as const) {
      const world = filtered("delete", undefined, { systems: { a: {}, b: { id } } })
      world.system("a").create({ email: "x@x.com", name: "X", phone: "1", status: "on" })
      await world.run()
      world.wait()
      world.system("a").edit("a1", { status: "off" })
      await world.run()
      expect(b(world)).toEqual([])
      world.wait()
      world.system("b").create({ email: "x@x.com", name: "another", status: "on" })
      await world.run()
      await world.run()
      // whoever made it never saw the phone: the blank says nothing
      expect([id, world.values("phone")["a"]]).toEqual([id, ["1"]])
    }
  })
})

it("what was to be removed is let be where the pipeline says so before it is", async () => {
  for (const leaving of ["keep", "unlink"]) {
    const world = filtered("delete")
    world.system("a").create({ email: "x@x.com", name: "X", status: "on" })
    await world.run()
    world.wait()
    world.wire("b").outage = (call) => (call === "push" ? { class: "transient", message: "down" } : null)
    world.system("a").edit("a1", { status: "off" })
    await world.run()
    world.wire("b").outage = () => null
    Object.assign(world.engine, { pipeline: filtered(leaving).engine.pipeline })
    world.wait()
    await world.run()
    await world.run({ full: true })
    expect([b(world), (await world.links()).map((link) => [link.state, link.owes])]).toEqual([
      [["X", "on"]],
      [
        ["live", null],
        [leaving === "keep" ? "parked" : "kept", null],
      ],
    ])
  }
})

it("a filter that is set before the first pass could read everything applies to what that pass met", async () => {
  const world = new World({ systems: { a: {}, b: {} } })
  world.wire("a").outage = () => ({ class: "transient", message: "down" })
  world.system("b").create({ email: "x@x.com", name: "X", status: "off" })
  expect((await world.run()).outcome).toBe("unreachable")
  world.wire("a").outage = () => null
  Object.assign(world.engine, { pipeline: filtered("delete").engine.pipeline })
  world.wait()
  await world.run()
  expect([b(world), world.values("name")["a"]]).toEqual([[], ["X"]])
})
