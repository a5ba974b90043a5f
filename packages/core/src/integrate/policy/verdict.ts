// What a policy is asked and what it may answer.
import type { Base } from "../../model/link.ts"
import type { Stamp } from "../../model/record.ts"
import type { Json } from "../../model/value.ts"
import type { ClockBounds } from "./clock-bounds.ts"

export interface Contest {
  readonly base: Base
  /** The record's value and its author. */
  readonly record: { readonly value: Json; readonly stamp: Stamp | undefined }
  /** The value of the system that did not know the record's. */
  readonly incoming: { readonly value: Json; readonly stamp: Stamp }
  readonly clocks: ClockBounds
}

export type Verdict =
  /** the incoming value wins */
  | { readonly kind: "accept"; readonly rule: string }
  /** the record's value stays */
  | { readonly kind: "keep"; readonly rule: string }
  | { readonly kind: "merged"; readonly value: Json; readonly rule: string }
  /** a person decides */
  | { readonly kind: "hold"; readonly why: string }
