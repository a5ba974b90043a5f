// The beginning that tests of delivery have in common: one person in two systems, in step.
import type { Traits } from "../fake-system/traits.ts"
import { World, type WorldSpec } from "../fake-system/world.ts"

export async function inStep(b: Partial<Traits> = {}, spec: Partial<WorldSpec> = {}): Promise<World> {
  const world = new World({ systems: { a: {}, b }, ...spec })
  world.system("a").create({ email: "x@x.com", name: "X", phone: "1" })
  await world.run()
  world.wait()
  return world
}

export const names = (world: World, system: string) =>
  world
    .system(system)
    .live()
    .map((row) => row.item["name"])

/** Passes until nothing changes any more, with time for every deadline in between. */
export async function settle(world: World, passes = 4): Promise<void> {
  for (let i = 0; i < passes; i++) {
    world.wait(120_000)
    await world.run()
  }
}
