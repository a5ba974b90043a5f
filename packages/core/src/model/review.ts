// A review: a question for a person. It holds only what is disputed.
import type { Base } from "./link.ts"
import type { Stamp } from "./record.ts"
import type { Json, JsonObject } from "./value.ts"

export type ReviewKind =
  /** two systems changed one field */
  | "conflict"
  /** deleted in one system, edited in another */
  | "delete_vs_edit"
  /** a second item of one system for one record */
  | "duplicate"
  /** several records could be meant */
  | "ambiguous"
  /** a value that the mapping cannot write so that it reads back as meant */
  | "unachievable"
  /** a create without an answer, at a system that cannot tell whether it happened */
  | "unknown_write"
  /** a unique value that belongs to another item there */
  | "unique_clash"

export interface Side {
  readonly system: string
  readonly linkId: string | null
  readonly value: Json
  readonly stamp: Stamp
}

/** What a person may answer. */
export type Choice =
  | { readonly take: "system"; readonly system: string }
  | { readonly take: "value"; readonly value: Json }
  /** delete_vs_edit: keep the item, or let the delete go on. */
  | { readonly take: "keep" | "delete" }
  /** duplicate, ambiguous: which record the item belongs to; or that it is a new one; or to leave it alone. */
  | { readonly take: "record"; readonly recordId: string }
  | { readonly take: "new" | "ignore" }
  /** duplicate, ambiguous: the candidates are one, and this record survives. */
  | { readonly take: "merge"; readonly into: string }
  /** unknown_write, unachievable, unique_clash: try again. */
  | { readonly take: "retry" }

export interface Answered {
  readonly by: string
  readonly at: number
  /** Why, in the words of whoever answered. */
  readonly note: string | null
  readonly choice: Choice
}

export interface Review {
  readonly id: string
  readonly kind: ReviewKind
  readonly entity: string
  readonly recordId: string | null
  readonly field: string | null
  readonly linkId: string | null
  readonly binding: string | null
  readonly remoteId: string | null
  readonly base: Base
  /** The record's own value first, then each system that disagrees. */
  readonly sides: readonly Side[]
  /** What happened, in one sentence. */
  readonly message: string
  /** The item as it was observed, for `duplicate` and `ambiguous`. */
  readonly item: JsonObject | null
  /** The item's stable id, where it has one. */
  readonly secondary?: string
  /** The item's version as it was observed, where the system says one. */
  readonly version?: string
  /** Records it could belong to. */
  readonly candidates: readonly string[]
  /** The record whose item it was before both were deleted. */
  readonly formerly?: string
  /** Content hash of what a person is shown; a decision made on another hash is stale. */
  readonly hash: string
  readonly openedAt: number
  readonly closedAt: number | null
  readonly status: "open" | "resolved" | "withdrawn"
  /** How it ended, in words. */
  readonly resolution: string | null
  /** The answer that settled it. */
  readonly answer?: Answered
  /** The last answer that could not be carried out, what it was made on, and why it is asked again. */
  readonly returned?: Answered & { readonly hash: string; readonly why: string }
}
