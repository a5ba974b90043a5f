// What the reference model keeps: one Map per noun. Values are never changed in place, so a copy of the Maps is a copy of all.
import type { Intent } from "../model/intent.ts"
import type { JournalRow } from "../model/journal.ts"
import type { Link } from "../model/link.ts"
import type { Quarantined } from "../model/quarantine.ts"
import type { Claim, RecordRow } from "../model/record.ts"
import type { Review } from "../model/review.ts"
import type { ScanState } from "../model/scan.ts"
import type { Json } from "../model/value.ts"
import type { Decision } from "./decision.ts"
import type { Blocked } from "./erasure.ts"
import type { RunRow } from "./run-row.ts"

export interface Tables {
  lease: { readonly owner: string | null; readonly epoch: number; readonly until: number }
  readonly records: Map<string, RecordRow>
  readonly links: Map<string, Link>
  /** By the text of the whole claim. */
  readonly claims: Map<string, Claim>
  readonly intents: Map<string, Intent>
  readonly reviews: Map<string, Review>
  readonly quarantine: Map<string, Quarantined>
  readonly journal: JournalRow[]
  /** By entity and binding. */
  readonly scans: Map<string, ScanState>
  readonly decisions: Map<string, Decision>
  readonly systems: Map<string, Json>
  readonly runs: Map<string, RunRow>
  /** Match keys that may not come in again, by their keyed hash. */
  readonly forgotten: Map<string, Blocked & { readonly at: number; readonly person: string }>
}

export const emptyTables = (): Tables => ({
  lease: { owner: null, epoch: 0, until: 0 },
  records: new Map(),
  links: new Map(),
  claims: new Map(),
  intents: new Map(),
  reviews: new Map(),
  quarantine: new Map(),
  journal: [],
  scans: new Map(),
  decisions: new Map(),
  systems: new Map(),
  runs: new Map(),
  forgotten: new Map(),
})

export const copyTables = (from: Tables): Tables => ({
  lease: from.lease,
  records: new Map(from.records),
  links: new Map(from.links),
  claims: new Map(from.claims),
  intents: new Map(from.intents),
  reviews: new Map(from.reviews),
  quarantine: new Map(from.quarantine),
  journal: [...from.journal],
  scans: new Map(from.scans),
  decisions: new Map(from.decisions),
  systems: new Map(from.systems),
  runs: new Map(from.runs),
  forgotten: new Map(from.forgotten),
})
