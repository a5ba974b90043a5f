// The server's clock: the real one or an injected one, plus an offset that `/admin/clock` sets.

export interface Clock {
  /** Epoch ms. */
  now(): number
  offsetMs: number
}

export const makeClock = (base: () => number): Clock => {
  const clock: Clock = { offsetMs: 0, now: () => Math.round(base() + clock.offsetMs) }
  return clock
}
