// `review list`: the open (or closed) questions, narrowed by kind, field, entity.
import { EXIT, type ExitCode } from "../exit.ts"
import { renderReviews } from "../render/review.ts"
import type { Screen } from "../screen/screen.ts"
import { perform } from "../wire/effect.ts"
import { labelsOf, look, pendingDecisions } from "../wire/looking.ts"

export interface ReviewNarrow {
  readonly kind?: string
  readonly field?: string
  readonly entity?: string
}

export const narrowReviews = ({ kind, field, entity }: ReviewNarrow): ReviewNarrow => ({
  ...(kind === undefined ? {} : { kind }),
  ...(field === undefined ? {} : { field }),
  ...(entity === undefined ? {} : { entity }),
})

export const reviewList = (
  screen: Screen,
  file: string | undefined,
  options: ReviewNarrow & { readonly store?: string; readonly closed: boolean; readonly limit: number },
): Promise<ExitCode> =>
  look(screen, file === undefined ? [] : [file], options, { command: "review list", data: [] }, async ({ store, view }) => {
    const found = await perform(
      store.reviews({ ...narrowReviews(options), status: options.closed ? "closed" : "open", limit: options.limit + 1 }),
    )
    const decided = await pendingDecisions(store)
    const reviews = found.slice(0, options.limit)
    const labels = await labelsOf(
      store,
      reviews.flatMap((review) => (review.recordId === null ? [] : [review.recordId])),
    )
    screen.out(renderReviews(reviews, decided, { ...view, labels, more: found.length > options.limit }).join("\n"))
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
