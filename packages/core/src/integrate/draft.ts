// A draft: what the store knew about a page's records, plus what this step changes. Enters `Loaded`, leaves `Changes`.
// One item can be taken back as a whole (`attempt`), so that an invalid item leaves no trace but its quarantine entry.
import type { Changes } from "../model/changes.ts"
import type { Intent } from "../model/intent.ts"
import type { FieldChange, JournalEntry, JournalKind } from "../model/journal.ts"
import type { Link } from "../model/link.ts"
import type { Loaded } from "../model/loaded.ts"
import type { Binding, Entity } from "../model/pipeline.ts"
import type { Quarantined } from "../model/quarantine.ts"
import type { Claim, RecordRow } from "../model/record.ts"
import type { Review } from "../model/review.ts"
import type { ScanState } from "../model/scan.ts"
import { ClaimTable } from "./claim-table.ts"
import { ForgottenKeys } from "./forgotten-keys.ts"
import { LinkIndex } from "./link-index.ts"
import { ReviewIndex } from "./review-index.ts"
import type { ClockBounds } from "./policy/clock-bounds.ts"

export interface DraftContext {
  readonly entity: Entity
  readonly run: string
  /** Epoch ms. */
  readonly now: number
  readonly nextId: (prefix: string) => string
  readonly clocks: ClockBounds
  /** Fields that a binding's system lost or retyped: not written there until they are back. */
  readonly withheld?: (binding: string) => readonly string[]
  /** Of these, those that have a value there which nobody took in. */
  readonly unread?: (binding: string) => readonly string[]
  /** The store is older than the systems: what it wrote there since it does not know. */
  readonly isRestored?: boolean
}

type Undo = () => void
export class Draft {
  readonly context: DraftContext
  readonly entity: Entity
  readonly forgotten: ForgottenKeys
  private readonly recordsById = new Map<string, RecordRow>()
  private readonly linkIndex = new LinkIndex()
  private readonly claims = new ClaimTable()
  private readonly intentsByLink = new Map<string, Intent>()
  private readonly reviewIndex = new ReviewIndex()
  private readonly quarantineById = new Map<string, Quarantined>()

  private readonly dirtyRecords = new Set<string>()
  private readonly dirtyLinks = new Set<string>()
  private readonly droppedLinks = new Set<string>()
  private readonly dirtyReviews = new Set<string>()
  private readonly dirtyQuarantine = new Set<string>()
  private readonly released = new Set<string>()
  private readonly opened = new Map<string, Intent>()
  private readonly closed = new Set<string>()
  private readonly answeredRecords = new Set<string>()
  private readonly entries: JournalEntry[] = []
  private readonly scans: ScanState[] = []
  private readonly sightedLinks: string[] = []
  private readonly decided: string[] = []
  private undo: Undo[] | null = null

  constructor(context: DraftContext, rows: Loaded) {
    this.context = context
    this.entity = context.entity
    for (const record of rows.records) this.recordsById.set(record.id, record)
    for (const link of rows.links) this.linkIndex.put(link)
    this.claims.load(rows.claims)
    for (const intent of rows.intents) this.intentsByLink.set(intent.linkId, intent)
    for (const review of rows.reviews) this.reviewIndex.put(review)
    for (const entry of rows.quarantine) this.quarantineById.set(entry.id, entry)
    this.forgotten = new ForgottenKeys(rows.forgotten ?? [])
  }

  // reading
  record(id: string): RecordRow {
    const record = this.recordsById.get(id)
    if (record === undefined) throw new Error(`record ${id} was not loaded with its link`)
    return record
  }
  hasRecord(id: string): boolean {
    return this.recordsById.has(id)
  }
  recordIds(): readonly string[] {
    return [...this.recordsById.keys()]
  }
  link(id: string): Link | undefined {
    return this.linkIndex.get(id)
  }
  links(recordId: string): readonly Link[] {
    return this.linkIndex.ofRecord(recordId)
  }
  linkIn(recordId: string, binding: string): Link | undefined {
    return this.links(recordId).find((link) => link.binding === binding)
  }
  linkByRemote(binding: string, remoteId: string): Link | undefined {
    return this.linkIndex.remote(binding, remoteId)
  }
  linkBySecondary(binding: string, secondaryId: string): Link | undefined {
    return this.linkIndex.secondary(binding, secondaryId)
  }
  /** Ids of the records that claim a key; of deleted ones only those with a create still on its way in this binding. */
  claimantsOf(key: string, value: string, binding: string): readonly string[] {
    const onItsWay = (id: string): boolean =>
      this.links(id).some((link) => link.binding === binding && this.intent(link.id)?.kind === "create")
    return this.claims.of(key, value).filter((id) => this.recordsById.get(id)?.deleted === null || onItsWay(id))
  }
  intent(linkId: string): Intent | undefined {
    return this.intentsByLink.get(linkId)
  }
  openIntents(): readonly Intent[] {
    return [...this.intentsByLink.values()]
  }
  reviews(recordId: string): readonly Review[] {
    return this.reviewIndex.openOf(recordId)
  }
  openReviews(): readonly Review[] {
    return this.reviewIndex.open()
  }
  review(id: string): Review | undefined {
    return this.reviewIndex.get(id)
  }
  quarantineEntry(id: string): Quarantined | undefined {
    return this.quarantineById.get(id)
  }
  quarantined(): Iterable<Quarantined> {
    return this.quarantineById.values()
  }
  binding(key: string): Binding {
    const binding = this.entity.bindings.find((candidate) => candidate.key === key)
    if (binding === undefined) throw new Error(`entity ${this.entity.name} has no binding ${key}`)
    return binding
  }

  // writing
  putRecord(record: RecordRow): void {
    const before = this.recordsById.get(record.id)
    this.remember(
      () => {
        if (before === undefined) this.recordsById.delete(record.id)
        else this.recordsById.set(record.id, before)
      },
      this.dirtyRecords,
      record.id,
    )
    this.recordsById.set(record.id, record)
  }
  putLink(link: Link): void {
    const before = this.linkIndex.get(link.id)
    this.remember(
      () => {
        this.linkIndex.drop(link.id)
        if (before !== undefined) this.linkIndex.put(before)
      },
      this.dirtyLinks,
      link.id,
    )
    this.linkIndex.put(link)
  }
  dropLink(id: string): void {
    const before = this.linkIndex.get(id)
    if (before === undefined) return
    this.remember(() => this.linkIndex.put(before), this.droppedLinks, id)
    this.linkIndex.drop(id)
  }
  putClaims(recordId: string, claims: readonly Claim[]): void {
    const back = this.claims.put(recordId, claims)
    this.undo?.push(back)
  }
  putReview(review: Review): void {
    const before = this.reviewIndex.get(review.id)
    this.remember(() => this.reviewIndex.restore(review.id, before), this.dirtyReviews, review.id)
    this.reviewIndex.put(review)
  }
  quarantine(entry: Quarantined): void {
    const before = this.quarantineById.get(entry.id)
    this.remember(
      () => {
        if (before === undefined) this.quarantineById.delete(entry.id)
        else this.quarantineById.set(entry.id, before)
      },
      this.dirtyQuarantine,
      entry.id,
    )
    this.quarantineById.set(entry.id, entry)
    this.released.delete(entry.id)
  }
  release(id: string): void {
    const before = this.quarantineById.get(id)
    if (before === undefined) return
    this.remember(() => this.quarantineById.set(id, before), this.released, id)
    this.quarantineById.delete(id)
    this.dirtyQuarantine.delete(id)
  }
  openIntent(intent: Intent): void {
    const [before, opened, closed] = [this.intentsByLink.get(intent.linkId), this.opened.get(intent.id), this.closed.has(intent.id)]
    this.undo?.push(() => {
      if (before === undefined) this.intentsByLink.delete(intent.linkId)
      else this.intentsByLink.set(intent.linkId, before)
      if (opened === undefined) this.opened.delete(intent.id)
      else this.opened.set(intent.id, opened)
      if (closed) this.closed.add(intent.id)
    })
    this.intentsByLink.set(intent.linkId, intent)
    this.opened.set(intent.id, intent)
    this.closed.delete(intent.id)
  }
  closeIntent(intent: Intent): void {
    if (this.intentsByLink.get(intent.linkId)?.id === intent.id) this.intentsByLink.delete(intent.linkId)
    this.opened.delete(intent.id)
    this.closed.add(intent.id)
    this.answeredRecords.add(intent.recordId)
  }
  sighted(linkId: string): void {
    this.sightedLinks.push(linkId)
  }
  carriedOut(decisionId: string): void {
    this.decided.push(decisionId)
  }
  putScan(scan: ScanState): void {
    this.scans.push(scan)
  }
  note(
    kind: JournalKind,
    about: { recordId?: string | null; binding?: string | null; remoteId?: string | null },
    note: string | null,
    changes: readonly FieldChange[] = [],
  ): void {
    const entry: JournalEntry = {
      kind,
      at: this.context.now,
      run: this.context.run,
      entity: this.entity.name,
      recordId: about.recordId ?? null,
      binding: about.binding ?? null,
      remoteId: about.remoteId ?? null,
      changes,
      note,
    }
    this.entries.push(entry)
    this.undo?.push(() => this.entries.splice(this.entries.indexOf(entry), 1))
  }

  notes(): number {
    return this.entries.length
  }

  /** Runs `step`; if it returns false, everything it put into the draft is taken back. */
  attempt(step: () => boolean): boolean {
    if (this.undo !== null) throw new Error("attempts do not nest")
    const undo: Undo[] = []
    this.undo = undo
    const kept = step()
    this.undo = null
    if (!kept) for (const back of undo.reverse()) back()
    return kept
  }

  changedRecords(): ReadonlySet<string> {
    return this.dirtyRecords
  }
  changedLinks(): ReadonlySet<string> {
    return this.dirtyLinks
  }
  /** Records of intents that were closed. */
  answered(): ReadonlySet<string> {
    return this.answeredRecords
  }
  changedReviews(): readonly Review[] {
    return [...this.dirtyReviews].map((id) => this.reviewIndex.get(id)).filter((review): review is Review => review !== undefined)
  }

  changes(): Changes {
    const rows = <T>(ids: ReadonlySet<string>, map: ReadonlyMap<string, T>): readonly T[] =>
      [...ids].map((id) => map.get(id)).filter((row): row is T => row !== undefined)
    return {
      records: rows(this.dirtyRecords, this.recordsById),
      links: rows(this.dirtyLinks, this.linkIndex.rows()),
      dropLinks: [...this.droppedLinks].filter((id) => this.linkIndex.get(id) === undefined),
      claim: this.claims.new(),
      unclaim: this.claims.lost(),
      reviews: rows(this.dirtyReviews, this.reviewIndex.rows()),
      quarantine: rows(this.dirtyQuarantine, this.quarantineById),
      release: [...this.released].filter((id) => !this.quarantineById.has(id)),
      openIntents: [...this.opened.values()],
      closeIntents: [...this.closed],
      journal: this.entries,
      scans: this.scans,
      sighted: this.sightedLinks.length === 0 ? null : { linkIds: this.sightedLinks, at: this.context.now },
      decided: this.decided,
    }
  }

  private remember(back: Undo, dirty: Set<string>, id: string): void {
    const wasDirty = dirty.has(id)
    dirty.add(id)
    this.undo?.push(() => {
      back()
      if (!wasDirty) dirty.delete(id)
    })
  }
}
