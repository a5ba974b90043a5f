// What one pass did, seen from outside: pages it was shown, calls it made, answers that told it to wait. Judged when a
// cursor becomes durable (I10), at every call and at the end (I18), and against the pass's own report (I9).
import { type Cursor, isObject } from "@syncline/connector"
import type { JournalRow, RunReport } from "@syncline/core"
import type { Row, SimSystem, Version } from "../system.ts"

interface Calls {
  calls: number
  retries: number
  readonly failed: Set<string>
  notBefore: number
}

/** Retries that nobody minds, however few calls there are. */
const FEW_RETRIES = 10
const SHARE_OF_RETRIES = 0.1

export type Shown = readonly { readonly row: Row; readonly version: Version }[]

export class PassAccount {
  private readonly pages = new Map<SimSystem, Map<Row, number>>()
  private readonly read = new Map<string, number>()
  private readonly calls = new Map<string, Calls>()

  page(system: SimSystem, shown: Shown, changes: number): void {
    const rows = this.pages.get(system) ?? new Map<Row, number>()
    this.pages.set(system, rows)
    for (const { row, version } of shown) rows.set(row, Math.max(version.seq, rows.get(row) ?? 0))
    this.read.set(system.name, (this.read.get(system.name) ?? 0) + changes)
  }

  /** Rows whose pages are durable from now on, with the state that was shown. */
  takePages(system: SimSystem): ReadonlyMap<Row, number> {
    const rows = this.pages.get(system) ?? new Map<Row, number>()
    this.pages.delete(system)
    return rows
  }

  /** What is wrong with making this call now; null: nothing. */
  calling(system: string, name: string, now: number): string | null {
    const own = this.callsOf(system)
    own.calls++
    if (own.failed.has(name)) own.retries++
    return now < own.notBefore ? `${system} is called ${own.notBefore - now} ms before it said that it may be` : null
  }
  answered(system: string, name: string): void {
    this.callsOf(system).failed.delete(name)
  }
  refused(system: string, name: string, notBefore: number | null): void {
    const own = this.callsOf(system)
    own.failed.add(name)
    if (notBefore !== null) own.notBefore = Math.max(own.notBefore, notBefore)
  }
  /** Whoever was told to wait waits, whatever it does next. */
  heed(other: PassAccount): void {
    for (const [system, { notBefore }] of other.calls) {
      const own = this.callsOf(system)
      own.notBefore = Math.max(own.notBefore, notBefore)
    }
  }
  tooManyRetries(): string | null {
    for (const [system, { calls, retries }] of this.calls)
      if (retries > Math.max(FEW_RETRIES, SHARE_OF_RETRIES * calls)) return `${retries} of ${calls} calls to ${system} were retries`
    return null
  }

  /** Where the report and what happened disagree; `rows`: what the pass wrote into the journal. */
  misreported(report: RunReport, rows: readonly JournalRow[]): string | null {
    const kinds = (kind: string, system?: string): number =>
      rows.filter((row) => row.kind === kind && (system === undefined || row.binding?.startsWith(`${system}.`) === true)).length
    for (const { system, read, created, updated, deleted } of report.systems) {
      const shown = this.read.get(system) ?? 0
      const cut = report.unreachable.some((one) => one.system === system)
      if (read > shown || (read < shown && !cut)) return `the report says that ${read} items of ${system} were read; ${shown} were shown`
      for (const [count, kind] of [
        [created, "created"],
        [updated, "updated"],
        [deleted, "removed"],
      ] as const)
        if (count > kinds(kind, system))
          return `the report says that ${count} items were ${kind} in ${system}, the journal ${kinds(kind, system)}`
    }
    if (report.quarantinedNow !== kinds("quarantined"))
      return `the report says ${report.quarantinedNow} quarantined, the journal ${kinds("quarantined")}`
    if (report.reviewsOpened !== kinds("review_opened"))
      return `the report says ${report.reviewsOpened} questions, the journal ${kinds("review_opened")}`
    return null
  }

  private callsOf(system: string): Calls {
    let own = this.calls.get(system)
    if (own === undefined) this.calls.set(system, (own = { calls: 0, retries: 0, failed: new Set(), notBefore: 0 }))
    return own
  }
}

/**
 * A cursor became durable: what it will never show again must have been shown and stored. `durable`: row -> latest state
 * whose page was stored. The row that would be missed; null: none. What nobody knows of, and a scan by position passed over,
 * is found by the next one: no answer gives a hint of it.
 */
export function missedBy(
  system: SimSystem,
  cursor: Cursor,
  durable: ReadonlyMap<Row, number>,
  isLinked: (row: Row) => boolean,
): Row | null {
  if (!isObject(cursor)) return null
  const { seq, since } = cursor
  for (const row of system.rows) {
    const present = row.versions.at(-1)
    if (present === undefined || present.state === "gone") continue
    // a feed by time does not show what is dated before its cursor: the next full scan does
    if (system.shape.delta === "timestamp" && system.dates.isBehind(present.at)) continue
    const readAgain = system.shape.delta === "sequence" ? present.seq > Number(seq) : system.time(present.at) >= Number(since)
    if (!readAgain && (durable.get(row) ?? 0) < present.seq && (isLinked(row) || !system.hidden.has(row))) return row
  }
  return null
}
