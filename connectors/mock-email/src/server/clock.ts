// The platform's own clock. It runs with the given one until it is moved or stopped by the admin port.

export interface Clock {
  /** Epoch ms. */
  now(): number
  /** Epoch seconds, as members carry it. */
  seconds(): number
  set(epochMs: number): void
  advance(ms: number): void
  freeze(frozen: boolean): void
  reset(): void
}

export const createClock = (base: () => number): Clock => {
  let offsetMs = 0
  let frozenAt: number | null = null
  const now = (): number => frozenAt ?? base() + offsetMs
  const set = (epochMs: number): void => {
    offsetMs = epochMs - base()
    if (frozenAt !== null) frozenAt = epochMs
  }
  return {
    now,
    seconds: () => Math.floor(now() / 1000),
    set,
    advance: (ms) => set(now() + ms),
    freeze(frozen) {
      if (frozen) frozenAt = now()
      else if (frozenAt !== null) {
        offsetMs = frozenAt - base()
        frozenAt = null
      }
    },
    reset() {
      offsetMs = 0
      frozenAt = null
    },
  }
}
