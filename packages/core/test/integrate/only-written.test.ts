import { describe, expect, it } from "vitest"
import { World } from "../fake-system/world.ts"

const both = [
  ["source", "copy"],
  ["copy", "source"],
]

/** `note` is read from one system and only written to the other. */
const oneWay = (pulls: readonly string[]): World =>
  new World({
    systems: { source: {}, copy: {} },
    pulls,
    fields: { source: { note: "{ path: note, direction: in }" }, copy: { note: "{ path: note, direction: out }" } },
  })

describe.each(both)("a field that is only written, pulled in the order %s, %s", (...pulls) => {
  it("takes the source's value, and never gives one", async () => {
    const world = oneWay(pulls)
    world.system("source").create({ email: "x@x.com", name: "X", note: "from the source" })
    world.system("copy").create({ email: "x@x.com", name: "X", note: "from the copy" })
    await world.run()
    expect(world.values("note")).toEqual({ source: ["from the source"], copy: ["from the source"] })
  })

  it("is put right again where somebody changes it, and the journal says so", async () => {
    const world = oneWay(pulls)
    world.system("source").create({ email: "x@x.com", name: "X", note: "right" })
    await world.run()
    const made = world.system("copy").byEmail("x@x.com")
    world.system("copy").edit(made?.uid ?? "", { note: "wrong" })
    world.wait()
    await world.run()
    expect(world.values("note")).toEqual({ source: ["right"], copy: ["right"] })
    const lost = (await world.journal()).flatMap((row) => row.changes).filter((change) => change.lost !== undefined)
    expect(lost).toMatchObject([{ field: "note", lost: "wrong", rule: "direction out: only written here" }])
  })

  it("is no edit that keeps a deleted person alive, where somebody changes it meanwhile", async () => {
    const world = new World({
      systems: { source: {}, copy: {} },
      pulls,
      fields: { source: { note: "{ path: note, direction: in }" }, copy: { note: "{ path: note, direction: out }" } },
      deleteVsEdit: "edit_wins",
    })
    world.system("source").create({ email: "x@x.com", name: "X", note: "right" })
    await world.run()
    world.wait()
    world.system("source").remove("source1")
    world.system("copy").edit(world.system("copy").byEmail("x@x.com")?.uid ?? "", { note: "wrong" })
    world.wait()
    await world.run()
    await world.run()
    expect([world.system("source").live(), world.system("copy").live()]).toEqual([[], []])
  })

  it("is cleared where the source clears it", async () => {
    const world = oneWay(pulls)
    const uid = world.system("source").create({ email: "x@x.com", name: "X", note: "there" })
    await world.run()
    world.system("source").edit(uid, { note: null })
    world.wait()
    await world.run()
    expect(world.values("note")).toEqual({ source: [null], copy: [null] })
  })

  it("is not wiped out by a blank that nobody wrote", async () => {
    const world = oneWay(pulls)
    world.system("source").create({ email: "x@x.com", name: "X", note: null })
    const known = world.system("copy").create({ email: "x@x.com", name: "X", note: "only here" })
    const alone = world.system("copy").create({ email: "y@y.com", name: "Y", note: "only here" })
    await world.run()
    expect(world.values("note")["copy"]).toEqual(["only here", "only here"])
    for (const uid of [known, alone]) world.system("copy").edit(uid, { note: "still only here" })
    world.wait()
    await world.run()
    expect(world.values("note")["copy"]).toEqual(["still only here", "still only here"])
    expect((await world.links()).filter((link) => Object.keys(link.owed).length > 0)).toEqual([])
  })
})
