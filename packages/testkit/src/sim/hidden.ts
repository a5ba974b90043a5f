// Items that a full scan by position passed over: they moved to where it had been already. In: each page of a scan as it is
// shown. Out: whether nobody could see a row in it, although no page was left out.
import type { Row } from "./row.ts"
import type { State } from "./showing.ts"

export class Hidden {
  private readonly shown = new Set<Row>()
  private readonly passed = new Set<Row>()
  /** Up to here each position was shown. */
  private upTo = 0

  /** `ended`: all rows that there are, where this page was the last. */
  page(from: number, part: readonly State[], ended: readonly Row[] | null): void {
    if (from === 0) {
      this.shown.clear()
      this.upTo = 0
    }
    // whoever leaves out a page finds no excuse here
    if (from > this.upTo) return
    this.upTo = Math.max(this.upTo, from + part.length)
    for (const { row } of part) this.shown.add(row)
    if (ended === null) return
    this.passed.clear()
    for (const row of ended) if (!this.shown.has(row)) this.passed.add(row)
  }
  has(row: Row): boolean {
    return this.passed.has(row)
  }
}
