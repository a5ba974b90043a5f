// Sets merge three-way: what either side added is in, what either side removed is out.
import type { Json } from "../../model/value.ts"
import { canonicalText } from "../../model/value.ts"
import type { Contest, Verdict } from "./verdict.ts"

const asSet = (value: Json | undefined): ReadonlyMap<string, Json> | null => {
  if (value === undefined || value === null) return new Map()
  if (!Array.isArray(value)) return null
  return new Map((value as readonly Json[]).map((member) => [canonicalText(member), member]))
}

export function union(contest: Contest): Verdict {
  const ours = asSet(contest.record.value)
  const theirs = asSet(contest.incoming.value)
  const base = asSet(contest.base[0])
  if (ours === null || theirs === null || base === null) return { kind: "hold", why: "union needs lists on both sides" }
  const merged = new Map<string, Json>()
  for (const [text, member] of [...ours, ...theirs]) {
    const removed = base.has(text) && !(ours.has(text) && theirs.has(text))
    if (!removed) merged.set(text, member)
  }
  // sorted as the `set` lens sorts, so that one set has one form
  const value = [...merged].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, member]) => member)
  return { kind: "merged", value, rule: "union of both" }
}
