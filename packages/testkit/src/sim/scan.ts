// Scans of a simulated system, page by page: full ones, and feeds of what changed since a cursor. In: where a scan stands.
// Out: the next page, and where it stands then. What a page shows is told to whoever keeps count.
import type { Cursor, Page, PullRequest } from "@syncline/connector"
import type { FaultKind } from "./faults.ts"
import { heirOf } from "./naming.ts"
import { overlapOf } from "./shape.ts"
import { placeInFeed, type State, statesAt, statesShownLate } from "./showing.ts"
import type { Spot } from "./spot.ts"
import type { Strains } from "./strains.ts"
import type { SimSystem, Version } from "./system.ts"
import type { Timeline } from "./timeline.ts"

/** What a page shows, and in how many changes. */
type Show = (part: readonly State[], changes: number) => void

export class Scan {
  private readonly system: SimSystem
  private readonly time: Timeline
  private readonly strains: Strains
  private readonly hits: (kind: FaultKind) => boolean

  constructor(system: SimSystem, time: Timeline, strains: Strains, hits: (kind: FaultKind) => boolean) {
    this.system = system
    this.time = time
    this.strains = strains
    this.hits = hits
  }

  page({ mode, limit }: PullRequest, asOf: number, cursor: Spot | null, show: Show): Page {
    return mode === "snapshot" ? this.snapshot(asOf, cursor, limit, show) : this.delta(asOf, cursor, limit, show)
  }
  private snapshot(asOf: number, cursor: Spot | null, limit: number, show: Show): Page {
    const { system } = this
    const start = cursor === null || cursor.scan === null ? this.startOf(asOf) : cursor.scan
    const shown = this.states(asOf).filter(({ version }) => version.state === "live" || version.state === "archived")
    const sorted = shown.sort((a, b) => (a.row.uid < b.row.uid ? -1 : 1))
    const after = cursor?.after ?? ""
    // the newest first: what is added meanwhile shows others twice, what is deleted hides one
    const byPosition = this.strains.pageShifts === true
    const rest = byPosition ? sorted.reverse().slice(Number(after)) : sorted.filter(({ row }) => after === "" || row.uid > after)
    const part = rest.slice(0, limit)
    const broken = rest.length > limit && this.hits("scanBreaksOff")
    const more = rest.length > limit && !broken
    show(part, part.length)
    if (byPosition) system.hidden.page(Number(after), part, more || broken ? null : system.rows)
    const place = byPosition ? String(Number(after) + part.length) : (part.at(-1)?.row.uid ?? "")
    return {
      changes: part.map(({ row, version }) => system.changeOf(row, version)),
      next: more ? { after: place, seq: 0, since: 0, scan: { ...start } } : this.endOf(start.seq, start.since),
      more,
      complete: !broken,
      ...(system.shape.total ? { total: system.live().length } : {}),
    }
  }
  private delta(asOf: number, cursor: Spot | null, limit: number, show: Show): Page {
    const { system } = this
    const from = cursor ?? { after: null, seq: 0, since: 0, scan: null }
    const start = from.scan ?? this.startOf(asOf)
    const key = (state: State): string => placeInFeed(system, state)
    const shown = this.states(asOf)
      .filter(({ version }) => version.state !== "gone" || system.shape.deletes === "tombstone" || isTold(system, version))
      .filter(({ version }) => (system.shape.delta === "sequence" ? version.seq > from.seq : system.time(version.at) >= from.since))
      .sort((a, b) => (key(a) < key(b) ? -1 : 1))
    const rest = shown.filter((state) => from.after === null || key(state) > from.after)
    const part = rest.slice(0, limit)
    const more = rest.length > limit
    const changes = part.map(({ row, version }) => system.changeOf(row, version))
    if (this.hits("pageRepeats")) changes.push(...changes)
    show(part, changes.length)
    const last = part.at(-1)
    const seq = system.shape.delta === "sequence" ? Math.max(from.seq, last?.version.seq ?? 0) : start.seq
    return {
      changes,
      next:
        more && last !== undefined
          ? { after: key(last), seq: from.seq, since: from.since, scan: { ...start } }
          : this.endOf(seq, start.since),
      more,
      complete: true,
      ...(system.shape.total ? { total: system.live().length } : {}),
    }
  }
  /** In a feed or a list, where commits may show in another order than they were made. */
  private states(asOf: number): State[] {
    const late = this.strains.lateCommits === true && this.system.shape.delta !== "sequence"
    return late ? statesShownLate(this.system, this.time.now) : statesAt(this.system, asOf)
  }
  private startOf(asOf: number): NonNullable<Spot["scan"]> {
    const seqs = this.states(asOf).map(({ version }) => version.seq)
    return { asOf, seq: Math.max(0, ...seqs), since: this.system.time(this.system.clock()) - overlapOf(this.system.shape) }
  }
  endOf(seq: number, since: number): Cursor {
    return this.system.shape.delta === "none" ? null : { after: null, seq, since, scan: null }
  }
}

const isTold = (system: SimSystem, version: Version): boolean => system.merging === "reported" && heirOf(version) !== null
