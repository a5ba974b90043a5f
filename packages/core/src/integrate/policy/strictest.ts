// The strictest value wins, whoever wrote it and whenever: made for consent.
import type { Json } from "../../model/value.ts"
import { equal } from "../../model/value.ts"
import type { Contest, Verdict } from "./verdict.ts"

/** `order`: strictest first. */
export function strictest(contest: Contest, order: readonly Json[]): Verdict {
  const rank = (value: Json): number => order.findIndex((candidate) => equal(candidate, value))
  const ours = rank(contest.record.value)
  const theirs = rank(contest.incoming.value)
  if (ours < 0 || theirs < 0) {
    const stranger = ours < 0 ? contest.record.value : contest.incoming.value
    return { kind: "hold", why: `${JSON.stringify(stranger)} is not in the list of strictest` }
  }
  return theirs < ours
    ? { kind: "accept", rule: `strictest: ${JSON.stringify(contest.incoming.value)}` }
    : { kind: "keep", rule: `strictest: ${JSON.stringify(contest.record.value)}` }
}
