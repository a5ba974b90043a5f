// A link: a record's counterpart in one system. `seen` and `owed` are the two memories that everything follows from.
import type { Json, JsonObject } from "./value.ts"

/**
 * The canonical value on which record and system last agreed: one element, or none where they never met
 * (`no base` equals no value, not even a blank).
 */
export type Base = readonly [Json] | readonly []
export const NO_BASE: Base = []

export interface Owed {
  readonly [field: string]: Base
}

export type LinkState =
  /** in step, or on the way to it */
  | "live"
  /** the record left the binding's filter: recognised, only `seen` is updated, nothing is written */
  | "parked"
  /** the record was deleted and the item was left in place: recognised, never matched anew */
  | "kept"
  /** the item is gone there: a tombstone that keeps late pages from bringing it back */
  | "gone"

/** What is owed beyond fields. */
export type Owes = "delete" | "archive" | null

export interface Link {
  readonly id: string
  readonly recordId: string
  readonly entity: string
  /** `crm.contacts` */
  readonly binding: string
  readonly state: LinkState
  /** `null`: not created there yet. */
  readonly remoteId: string | null
  readonly secondaryId: string | null
  /** Counts the creates of this link, so that a late tombstone cannot hit its successor. */
  readonly generation: number
  /** The mapped remote values exactly as last returned, sparse, in the system's own representation. `null`: never. */
  readonly seen: JsonObject | null
  readonly owed: Owed
  readonly owes: Owes
  /** Field -> canonical value that the system rewrote on arrival without having declared it. */
  readonly means: { readonly [field: string]: Json }
  readonly version: string | null
  /** When the item was last seen there, epoch ms on our clock. */
  readonly seenAt: number | null
  /** Earliest time for the next delivery; `null`: nothing to deliver, or only what is held. */
  readonly dueAt: number | null
  readonly attempts: number
  /** Set: read the item again before anything else happens to it, once the declared lag has passed since this time. */
  readonly rereadAt: number | null
  /** When something last spoke against `seen`: an answer that may be older than that does not end the question. */
  readonly doubtedAt: number | null
  /** Why nothing is delivered although something is owed: the last refusal in words. */
  readonly blocked: string | null
}
