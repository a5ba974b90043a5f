// A person who answers reviews, any way that the question allows.
import { type ClockBounds, type Decision, latestSide, type Review, takerOf } from "@syncline/core"
import type { Chance } from "./random.ts"

type Choice = Extract<Decision, { kind: "resolve" }>["choice"]

/** null: better to wait than to answer. `made`: whether the item of an unanswered create is there to be seen. */
export function choiceFor(review: Review, chance: Chance, made: boolean): Choice | null {
  switch (review.kind) {
    case "conflict":
      return review.sides.length > 0 && chance.is(0.9)
        ? { take: "value", value: chance.of(review.sides).value }
        : review.sides[0] === undefined
          ? null
          : { take: "system", system: chance.of(review.sides).system }
    case "delete_vs_edit":
      return { take: chance.of(["keep", "delete"] as const) }
    case "duplicate":
    case "ambiguous":
      if (review.item === null || chance.is(0.6)) return { take: "ignore" }
      return review.candidates[0] !== undefined && review.kind === "ambiguous"
        ? { take: "record", recordId: chance.of(review.candidates) }
        : { take: "ignore" }
    case "unknown_write":
      return made ? null : { take: "retry" }
    case "unachievable":
    case "unique_clash":
      return { take: chance.is(0.8) ? "retry" : "ignore" }
  }
}

/** What is answered more seldom; null: nothing of that kind fits here. */
export function widerChoiceFor(review: Review, chance: Chance, clocks: ClockBounds): Choice | null {
  switch (review.kind) {
    case "conflict": {
      const latest = latestSide(review, clocks)
      if (latest.side === null) return null
      const system = takerOf(latest.side)
      return review.sides.find((side) => side.system === system)?.value === latest.side.value
        ? { take: "system", system }
        : { take: "value", value: latest.side.value }
    }
    case "duplicate":
    case "ambiguous": {
      if (review.candidates.length === 0 || review.item === null) return null
      return chance.is(0.75) ? { take: "merge", into: chance.of(review.candidates) } : { take: "new" }
    }
    case "unknown_write":
      return chance.is(0.3) ? { take: "ignore" } : null
    case "delete_vs_edit":
    case "unachievable":
    case "unique_clash":
      return null
  }
}
