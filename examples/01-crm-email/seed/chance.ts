// Chance that repeats: the same seed draws the same numbers on every machine (mulberry32, public domain, Tommy Ettinger).

export interface Chance {
  /** 0 ≤ x < 1. */
  readonly next: () => number
  /** True in `percent` of 100 draws. */
  readonly percent: (percent: number) => boolean
  /** A whole number, 0 ≤ n < `below`. */
  readonly below: (below: number) => number
  readonly pick: <T>(list: readonly T[]) => T
  /** `count` different ones, in the list's order. */
  readonly some: <T>(list: readonly T[], count: number) => readonly T[]
}

export const chanceOf = (seed: number): Chance => {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  const pick = <T>(list: readonly T[]): T => {
    const found = list[below(list.length)]
    if (found === undefined) throw new Error("nothing to pick from")
    return found
  }
  return {
    next,
    below,
    pick,
    percent: (percent) => next() * 100 < percent,
    some: (list, count) => {
      const left = new Set(list.keys())
      while (left.size > Math.max(0, list.length - count)) left.delete(pick([...left]))
      return list.filter((_, at) => !left.has(at))
    },
  }
}
