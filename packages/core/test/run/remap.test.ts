// A mapping that was edited: what could not be written under the old one is tried under the new one.
import { expect, it } from "vitest"
import { World } from "../fake-system/world.ts"

const mappedAs = (rule: string): World => new World({ systems: { a: {}, b: {} }, fields: { b: { status: rule } } })

/** Under this one a status of `lost` can be written, as `off`. */
async function mapOtherwise(world: World): Promise<void> {
  Object.assign(world.engine, { pipeline: mappedAs("{ path: status, as: [{ map: { on: active, off: lost } }] }").engine.pipeline })
  await world.run()
}

it.each([
  ["an item that exists", true],
  ["an item that was made without it", false],
])("a value that the mapping could not write is written once the mapping can: %s", async (_, exists) => {
  const world = mappedAs("{ path: status, as: [{ map: { on: active } }] }")
  world.system("a").create({ email: "x@x.com", name: "A", status: "lost" }, world.time)
  if (exists) world.system("b").create({ email: "x@x.com", name: "A", status: null }, world.time)
  await world.run()
  expect((await world.reviews()).map(({ kind, field }) => [kind, field])).toEqual([["unachievable", "status"]])

  await mapOtherwise(world)
  expect(await world.reviews()).toEqual([])
  expect(world.values("status")).toEqual({ a: ["lost"], b: ["off"] })
})

it("a value that a system refused is sent to it again as the new mapping writes it", async () => {
  const world = mappedAs("status")
  world.system("b").refuses = ({ status }) => (status === "lost" ? { status: "no such status" } : null)
  world.system("a").create({ email: "x@x.com", name: "A", status: "lost" }, world.time)
  await world.run()
  await world.run()
  expect((await world.quarantined()).map(({ field, direction }) => [field, direction])).toEqual([["status", "out"]])

  await mapOtherwise(world)
  expect(await world.quarantined()).toEqual([])
  expect(world.values("status")).toEqual({ a: ["lost"], b: ["off"] })
})

it("a field that is new to the mapping is written to no item in which nobody has read it yet", async () => {
  const world = new World({ systems: { a: {}, b: {} }, fields: { b: { note: null } } })
  world.system("a").create({ email: "x@x.com", name: "A" })
  world.system("b").create({ email: "x@x.com", name: "A", note: "theirs" })
  await world.run()
  Object.assign(world.engine, { pipeline: new World({ systems: { a: {}, b: {} } }).engine.pipeline })
  world.wait()
  // the read that is to show it breaks off
  world.wire("b").onPage = (page) => ({ ...page, changes: [], complete: false })
  world.system("a").edit("a1", { note: "ours" })
  await world.run()
  expect([world.values("note"), (await world.reviews()).length]).toEqual([{ a: ["ours"], b: ["theirs"] }, 0])
  world.wire("b").onPage = (page) => page
  await world.run()
  expect((await world.journal()).flatMap(({ changes }) => changes.flatMap(({ lost }) => lost ?? []))).toEqual(["theirs"])
  expect(world.values("note")).toEqual({ a: ["ours"], b: ["ours"] })
})
