// The fake's own clock. It runs with the machine's until it is moved or stopped, by a test or by the admin port.

export interface Clock {
  /** Epoch ms. */
  now(): number
  /** ISO 8601 with ms. */
  iso(): string
  set(epochMs: number): void
  advance(ms: number): void
  freeze(frozen: boolean): void
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
    iso: () => new Date(now()).toISOString(),
    set,
    advance: (ms) => set(now() + ms),
    freeze(frozen) {
      if (frozen) frozenAt = now()
      else if (frozenAt !== null) {
        offsetMs = frozenAt - base()
        frozenAt = null
      }
    },
  }
}
