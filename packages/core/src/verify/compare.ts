// One item beside its record and our memory of it, field by field. Pure: says where the three disagree, and what each has;
// why they do is judged later, with the journal at hand, and only where it matters.
import { isRefusedField, reviewHolding, wholeHold } from "./holds.ts"
import { TAKEN } from "../integrate/refusal.ts"
import { LensFailure, type Binding, type CompiledField } from "../model/pipeline.ts"
import type { Link } from "../model/link.ts"
import type { Loaded } from "../model/loaded.ts"
import { segmentsOf, valueAt } from "../model/path.ts"
import type { RecordRow } from "../model/record.ts"
import { canonicalText, equal, isBlank, type Json, type JsonObject } from "../model/value.ts"
import type { Cause, Reason } from "./difference.ts"

export interface FieldFacts {
  readonly field: CompiledField
  readonly record: Json
  readonly seen: Json
  readonly actual: Json
}

/** How one field stands. `moved` and `apart` need the journal to tell who is right. */
export type Standing =
  | { readonly kind: "agrees" }
  | { readonly kind: "explained"; readonly reason: Reason }
  | (FieldFacts & {
      readonly kind: "plain"
      readonly cause: Cause
      readonly note: string
      /** A write of it was taken and came to nothing: it may be sent again. */
      readonly again?: boolean
    })
  /** not what the system last returned */
  | (FieldFacts & { readonly kind: "moved" })
  /** as the system last returned it, not owed, and yet not the record's value */
  | (FieldFacts & { readonly kind: "apart" })

export function compareFields(
  binding: Binding,
  record: RecordRow,
  link: Link,
  loaded: Loaded,
  item: JsonObject,
): readonly (readonly [string, Standing])[] {
  const whole = wholeHold(loaded, link)
  return binding.fields.map((field) => [field.name, standing(field, record, link, loaded, item, whole)] as const)
}

function standing(field: CompiledField, record: RecordRow, link: Link, loaded: Loaded, item: JsonObject, whole: string | null): Standing {
  const present = record.fields[field.name] ?? null
  const before = link.seen === null ? null : field.get(link.seen)
  const seen = before instanceof LensFailure ? null : before
  const actual = field.get(item)
  if (actual instanceof LensFailure) {
    const raw = valueAt(item, segmentsOf(field.reads[0] ?? ""))
    const facts = { field, record: present, seen, actual: raw }
    return { kind: "plain", ...facts, cause: "mapping", note: `unreadable: ${actual.message}` }
  }
  const facts: FieldFacts = { field, record: present, seen, actual }
  const movedRaw = link.seen !== null && !sameThere(field, link.seen, item)
  const moved = movedRaw && (before instanceof LensFailure || !equal(seen, actual))
  const owed = link.owed[field.name]

  if (agrees(field, present, actual, item)) {
    // what waits as a whole is remembered as it was before, until it passes
    if (!movedRaw || whole !== null) return { kind: "agrees" }
    return { kind: "plain", ...facts, cause: "memory", note: "it agrees, but was remembered otherwise" }
  }
  if (link.state === "parked") return moved ? { kind: "moved", ...facts } : { kind: "explained", reason: "filter" }
  if (whole !== null && (moved || owed !== undefined)) return { kind: "plain", ...facts, cause: "held", note: whole }
  const review = reviewHolding(loaded, link, field.name)
  if (review !== null && !moved)
    return {
      kind: "plain",
      ...facts,
      cause: review.kind === "unachievable" ? "mapping" : "held",
      note: `review ${review.id}: ${review.message}`,
    }
  const refused = isRefusedField(loaded, link, field.name)
  if (refused !== null && !moved) {
    const again = refused.startsWith(TAKEN)
    return { kind: "plain", ...facts, cause: "held", note: again ? refused : `the system refused it: ${refused}`, again }
  }
  if (moved) return { kind: "moved", ...facts }
  if (owed !== undefined) return { kind: "plain", ...facts, cause: "owed", note: "to be written there" }
  if (link.seen === null) return { kind: "plain", ...facts, cause: "owed", note: "found there, and still to be read" }
  if (field.name in link.means && equal(link.means[field.name], present)) return { kind: "explained", reason: "rewritten" }
  if (field.direction === "out" && isBlank(present)) return { kind: "explained", reason: "one_way" }
  return { kind: "apart", ...facts }
}

/** The same value, or one that the mapping has no other way to say. */
function agrees(field: CompiledField, present: Json, actual: Json, item: JsonObject): boolean {
  if (equal(actual, present)) return true
  if (field.direction === "in") return false
  const put = field.put(present, item)
  return !(put instanceof LensFailure) && Object.keys(put).length === 0
}

/** In the system's own representation; the order of a list says nothing. */
function sameThere(field: CompiledField, seen: JsonObject, item: JsonObject): boolean {
  return field.reads.every((path) => {
    const segments = segmentsOf(path)
    return equal(unordered(valueAt(seen, segments)), unordered(valueAt(item, segments)))
  })
}

const unordered = (value: Json): Json => (Array.isArray(value) ? [...value].map((each: Json) => canonicalText(each)).sort() : value)
