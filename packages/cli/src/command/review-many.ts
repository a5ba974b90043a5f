// The same answer to many questions: which it fits, and why the others stay open. Pure, so that a dry run and the real
// thing cannot differ.
import type { Decision, Review } from "@syncline/core"
import { CliFailure } from "../failure.ts"
import { answerOf } from "../render/review.ts"
import type { ClocksAt } from "../wire/clocks.ts"
import { type Answer, choiceFrom, type Choice } from "./review-answer.ts"

export interface Answered {
  readonly review: Review
  readonly choice: Choice
}
export interface LeftOpen {
  readonly review: Review
  readonly why: string
}

export function judgeMany(
  reviews: readonly Review[],
  answer: Answer,
  decided: ReadonlyMap<string, Decision>,
  clocks: ClocksAt,
): { readonly answered: readonly Answered[]; readonly open: readonly LeftOpen[] } {
  const answered: Answered[] = []
  const open: LeftOpen[] = []
  for (const review of reviews) {
    const before = decided.get(review.id)
    // somebody looked at this one by itself; what moved since is open to be answered anew
    if (before?.kind === "resolve" && before.hash === review.hash) {
      open.push({ review, why: `answered already by ${before.by}: ${answerOf(before)}` })
      continue
    }
    try {
      const choice = choiceFrom(review, answer, clocks)
      if (choice !== null) answered.push({ review, choice })
    } catch (reason) {
      if (!(reason instanceof CliFailure)) throw reason
      open.push({ review, why: reason.message })
    }
  }
  return { answered, open }
}
