// Rate windows on the fake's clock: a request is let through if it fits into every window that counts it.
// Sliding, exact, and counting only what was let through.
import type { Clock } from "./clock.ts"
import type { FakeRequest } from "./exchange.ts"

export interface RateWindow {
  readonly name: string
  readonly max: number
  readonly perMs: number
  /** Which requests it counts; all of them by default. */
  readonly counts?: (request: FakeRequest) => boolean
}

export interface WindowUsage {
  readonly name: string
  readonly max: number
  readonly perMs: number
  readonly remaining: number
  /** Until the oldest call in it is forgotten; 0 if it is empty. */
  readonly waitMs: number
}

export interface Windows {
  /** Takes a place in every window, or in none and says which one is full. */
  take(request: FakeRequest): { readonly full: WindowUsage | null; readonly usage: readonly WindowUsage[] }
  clear(): void
}

export const createWindows = (windows: readonly RateWindow[], clock: Clock): Windows => {
  const taken = new Map<RateWindow, number[]>(windows.map((window) => [window, []]))
  const present = (window: RateWindow): number[] => {
    const since = clock.now() - window.perMs
    const times = (taken.get(window) ?? []).filter((at) => at > since)
    taken.set(window, times)
    return times
  }
  const usageOf = (window: RateWindow): WindowUsage => {
    const times = present(window)
    const { name, max, perMs } = window
    return { name, max, perMs, remaining: Math.max(0, max - times.length), waitMs: Math.max(0, (times[0] ?? 0) + perMs - clock.now()) }
  }
  return {
    take(request) {
      const counting = windows.filter((window) => window.counts?.(request) !== false)
      const full = counting.find((window) => present(window).length >= window.max)
      if (full === undefined) for (const window of counting) present(window).push(clock.now())
      return { full: full === undefined ? null : usageOf(full), usage: counting.map(usageOf) }
    },
    clear() {
      for (const window of windows) taken.set(window, [])
    },
  }
}
