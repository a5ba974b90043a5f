import { describe, expect, it } from "vitest"
import { MAILISH } from "../fake-system/traits.ts"
import { World } from "../fake-system/world.ts"

const kinds = async (world: World) => (await world.reviews()).map((review) => review.kind)

describe("several items for one person", () => {
  it("a second item in one system is asked about, and nothing is written for it", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "one" })
    world.system("a").create({ email: "X@x.com ", name: "two" })
    await world.run()
    expect([await kinds(world), world.values("name")["b"]]).toEqual([["duplicate"], ["one"]])
    const before = world.writes()
    await world.run({ full: true })
    expect([await kinds(world), world.writes()]).toEqual([["duplicate"], before])
  })

  it("is identified again once its address is its own", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "one" })
    world.system("a").create({ email: "x@x.com", name: "two" })
    await world.run()
    world.system("a").edit("a2", { email: "y@x.com" })
    await world.run()
    expect([await kinds(world), world.values("name")["b"]]).toEqual([[], ["one", "two"]])
  })

  it("is identified again once the first gives the address up", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "one" })
    world.system("a").create({ email: "x@x.com", name: "two" })
    await world.run()
    world.system("a").edit("a1", { email: "y@x.com" })
    await world.run()
    expect([await kinds(world), [...(world.values("name")["b"] ?? [])].sort()]).toEqual([[], ["one", "two"]])
    expect(world.system("b").byEmail("y@x.com")?.item["name"]).toBe("one")
  })

  it("is identified again once the first is deleted", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "one" })
    world.system("a").create({ email: "x@x.com", name: "two" })
    await world.run()
    world.system("a").remove("a1")
    await world.run()
    await world.run()
    expect([await kinds(world), world.values("name")]).toEqual([[], { a: ["two"], b: ["two"] }])
  })

  it("goes away with the item", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "one" })
    world.system("a").create({ email: "x@x.com", name: "two" })
    await world.run()
    world.system("a").remove("a2")
    await world.run()
    expect([await kinds(world), world.values("name")]).toEqual([[], { a: ["one"], b: ["one"] }])
  })

  it("two records that an item could mean are asked about, and the answer ties it", async () => {
    const world = new World({ systems: { a: {}, b: {} }, match: "[[email], [phone]]", binding: { b: ["create: false"] } })
    world.system("a").create({ email: "x@x.com", phone: "1", name: "X" })
    world.system("a").create({ email: "y@x.com", phone: "2", name: "Y" })
    world.system("b").create({ email: "x@x.com", phone: "2", name: "?" })
    await world.run()
    const [review] = await world.reviews()
    expect([review?.kind, review?.candidates.length]).toEqual(["ambiguous", 2])
    const other = (await world.records()).find((record) => record.fields["name"] === "Y")
    await world.decide({ reviewId: review?.id ?? "", hash: review?.hash ?? "", choice: { take: "record", recordId: other?.id ?? "" } })
    await world.run()
    expect(await kinds(world)).toEqual([])
    expect(
      (await world.links())
        .filter((link) => link.recordId === other?.id)
        .map((link) => link.binding)
        .sort(),
    ).toEqual(["a.people", "b.people"])
  })

  it.each([
    ["new", ["one", "two"]],
    ["ignore", ["one"]],
  ] as const)("a duplicate is decided: %s", async (take, names) => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "one" })
    world.system("a").create({ email: "x@x.com", name: "two" })
    await world.run()
    const [review] = await world.reviews()
    await world.decide({ reviewId: review?.id ?? "", hash: review?.hash ?? "", choice: { take } })
    await world.run()
    await world.run({ full: true })
    expect([await kinds(world), [...(world.values("name")["b"] ?? [])].sort()]).toEqual([[], names])
  })
})

describe("ids", () => {
  it("beyond 2^53 do not collide", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "one" })
    world.system("a").create({ email: "y@x.com", name: "two" })
    world.system("a").row("a1").id = "9007199254740992"
    world.system("a").row("a2").id = "9007199254740993"
    await world.run()
    expect(world.values("name")["b"]).toEqual(["one", "two"])
  })

  it("that change with the address are followed by the stable one beside them, in both directions", async () => {
    const world = new World({ systems: { a: {}, b: MAILISH } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    await world.run()
    world.wait()
    world.system("b").edit("b1", { email: "x2@x.com" })
    await world.run()
    expect(world.values("email")).toEqual({ a: ["x2@x.com"], b: ["x2@x.com"] })
    world.wait()
    world.system("a").edit("a1", { email: "x3@x.com" })
    await world.run()
    await world.run({ full: true })
    expect(world.values("email")).toEqual({ a: ["x3@x.com"], b: ["x3@x.com"] })
    expect([world.system("a").live().length, world.system("b").live().length]).toEqual([1, 1])
  })

  it("that went over to another person are told apart by the stable one", async () => {
    const world = new World({ systems: { a: {}, b: MAILISH } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    world.system("a").create({ email: "y@x.com", name: "Y" })
    await world.run()
    world.wait()
    world.system("b").edit(world.system("b").byEmail("x@x.com")?.uid ?? "", { email: "z@x.com" })
    world.system("b").edit(world.system("b").byEmail("y@x.com")?.uid ?? "", { email: "x@x.com" })
    await world.run()
    await world.run()
    const people = world
      .system("a")
      .live()
      .map((row) => [row.item["name"], row.item["email"]])
    expect(people).toEqual([
      ["X", "z@x.com"],
      ["Y", "x@x.com"],
    ])
  })

  it("that two people swapped in the system of derived ids end swapped everywhere", async () => {
    const world = new World({ systems: { a: {}, b: MAILISH } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    world.system("a").create({ email: "y@x.com", name: "Y" })
    await world.run()
    world.wait()
    const [x, y] = ["x@x.com", "y@x.com"].map((email) => world.system("b").byEmail(email)?.uid ?? "")
    world.system("b").edit(x ?? "", { email: "y@x.com" })
    world.system("b").edit(y ?? "", { email: "x@x.com" })
    await world.run()
    await world.run()
    expect(
      world
        .system("a")
        .live()
        .map((row) => [row.item["name"], row.item["email"]]),
    ).toEqual([
      ["X", "y@x.com"],
      ["Y", "x@x.com"],
    ])
    expect(await kinds(world)).toEqual([])
  })

  it("of two people who swap addresses where addresses are unique elsewhere: nobody is lost or merged", async () => {
    const world = new World({ systems: { a: {}, b: { unique: true } } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    world.system("a").create({ email: "y@x.com", name: "Y" })
    await world.run()
    world.wait()
    world.system("a").edit("a1", { email: "y@x.com" })
    world.system("a").edit("a2", { email: "x@x.com" })
    for (let i = 0; i < 6; i++) {
      world.wait(1_000_000)
      await world.run()
    }
    expect(world.system("b").live()).toHaveLength(2)
    const b = Object.fromEntries(
      world
        .system("b")
        .live()
        .map((row) => [String(row.item["name"]), row.item["email"]]),
    )
    const asked = (await kinds(world)).filter((kind) => kind === "unique_clash").length
    expect(asked > 0 || (b["X"] === "y@x.com" && b["Y"] === "x@x.com")).toBe(true)
  })
})

describe("a merge of two items", () => {
  it("into an unknown one re-points the link", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    await world.run()
    world.system("b").row("b1").id = "other"
    let told = false
    world.wire("b").onPage = (page) => {
      if (told) return page
      told = true
      return { ...page, changes: [{ kind: "merge", id: "b1", into: "other" }] }
    }
    await world.run()
    world.system("a").edit("a1", { name: "X2" })
    await world.run()
    expect(world.values("name")).toEqual({ a: ["X2"], b: ["X2"] })
    expect(world.system("b").live()).toHaveLength(1)
  })

  it("that are both known is asked about, and neither is deleted elsewhere", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    world.system("a").create({ email: "y@x.com", name: "Y" })
    await world.run()
    let told = false
    world.wire("b").onPage = (page) => {
      if (told) return page
      told = true
      return { ...page, changes: [{ kind: "merge", id: "b1", into: "b2" }] }
    }
    world.system("b").row("b1").deleted = true
    await world.run()
    await world.run()
    expect([await kinds(world), world.values("name")["a"]]).toEqual([["duplicate"], ["X", "Y"]])
  })

  it("that is told of an earlier one under the same id leaves whoever has that id now alone", async () => {
    const world = new World({ systems: { a: {}, b: { id: "derived", secondary: true, unique: true } } })
    for (const name of ["x", "y"]) world.system("a").create({ email: `${name}@x.com`, name })
    await world.run()
    world.wait()
    const before = (await world.links()).map(({ remoteId, state }) => [remoteId, state])
    const [first, second] = world.system("b").live()
    world.wire("b").onPage = (page) => ({
      ...page,
      changes: [{ kind: "merge", id: first?.id ?? "", secondary: "b0", into: second?.id ?? "" }],
    })
    await world.run()
    expect([(await world.links()).map(({ remoteId, state }) => [remoteId, state]), await kinds(world)]).toEqual([before, []])
  })
})

it("an item refused by the schema waits in quarantine and passes once it is put right", async () => {
  const world = new World({ systems: { a: {}, b: {} } })
  world.system("a").create({ email: `${"x".repeat(70)}@x.com`, name: "long" })
  const first = await world.run()
  expect([first.outcome, first.quarantined, world.values("name")["b"]]).toEqual(["attention", 1, []])
  const again = await world.run({ full: true })
  expect([again.outcome, again.quarantinedNow, again.quarantined]).toEqual(["done", 0, 1])
  world.system("a").edit("a1", { email: "x@x.com" })
  const last = await world.run()
  expect([last.quarantined, world.values("name")["b"]]).toEqual([0, ["long"]])
})

it("nothing is made beside an item in quarantine that shows the key of a record: it is tied once it passes", async () => {
  const world = new World({ systems: { a: {}, b: {} }, rules: [`{ check: 'record.name != "bad"', message: bad, else: quarantine }`] })
  world.system("a").create({ email: "x@x.com", name: "bad" })
  world.system("b").create({ email: "x@x.com", name: "good" })
  await world.run()
  await world.run({ full: true })
  expect([world.values("name"), (await world.quarantined()).length]).toEqual([{ a: ["bad"], b: ["good"] }, 1])
  world.system("a").edit("a1", { name: "better" })
  await world.run()
  expect([world.values("name"), await world.quarantined()]).toEqual([{ a: ["better"], b: ["better"] }, []])
})

it("a linked item that becomes invalid is held whole and its last good values stay", async () => {
  const world = new World({ systems: { a: { overlap: 3 }, b: {} } })
  world.system("a").create({ email: "x@x.com", name: "good" })
  await world.run()
  world.wait()
  world.system("a").edit("a1", { email: `${"x".repeat(70)}@x.com`, name: "bad" })
  expect((await world.run()).outcome).toBe("attention")
  expect((await world.run()).outcome).toBe("done")
  expect([world.values("name")["b"], (await world.quarantined()).length]).toEqual([["good"], 1])
  world.wait()
  world.system("b").edit("b1", { phone: "5" })
  world.system("a").edit("a1", { email: "x@x.com" })
  await world.run()
  await world.run()
  expect([world.values("name"), world.values("phone"), await world.quarantined()]).toEqual([
    { a: ["bad"], b: ["bad"] },
    { a: ["5"], b: ["5"] },
    [],
  ])
})
