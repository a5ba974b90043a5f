// What is remembered of a system between runs beside the engine's own state: the rate limiter's windows, the offset of
// its clock, and since when it does not answer. Kept under a name of its own, so that it never meets the engine's.
import type { ClockOffsetState, Json, LimiterState } from "@syncline/connector"
import type { Pipeline, Store } from "@syncline/core"
import { perform } from "./effect.ts"

export interface SystemMemory {
  readonly limits: LimiterState | null
  readonly clock: ClockOffsetState | null
  readonly unreachableSince: number | null
  readonly pausedUntil: number | null
  readonly budget: { readonly used: number; readonly max: number; readonly perMs: number } | null
}

const NOTHING: SystemMemory = { limits: null, clock: null, unreachableSince: null, pausedUntil: null, budget: null }

export const memoryName = (system: string): string => `${system}/http`

export async function readSystemMemory(store: Store, system: string): Promise<SystemMemory> {
  const state = await perform(store.systemState(memoryName(system)))
  // Written by `asJson` below and by nothing else; a later version that changes its shape changes the name.
  return state === null ? NOTHING : { ...NOTHING, ...(state as unknown as SystemMemory) }
}

export const asJson = (memory: SystemMemory): Json => JSON.parse(JSON.stringify(memory))

/** The window of the rate limit that is nearest to being used up; null where there is none. */
export function budgetOf(pipeline: Pipeline, system: string, memory: SystemMemory, now: number): SystemMemory["budget"] {
  const configured = pipeline.systems.find((each) => each.name === system)
  const windows = configured?.connector.http(configured.config).limits.windows ?? []
  const budgets = windows.map(({ max, perMs }) => {
    const spans = memory.limits?.windows.find((each) => each.perMs === perMs)?.spans ?? []
    return { used: spans.reduce((sum, [, to, cost]) => (to > now - perMs ? sum + cost : sum), 0), max, perMs }
  })
  return budgets.sort((a, b) => b.used / b.max - a.used / a.max || b.perMs - a.perMs)[0] ?? null
}
