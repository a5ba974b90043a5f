// The dates that a system gives to what happens in it, where they are not true: its clock was set back once, or an edit bears a
// date that is still to come. In: what its clock says. Out: the date, and whether dates of this system can be relied on.
import type { Chance } from "./random.ts"
import type { Author } from "./row.ts"

const AHEAD_MS = [60_000, 7_200_000, 172_800_000] as const

export class Dates {
  setBackMs = 0
  /** What the clock said when it was set back. */
  private highest = Number.NEGATIVE_INFINITY
  /** Set: now and then a user dates an edit ahead. */
  ahead: Chance | null = null
  private areAhead = false

  setBack(ms: number, clock: number): void {
    this.highest = Math.max(this.highest, clock)
    this.setBackMs += ms
  }
  of(author: Author, clock: number): number {
    if (this.ahead === null || author.by !== "user" || !this.ahead.is(0.15)) return clock
    this.areAhead = true
    return clock + this.ahead.of(AHEAD_MS)
  }
  /** Whether a date may lie behind one that was given before it. */
  isBehind(at: number): boolean {
    return at <= this.highest
  }
  /** Who was later cannot be told by dates of this system. */
  get mislead(): boolean {
    return this.areAhead || this.setBackMs > 0
  }
}
