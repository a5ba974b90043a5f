// A person who answers reviews, any way that the question allows.
import type { Decision, Review } from "@syncline/core"
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
