// One sliding window of a rate limit: at most `max` units within any stretch of `perMs`, both ends included.
// Nothing is reserved ahead: a unit is taken when the call goes out, and can be given back if it did not.

interface Span {
  from: number
  /** Time of the last call in the span: all of it leaves the window together with that one. */
  to: number
  cost: number
}

/** Above this many units, calls close together share a span, so that a day's budget stays small in memory and in the store. */
const EXACT_UP_TO = 1000

export type WindowState = readonly (readonly [fromMs: number, toMs: number, cost: number])[]

export class SlidingWindow {
  readonly max: number
  readonly perMs: number
  readonly #grainMs: number
  #spans: Span[] = []
  #used = 0

  constructor(max: number, perMs: number) {
    this.max = max
    this.perMs = perMs
    this.#grainMs = max <= EXACT_UP_TO ? 0 : perMs / EXACT_UP_TO
  }

  /** Milliseconds until `cost` fits; 0 if it fits now. */
  waitMs(now: number, cost: number): number {
    this.#forget(now)
    let used = this.#used
    if (used + cost <= this.max) return 0
    for (const span of this.#spans) {
      used -= span.cost
      if (used + cost <= this.max) return this.#leavesAt(span) - now
    }
    return this.perMs
  }

  take(now: number, cost: number): void {
    this.#used += cost
    const last = this.#spans.at(-1)
    if (last !== undefined && now - last.from <= this.#grainMs) {
      last.to = now
      last.cost += cost
    } else this.#spans.push({ from: now, to: now, cost })
  }

  giveBack(takenAt: number, cost: number): void {
    const span = this.#spans.find((each) => each.from <= takenAt && takenAt <= each.to)
    if (span === undefined) return
    const back = Math.min(cost, span.cost)
    span.cost -= back
    this.#used -= back
  }

  /** The wall clock was set back: what is known keeps its age. */
  shift(byMs: number): void {
    for (const span of this.#spans) {
      span.from += byMs
      span.to += byMs
    }
  }

  state(now: number): WindowState {
    this.#forget(now)
    return this.#spans.map(({ from, to, cost }) => [from, to, cost] as const)
  }

  restore(state: WindowState, now: number): void {
    // A saved time that lies ahead means that the clock was set back in between.
    this.#spans = state.map(([from, to, cost]) => ({ from: Math.min(from, now), to: Math.min(to, now), cost }))
    this.#used = this.#spans.reduce((sum, span) => sum + span.cost, 0)
  }

  // One more millisecond than `perMs`: clocks that count whole milliseconds can be off by one.
  #leavesAt(span: Span): number {
    return span.to + this.perMs + 1
  }

  #forget(now: number): void {
    let first = this.#spans[0]
    while (first !== undefined && this.#leavesAt(first) <= now) {
      this.#used -= first.cost
      this.#spans.shift()
      first = this.#spans[0]
    }
  }
}
