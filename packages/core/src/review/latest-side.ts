// Which side of a dispute changed last, as far as the times can tell. Pure: a review and what is known of the clocks in,
// the one side that is later than every other out, or why nobody can say.
import { type ClockBounds, later } from "../integrate/policy/clock-bounds.ts"
import type { Review, Side } from "../model/review.ts"
import { equal } from "../model/value.ts"

/** Whose value it is, by the name under which it can be taken. */
export const takerOf = (side: Side): string => (side.linkId === null ? side.stamp.system : side.system)

export type Latest = { readonly side: Side } | { readonly side: null; readonly why: string }

/** For a look at times where the systems' clocks and resolutions are not at hand: a second either way. */
export const ROUGH_CLOCKS: ClockBounds = { offset: () => null, resolutionMs: () => 1_000 }

export function latestSide(review: Review, clocks: ClockBounds): Latest {
  if (review.kind !== "conflict" || review.sides.length < 2) return { side: null, why: "it is no dispute between two values" }
  const first = review.sides.find((side) =>
    review.sides.every((other) => other === side || equal(other.value, side.value) || later(side.stamp, other.stamp, clocks) === "a"),
  )
  if (first !== undefined) return { side: first }
  const unsure = review.sides.find((side) => side.stamp.certainty === "observed")
  const why =
    unsure === undefined ? "the changes lie too close together to tell which came last" : `${unsure.system} does not say when it changed`
  return { side: null, why }
}
