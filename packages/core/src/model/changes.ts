// Changes: all that one step wants to store, committed in one transaction or not at all.
import type { Intent } from "./intent.ts"
import type { JournalEntry } from "./journal.ts"
import type { Link } from "./link.ts"
import type { Quarantined } from "./quarantine.ts"
import type { Claim, RecordRow } from "./record.ts"
import type { Review } from "./review.ts"
import type { ScanState } from "./scan.ts"

export interface Changes {
  readonly records: readonly RecordRow[]
  readonly links: readonly Link[]
  readonly dropLinks: readonly string[]
  readonly claim: readonly Claim[]
  readonly unclaim: readonly Claim[]
  readonly reviews: readonly Review[]
  readonly quarantine: readonly Quarantined[]
  /** Ids of quarantine entries that are released. */
  readonly release: readonly string[]
  readonly openIntents: readonly Intent[]
  /** Ids of intents whose outcome is known. */
  readonly closeIntents: readonly string[]
  readonly journal: readonly JournalEntry[]
  readonly scans: readonly ScanState[]
  /** Links whose item was seen again, unchanged. */
  readonly sighted: { readonly linkIds: readonly string[]; readonly at: number } | null
  /** Ids of decisions that are hereby carried out. */
  readonly decided: readonly string[]
}

export const NO_CHANGES: Changes = {
  records: [],
  links: [],
  dropLinks: [],
  claim: [],
  unclaim: [],
  reviews: [],
  quarantine: [],
  release: [],
  openIntents: [],
  closeIntents: [],
  journal: [],
  scans: [],
  sighted: null,
  decided: [],
}
