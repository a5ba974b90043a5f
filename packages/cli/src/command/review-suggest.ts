// What speaks for an answer: which side changed last, and what people decided in questions like this one.
import type { Review, Store } from "@syncline/core"
import { latestSide, takerOf } from "@syncline/core/review"
import { answerWords } from "../render/review.ts"
import type { Suggestion } from "../render/suggestion.ts"
import type { ClocksAt } from "../wire/clocks.ts"
import { perform } from "../wire/effect.ts"

const MOST_LIKE_IT = 1_000

export async function suggestFor(store: Store, review: Review, clocks: ClocksAt): Promise<Suggestion> {
  const like = await perform(
    store.reviews({
      status: "closed",
      kind: review.kind,
      entity: review.entity,
      ...(review.field === null ? {} : { field: review.field }),
      limit: MOST_LIKE_IT,
    }),
  )
  const counts = new Map<string, number>()
  for (const { answer } of like) {
    // an own value, or one particular record, says nothing about other questions
    if (answer === undefined || ["value", "record", "merge"].includes(answer.choice.take)) continue
    const words = answerWords(answer.choice)
    counts.set(words, (counts.get(words) ?? 0) + 1)
  }
  const latest = latestSide(review, clocks(review.openedAt))
  return {
    latest: latest.side === null ? null : takerOf(latest.side),
    latestAt: latest.side?.stamp.at ?? null,
    unclear: latest.side === null && review.kind === "conflict" ? latest.why : null,
    before: [...counts].map(([answer, times]) => ({ answer, times })).sort((a, b) => b.times - a.times || (a.answer < b.answer ? -1 : 1)),
  }
}
