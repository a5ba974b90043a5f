import { describe, expect, it } from "vitest"
import { World } from "../fake-system/world.ts"
import { settle } from "./in-step.ts"

it("an archive without an answer that did happen is told as one, although the record lives again by then", async () => {
  const b = { idempotent: "none", guard: "none" } as const
  const world = new World({
    systems: { a: {}, b, c: {} },
    binding: { b: ["on_delete: { archive: { status: gone } }"] },
    deleteVsEdit: "edit_wins",
  })
  world.system("a").create({ email: "x@x.com", name: "X" })
  await world.run()
  world.wait()
  world.system("a").remove("a1")
  world.wire("b").fate = () => "lost"
  world.wire("b").outage = (call) => (call === "lookup" ? { class: "auth", message: "signed out" } : null)
  world.wire("c").outage = () => ({ class: "auth", message: "signed out" })
  await world.run()
  world.wait()
  world.system("c").edit("c1", { name: "typed" })
  world.wire("c").outage = () => null
  await world.run()
  world.wire("b").fate = () => "answered"
  world.wire("b").outage = () => null
  await settle(world)
  const told = (await world.journal()).filter((row) => row.binding === "b.people" && row.kind === "updated")
  expect(told.map((row) => row.note ?? row.changes.map((change) => change.field))).toEqual([
    "archived: the record was deleted",
    ["name", "status"],
  ])
})

describe("a record whose item was archived by a mark on a mapped field, and that lives again", () => {
  const archived = async (edit: (world: World) => void = () => undefined): Promise<World> => {
    const world = new World({ systems: { a: {}, b: {} }, binding: { b: ["on_delete: { archive: { status: lost } }"] } })
    world.system("a").create({ email: "x@x.com", name: "X", status: "on" })
    await settle(world)
    world.wait()
    world.system("a").remove("a1")
    await settle(world)
    expect(world.values("status")).toEqual({ a: [], b: ["lost"] })
    world.wait()
    edit(world)
    world.system("a").restore("a1")
    await settle(world)
    expect(await world.reviews()).toEqual([])
    return world
  }

  it("says there again what it said before", async () => {
    const world = await archived()
    expect(world.values("status")).toEqual({ a: ["on"], b: ["on"] })
  })

  it("heeds what somebody else made of the mark meanwhile", async () => {
    const world = await archived((within) => within.system("b").edit("b1", { status: "typed" }))
    expect(world.values("status")).toEqual({ a: ["typed"], b: ["typed"] })
  })
})
