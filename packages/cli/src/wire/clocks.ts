// What is remembered of the systems' clocks, for telling which of two edits came last. The further from the moment of
// measuring, the less is known.
import { ClockOffset } from "@syncline/connector"
import type { ClockBounds, Store } from "@syncline/core"
import { ROUGH_CLOCKS } from "@syncline/core/review"
import { readSystemMemory } from "./memory.ts"
import type { Outline } from "./outline.ts"

/** Bounds as they were at a time, epoch ms. */
export type ClocksAt = (at: number) => ClockBounds

export async function clocksOf(store: Store, outline: Outline): Promise<ClocksAt> {
  const known = new Map<string, ClockOffset>()
  for (const { name } of outline.systems) known.set(name, new ClockOffset((await readSystemMemory(store, name)).clock))
  return (at) => ({ ...ROUGH_CLOCKS, offset: (system) => known.get(system)?.interval(at) ?? null })
}
