import { expect, it } from "vitest"
import { runPass } from "../../src/run/index.ts"
import { World, type WorldSpec } from "../fake-system/world.ts"

const names = async (world: World): Promise<readonly unknown[]> => (await world.records()).map((record) => record.fields["name"])

/** A pass under another pipeline, over the same systems and store. */
const runAs = (world: World, spec: WorldSpec) => {
  world.wait()
  const { pipeline } = new World(spec).engine
  return world.effect(runPass({ ...world.engine, store: world.store, pipeline }))
}

it("who was there while the first scan saw nothing at all is taken in as soon as he shows", async () => {
  const world = new World({ systems: { a: {}, b: {} } })
  world.system("b").create({ email: "x@x.com", name: "x" })
  world.wire("b").onPage = (page) => ({ ...page, changes: [] })
  await world.run()
  expect(await names(world)).toEqual([])
  world.wire("b").onPage = (page) => page
  await world.run()
  expect(await names(world)).toEqual(["x"])
  expect(world.values("name")["a"]).toEqual(["x"])
})

it("an empty system is asked for one page in each pass, and ends no worse than others", async () => {
  const world = new World({ systems: { a: {}, b: {} } })
  let pages = 0
  world.wire("a").onPage = (page) => {
    pages++
    return page
  }
  const outcomes = [await world.run(), await world.run(), await world.run()].map((report) => report.outcome)
  expect(outcomes).toEqual(["done", "done", "done"])
  expect(pages).toBe(3)
})

it("what is read again for a new field is read to its end, however often that breaks off", async () => {
  const before: WorldSpec = { systems: { a: { pageSize: 1 }, b: {} }, fields: { a: { phone: null } } }
  const world = new World(before)
  for (const name of ["x", "y", "z"]) world.system("a").create({ email: `${name}@x.com`, name, phone: `${name}1` })
  await world.run()
  let pages = 0
  world.wire("a").outage = (call) => (call === "pull" && ++pages > 1 ? { class: "auth", message: "signed out" } : null)
  const after: WorldSpec = { systems: before.systems }
  await runAs(world, after)
  world.wire("a").outage = () => null
  await runAs(world, after)
  expect(world.values("phone")["b"]).toEqual(["x1", "y1", "z1"])
})

it("another filter reaches those who did not change, in systems without a delta as well", async () => {
  const systems = { a: { delta: false }, b: { delta: false } }
  const world = new World({ systems, binding: { b: ["on_delete: propagate", "when: record.status == 'in'"] } })
  for (const status of ["in", "out"]) world.system("a").create({ email: `${status}@x.com`, name: status, status })
  await world.run()
  expect(world.values("name")["b"]).toEqual(["in"])
  await runAs(world, { systems })
  expect(world.values("name")["b"]).toEqual(["in", "out"])
})

it("what a lookup about a write without an answer shows of a field that is new to the mapping is no edit", async () => {
  const systems = { a: {}, b: { idempotent: "none", guard: "none" } } as const
  const mapped: WorldSpec = { systems }
  const unmapped: WorldSpec = { systems, fields: { b: { name: null } } }
  const world = new World(mapped)
  world.system("a").create({ email: "x@x.com", name: "before", phone: "1" })
  await world.run()
  await runAs(world, unmapped)
  world.wait()
  world.system("a").edit("a1", { name: "typed", phone: "2" })
  world.wire("b").fate = () => "dropped"
  world.wire("b").outage = (call) => (call === "lookup" ? { class: "auth", message: "signed out" } : null)
  await runAs(world, unmapped)
  expect(await world.intents()).toHaveLength(1)
  world.wire("b").fate = () => "answered"
  world.wire("b").outage = () => null
  world.wait(120_000)
  await runAs(world, mapped)
  await runAs(world, mapped)
  expect([world.values("name"), world.values("phone")]).toEqual([
    { a: ["typed"], b: ["typed"] },
    { a: ["2"], b: ["2"] },
  ])
})
