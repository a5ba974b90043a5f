import { expect, it } from "vitest"
import { World } from "../fake-system/world.ts"
import { MAILISH } from "../fake-system/traits.ts"

it("two systems come into step and stay so", async () => {
  const world = new World({ systems: { a: {}, b: MAILISH } })
  const [a, b] = [world.system("a"), world.system("b")]
  const one = a.create({ email: "x@x.com", name: "X", tags: ["p"] })
  b.create({ email: "y@x.com", name: "Y" })
  const report = await world.run()
  expect(report.outcome).toBe("done")
  expect(world.values("name")).toEqual({ a: ["X", "Y"], b: ["Y", "X"] })
  world.wait()
  a.edit(one, { name: "X2" })
  await world.run()
  expect(world.values("name")).toEqual({ a: ["X2", "Y"], b: ["Y", "X2"] })
  const before = world.writes()
  await world.run()
  await world.run({ full: true })
  expect(world.writes()).toEqual(before)
})
