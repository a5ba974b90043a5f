// Virtual time: one queue of what happens when. Time jumps to the next entry whenever everything that runs waits, so the
// order of things depends on the seed alone.
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

interface Entry {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** Turns of the event loop after which nothing that could run is left waiting. */
const TURNS = 2
/** As many when nothing is to come: a long computation lets others go first now and then. */
const LAST_TURNS = 200

export class Timeline {
  now: number
  private readonly entries: Entry[] = []
  private count = 0

  constructor(now: number) {
    this.now = now
  }

  at(time: number, run: () => void): void {
    const entry = { at: Math.max(time, this.now), order: this.count++, run }
    let low = 0
    let high = this.entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      const other = this.entries[middle] as Entry
      if (other.at > entry.at || (other.at === entry.at && other.order > entry.order)) low = middle + 1
      else high = middle
    }
    this.entries.splice(low, 0, entry)
  }
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.at(this.now + ms, resolve))
  }
  /** Lets time pass with nobody at work. */
  async pass(ms: number): Promise<void> {
    await this.until(this.wait(ms))
  }
  /** Moves time on until `work` is done; its result. */
  async until<T>(work: Promise<T>): Promise<T> {
    let done = false
    const finish = (): void => {
      done = true
    }
    work.then(finish, finish)
    for (;;) {
      for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve))
      for (let turn = 0; !done && this.entries.length === 0 && turn < LAST_TURNS; turn++)
        await new Promise((resolve) => setImmediate(resolve))
      if (done) return work
      const entry = this.entries.pop()
      if (entry === undefined) throw new Error("everything waits and nothing is to come")
      this.now = entry.at
      entry.run()
    }
  }
  clock(): Clock.Clock {
    const nanos = (): bigint => BigInt(this.now) * 1_000_000n
    return {
      currentTimeMillisUnsafe: () => this.now,
      currentTimeMillis: Effect.sync(() => this.now),
      currentTimeNanosUnsafe: nanos,
      currentTimeNanos: Effect.sync(nanos),
      monotonicTimeNanosUnsafe: nanos,
      monotonicTimeNanos: Effect.sync(nanos),
      sleep: (duration) => Effect.promise(() => this.wait(Duration.toMillis(duration))),
    }
  }
}
