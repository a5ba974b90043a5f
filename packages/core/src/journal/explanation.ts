// The answer to "why is this value what it is": per field the value, its author, and how each system stands to it.
import type { JournalRow } from "../model/journal.ts"
import type { LinkState } from "../model/link.ts"
import type { Review } from "../model/review.ts"
import type { Quarantined } from "../model/quarantine.ts"
import type { Deletion, Stamp } from "../model/record.ts"
import type { Json } from "../model/value.ts"

export interface FieldInSystem {
  readonly system: string
  readonly binding: string
  /** What the system has, in canonical form; null where never seen. */
  readonly value: Json
  readonly direction: "both" | "in" | "out"
  readonly state: "agrees" | "owed" | "held" | "blocked" | "differs" | "not linked"
}

export interface FieldExplanation {
  readonly field: string
  readonly value: Json
  readonly stamp: Stamp | null
  readonly systems: readonly FieldInSystem[]
  /** Journal rows about this field, newest first. */
  readonly history: readonly JournalRow[]
}

export interface Explanation {
  readonly recordId: string
  readonly entity: string
  readonly label: string
  readonly deleted: Deletion | null
  readonly links: readonly {
    readonly binding: string
    readonly remoteId: string | null
    readonly state: LinkState
    readonly owed: readonly string[]
    readonly dueAt: number | null
    readonly blocked: string | null
  }[]
  readonly fields: readonly FieldExplanation[]
  readonly reviews: readonly Review[]
  readonly quarantine: readonly Quarantined[]
}
