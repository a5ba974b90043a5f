// What is known of the systems' clocks, as the Date headers of their answers tell.
import type { ClockBounds } from "@syncline/core"
import type { World } from "./world.ts"

/** How well an offset is known, either way. */
const UNSURE_MS = 150

export const offsetOf = (world: World, system: string): { readonly low: number; readonly high: number } => {
  const { offsetMs } = world.system(system)
  return { low: offsetMs - UNSURE_MS, high: offsetMs + UNSURE_MS }
}

export const clocksOf = (world: World): ClockBounds => ({
  offset: (system) => (world.systems.has(system) ? offsetOf(world, system) : null),
  resolutionMs: (system) => world.systems.get(system)?.shape.resolutionMs ?? 1,
})
