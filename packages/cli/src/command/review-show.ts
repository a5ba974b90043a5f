// `review show`: one question side by side, with what can be answered.
import type { Review, Store } from "@syncline/core"
import { EXIT, type ExitCode } from "../exit.ts"
import { usage } from "../failure.ts"
import { renderReview } from "../render/review.ts"
import type { Screen } from "../screen/screen.ts"
import { clocksOf } from "../wire/clocks.ts"
import { perform } from "../wire/effect.ts"
import { look, pendingDecisions } from "../wire/looking.ts"
import { namedIn } from "../wire/named.ts"
import { suggestFor } from "./review-suggest.ts"

export const reviewShow = (screen: Screen, args: readonly string[], options: { readonly store?: string }): Promise<ExitCode> =>
  look(screen, args, options, { command: "review show", data: null }, async ({ store, view, rest, located, outline }) => {
    const [id] = rest
    if (id === undefined) throw usage("Which question? Name its id.", `They are listed by: syncline review list ${located.shown}`)
    const review = await findReview(store, id, located.shown)
    const { record, candidates } = await namedIn(store, review)
    const decision = (await pendingDecisions(store)).get(review.id) ?? null
    const suggestion = review.status === "open" ? await suggestFor(store, review, await clocksOf(store, outline)) : null
    screen.out(renderReview(review, decision, { ...view, record, candidates, suggestion }).join("\n"))
    screen.answer("review show", { ...review, decision, label: record?.label ?? null, candidates, suggestion })
    return EXIT.done
  })

export async function findReview(store: Store, id: string, file: string): Promise<Review> {
  const review = await perform(store.review(id))
  if (review === null) throw usage(`There is no question ${id}.`, `They are listed by: syncline review list ${file}`)
  return review
}
