// How far a system's clock is ahead of ours, learned from the `Date` headers of its answers, as an interval that holds
// the true offset. Each answer was dated at some moment between sending and receiving, in [date, date + 1 s): that bounds
// the offset, and all answers together bound it better (Marzullo's idea, without the voting). Pure: times come from outside.

export interface ClockInterval {
  /** Server time minus ours, ms. */
  readonly low: number
  readonly high: number
}

export interface ClockOffsetState extends ClockInterval {
  /** Our time at which the interval was right. */
  readonly at: number
}

/** Two ordinary clocks drift apart by less than this per millisecond (200 ppm). */
const DRIFT = 0.0002
const DATE_RESOLUTION_MS = 1000
/** Servers keep the text of the date and renew it by a timer, which may be late. */
const RENEWED_LATE_MS = 50

export class ClockOffset {
  #known: ClockOffsetState | null

  constructor(state: ClockOffsetState | null = null) {
    this.#known = state
  }

  /** `date`: epoch ms that the header says, a whole second. */
  observe(answer: { readonly sentAt: number; readonly receivedAt: number; readonly date: number }): void {
    const { sentAt, receivedAt, date } = answer
    // Our own clock was set back in the middle of the call: this answer says nothing.
    if (!(receivedAt >= sentAt) || !Number.isFinite(date)) return
    const low = date - receivedAt
    const high = date + DATE_RESOLUTION_MS + RENEWED_LATE_MS - sentAt
    const known = this.interval(receivedAt)
    const together = known === null ? null : { low: Math.max(known.low, low), high: Math.min(known.high, high) }
    // Nothing in common: one of the clocks was set. What was known before is void.
    this.#known = { at: receivedAt, ...(together !== null && together.low <= together.high ? together : { low, high }) }
  }

  interval(now: number): ClockInterval | null {
    if (this.#known === null) return null
    const slack = Math.abs(now - this.#known.at) * DRIFT
    return { low: this.#known.low - slack, high: this.#known.high + slack }
  }

  toJSON(): ClockOffsetState | null {
    return this.#known
  }

  static fromJSON(state: ClockOffsetState | null): ClockOffset {
    return new ClockOffset(state)
  }
}
