// The larger or the smaller of two numbers, dates or date-times.
import type { Json } from "../../model/value.ts"
import type { Contest, Verdict } from "./verdict.ts"

/** Negative: a before b; null: not comparable. ISO dates of one form compare as text. */
function compare(a: Json, b: Json): number | null {
  if (typeof a === "number" && typeof b === "number") return a - b
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0
  return null
}

export function extreme(contest: Contest, kind: "max" | "min"): Verdict {
  const order = compare(contest.incoming.value, contest.record.value)
  if (order === null) return { kind: "hold", why: `${kind} compares two numbers or two dates` }
  const wins = kind === "max" ? order > 0 : order < 0
  return wins ? { kind: "accept", rule: kind } : { kind: "keep", rule: kind }
}
