// `review list`: the open (or closed) questions, narrowed by kind, field, entity, system and age.
import { EXIT, type ExitCode } from "../exit.ts"
import { renderReviews } from "../render/review.ts"
import type { Screen } from "../screen/screen.ts"
import { labelsOf, look, pendingDecisions } from "../wire/looking.ts"
import { type ReviewNarrow, selectReviews } from "./review-select.ts"

export const reviewList = (
  screen: Screen,
  file: string | undefined,
  options: ReviewNarrow & { readonly store?: string; readonly closed: boolean; readonly limit: number },
): Promise<ExitCode> =>
  look(screen, file === undefined ? [] : [file], options, { command: "review list", data: [] }, async ({ store, view }) => {
    const found = await selectReviews(store, options, options.closed ? "closed" : "open", view.now)
    const decided = await pendingDecisions(store)
    const reviews = found.slice(0, options.limit)
    const labels = await labelsOf(
      store,
      reviews.flatMap((review) => (review.recordId === null ? [] : [review.recordId])),
    )
    screen.out(renderReviews(reviews, decided, { ...view, labels, more: found.length > options.limit, alike: found }).join("\n"))
    screen.answer(
      "review list",
      reviews.map((review) => ({
        ...review,
        label: review.recordId === null ? null : (labels.get(review.recordId) ?? null),
        decision: decided.get(review.id) ?? null,
      })),
    )
    return EXIT.done
  })
