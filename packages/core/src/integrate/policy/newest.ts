// Last writer wins, honestly: edits that lie within the clocks' uncertainty have no order.
import type { Contest, Verdict } from "./verdict.ts"
import { later } from "./clock-bounds.ts"

/** `order`: systems by rank, for edits whose order nobody can tell. */
export function newest(contest: Contest, order: readonly string[] | null): Verdict {
  const { record, incoming } = contest
  if (record.stamp === undefined) return { kind: "accept", rule: "newest: nobody wrote the other value" }
  const which = later(incoming.stamp, record.stamp, contest.clocks)
  if (which === "a") return { kind: "accept", rule: `newest: ${incoming.stamp.system} wrote last` }
  if (which === "b") return { kind: "keep", rule: `newest: ${record.stamp.system} wrote last` }
  const rank = (system: string): number => {
    const index = order?.indexOf(system) ?? -1
    return index < 0 ? Number.POSITIVE_INFINITY : index
  }
  const ours = rank(record.stamp.system)
  const theirs = rank(incoming.stamp.system)
  if (theirs < ours) return { kind: "accept", rule: `newest: too close to tell, ${incoming.stamp.system} comes first in the order` }
  if (ours < theirs) return { kind: "keep", rule: `newest: too close to tell, ${record.stamp.system} comes first in the order` }
  return { kind: "hold", why: "both were edited so closely together that their order cannot be told" }
}
