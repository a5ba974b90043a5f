// A record: one canonical instance of an entity, and who wrote each of its fields last.
import type { Json } from "./value.ts"

/** How sure the time of a stamp is. */
export type Certainty =
  /** the system keeps a time per field */
  | "field"
  /** the item's modified time: covers the fields that changed against `seen` */
  | "item"
  /** only the time at which we saw it */
  | "observed"
  /** a person decided it here */
  | "human"

export interface Stamp {
  /** Name of the system, or "human". */
  readonly system: string
  /** Epoch ms on that system's own clock (ours for `observed` and `human`). */
  readonly at: number
  readonly certainty: Certainty
}

/** Of a value that nobody ever set. */
export const NOBODYS: Stamp = { system: "unknown", at: 0, certainty: "observed" }

/** Who said what a field says. */
export const authorOf = ({ stamps }: Pick<RecordRow, "stamps">, field: string): Stamp => stamps[field] ?? NOBODYS

export interface Fields {
  readonly [field: string]: Json
}

export interface Deletion {
  /** The system where it was deleted, or "human". */
  readonly system: string
  readonly at: number
  /** What proves it, in words for the journal. */
  readonly proof: string
  /** The record that stands for the same one since a person merged the two. */
  readonly mergedInto?: string
}

export interface RecordRow {
  readonly id: string
  readonly entity: string
  readonly fields: Fields
  readonly stamps: { readonly [field: string]: Stamp }
  readonly deleted: Deletion | null
}

export interface KeyValue {
  /** Name of the match key: its fields joined by "+". */
  readonly key: string
  /** Canonical text of the key's values. */
  readonly value: string
}

/** A claim of a record on a match key: several records may claim one value, and then it identifies nobody. */
export interface Claim extends KeyValue {
  readonly entity: string
  readonly recordId: string
}
