// A clock and a sleep for the limiter that move only when a test says so.

export interface VirtualTime {
  readonly now: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Lets everything that can happen now happen, then moves on to the next alarm; `false` if nobody sleeps any more. */
  step(): Promise<boolean>
  /** Moves forward, through every alarm on the way. */
  advance(ms: number): Promise<void>
  /** Sets the clock, as a person would. */
  set(ms: number): void
}

/** A turn of the macrotask queue: all promises that can settle have settled. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export const virtualTime = (startMs = 1_800_000_000_000): VirtualTime => {
  let time = startMs
  let alarms: { at: number; ring: () => void }[] = []
  const ringNext = (untilMs: number): boolean => {
    const next = alarms.toSorted((a, b) => a.at - b.at)[0]
    if (next === undefined || next.at > untilMs) return false
    alarms = alarms.filter((alarm) => alarm !== next)
    time = Math.max(time, next.at)
    next.ring()
    return true
  }
  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const alarm = { at: time + ms, ring: resolve }
        alarms.push(alarm)
        signal.addEventListener("abort", () => {
          alarms = alarms.filter((each) => each !== alarm)
          reject(signal.reason)
        })
      }),
    async step() {
      await settle()
      const rang = ringNext(Number.POSITIVE_INFINITY)
      await settle()
      return rang
    },
    async advance(ms) {
      const until = time + ms
      await settle()
      while (ringNext(until)) await settle()
      time = Math.max(time, until)
    },
    set(ms) {
      time = ms
    },
  }
}
