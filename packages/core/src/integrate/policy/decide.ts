// Puts a contest before the policy of its field, or, at a first meeting, before `on_match`.
import type { Entity, Policy } from "../../model/pipeline.ts"
import { extreme } from "./extreme.ts"
import { newest } from "./newest.ts"
import { prefer } from "./prefer.ts"
import { review } from "./review.ts"
import { strictest } from "./strictest.ts"
import { union } from "./union.ts"
import type { Contest, Verdict } from "./verdict.ts"

export function decide(policy: Policy, contest: Contest): Verdict {
  switch (policy.kind) {
    case "newest":
      return newest(contest, policy.order)
    case "prefer":
      return prefer(contest, policy.system)
    case "review":
      return review()
    case "strictest":
      return strictest(contest, policy.order)
    case "union":
      return union(contest)
    case "max":
    case "min":
      return extreme(contest, policy.kind)
  }
}

/**
 * Two items meet for the first time. Policies that look at the values, or name the system to believe, keep their
 * meaning (an opt-out must win here too); whatever would ask for times or for a person is decided by `on_match`.
 */
export function decideFirstMeeting(entity: Entity, field: string, contest: Contest): Verdict {
  const policy = entity.policy(field)
  const byValue = policy.kind === "strictest" || policy.kind === "union" || policy.kind === "max" || policy.kind === "min"
  if (byValue || (policy.kind === "prefer" && entity.hasOwnPolicy(field))) return decide(policy, contest)
  switch (entity.onMatch.kind) {
    case "newest":
      // items that never met carry no history: where their times do not tell, the order of the bindings does
      return newest(contest, (policy.kind === "newest" ? policy.order : null) ?? entity.bindings.map((binding) => binding.system))
    case "prefer":
      return prefer(contest, entity.onMatch.system)
    case "fill_blanks":
      return { kind: "keep", rule: "fill_blanks: the record's value stays" }
    case "review":
      return { kind: "hold", why: "on_match is review" }
  }
}
