// The journal: append-only account of every change, decision and remote write.
import type { Json } from "./value.ts"
import type { Stamp } from "./record.ts"

export type JournalKind =
  | /** a record was made from an item */ "record_new"
  /** a remote edit was taken into the record */
  | "accepted"
  /** two values disagreed and a rule decided */
  | "conflict"
  /** an item was tied to a record */
  | "linked"
  | "unlinked"
  | "rekeyed"
  | "merged"
  /** the filter of a binding no longer / again accepts the record */
  | "parked"
  | "unparked"
  /** a delete with its proof */
  | "deleted"
  | "revived"
  /** a remote write took effect */
  | "created"
  | "updated"
  | "removed"
  /** a remote write did not, or nobody knows */
  | "refused"
  | "unanswered"
  | "retried"
  | "review_opened"
  | "review_closed"
  | "review_resolved"
  | "quarantined"
  | "released"
  | "guard"
  /** a full comparison found something and put it right */
  | "repaired"
  /** what a run wrote was taken back */
  | "undone"
  /** a person was erased: the row says nothing of whom */
  | "forgotten"

export interface FieldChange {
  readonly field: string
  readonly before: Json
  readonly after: Json
  /** Who wrote `after`. */
  readonly by?: Stamp
  /** conflict: the value that lost, its author, the rule that decided. */
  readonly lost?: Json
  readonly lostBy?: Stamp
  readonly rule?: string
}

export interface JournalEntry {
  readonly kind: JournalKind
  readonly at: number
  readonly run: string
  readonly entity: string | null
  readonly recordId: string | null
  readonly binding: string | null
  readonly remoteId: string | null
  readonly changes: readonly FieldChange[]
  /** Plain words: proof of a delete, reason of a refusal, rule of a match. */
  readonly note: string | null
}

/** Notes of `created` rows where the item may be somebody else's: one without a note was made by the write itself. */
export const MET = "it was there before: the write went on top of it"
export const MAY_HAVE_MET = "this system does not say whether it was there before"
export const FOUND = "found by its key after a create without an answer"

/** Note of an `updated` row that wrote the marks of a delete, and no field. */
export const ARCHIVED = "archived: the record was deleted"

/** How the note of a `removed` row begins where the delete found nothing: somebody else had removed the item. */
export const GONE_BEFORE = "it was gone there already"

/** Note of a row of which something was erased with somebody who was forgotten. */
export const ERASED = "erased"

export interface JournalRow extends JournalEntry {
  readonly seq: number
}
