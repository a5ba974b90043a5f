// What a full comparison tells: every way in which a system, the record and our memory of the system disagree, each with
// its cause. Differences want something done; what is explained is as the pipeline says it should be.
import type { Unreachable } from "../model/report.ts"
import type { Json } from "../model/value.ts"

export type Cause =
  | /** an item or a record that the other side does not know */ "never_synced"
  /** the system's value is not the one it last returned */
  | "edited_outside"
  /** the record's value was to be there, and the system has an older one */
  | "lost_write"
  /** our own record holds a value that nobody wrote */
  | "record"
  /** our memory of the item is not what the item is, though its value is the record's */
  | "memory"
  /** the mapping cannot read what is there, or cannot write what should be */
  | "mapping"
  /** known, and on its way */
  | "owed"
  /** waits for a person: a review, or quarantine */
  | "held"
  /** the system lost the field or changed its type: held until it is back */
  | "drift"
  /** a linked item that is not there */
  | "missing"
  /** an item too many: a second one for one record, or one that was known to be gone */
  | "extra"

export type Reason =
  | /** the record does not belong there, or was deleted and left in place */ "filter"
  /** the system rewrites what it is given, as it did before */
  | "rewritten"
  /** only read from there, or a blank that is only written */
  | "one_way"
  /** left alone by decision */
  | "ignored"
  /** about somebody who was forgotten, and not taken in again */
  | "forgotten"

export interface Difference {
  readonly cause: Cause
  readonly system: string
  readonly binding: string
  readonly entity: string
  /** `null`: no record stands for the item. */
  readonly recordId: string | null
  /** How people recognise it. */
  readonly label: string
  readonly remoteId: string | null
  /** `null`: the item as a whole. */
  readonly field: string | null
  /** Canonical values; null where there is none. */
  readonly record: Json
  /** What the system last returned, as far as we remember. */
  readonly seen: Json
  readonly actual: Json
  /** The system's version says that nothing changed, although something did. */
  readonly silent: boolean
  /** A write of it was taken and came to nothing: a repair sends it once more. */
  readonly again?: boolean
  /** One sentence. */
  readonly note: string
}

export interface Compared {
  readonly system: string
  readonly binding: string
  readonly entity: string
  /** Items that the system returned. */
  readonly items: number
  /** Of those, items that stand for a record of ours. */
  readonly linked: number
  /** Field values compared, and how many of them agree up to the mapping. */
  readonly fields: number
  readonly agree: number
  readonly differences: number
  /** `false`: the system could not show everything, so nothing that it did not show counts as missing. */
  readonly complete: boolean
}

export interface VerifyReport {
  readonly verify: 1
  readonly pipeline: string
  readonly startedAt: number
  readonly endedAt: number
  readonly compared: readonly Compared[]
  readonly causes: Readonly<Partial<Record<Cause, number>>>
  readonly explained: Readonly<Partial<Record<Reason, number>>>
  readonly differences: readonly Difference[]
  /** Differences that were counted, and are not listed. */
  readonly unlisted: number
  readonly unreachable: readonly Unreachable[]
  readonly warnings: readonly string[]
}
