// Conflicts that nobody decided in time. The pipeline's answer is left in the inbox like a person's, and is carried out,
// journalled and held against the values it was given to in the same way.
import * as Effect from "effect/Effect"
import type { ClockBounds } from "../integrate/policy/clock-bounds.ts"
import type { ReviewRules } from "../model/pipeline.ts"
import type { Choice, Review } from "../model/review.ts"
import type { Session } from "../session/session.ts"
import type { StoreError } from "../store/error.ts"
import { latestSide, takerOf } from "./latest-side.ts"

const MOST = 100_000
const DAY_MS = 86_400_000

/** Who answers in the journal when nobody did. */
export const EXPIRY = "expiry"

/** Leaves an answer to every conflict whose time is over; answers how many. */
export const expireQuestions = (session: Session): Effect.Effect<number, StoreError> =>
  Effect.gen(function* () {
    const { store, pipeline, ids } = session.engine
    const rule = pipeline.reviews.expire
    if (rule === null) return 0
    const now = session.engine.now()
    const open = yield* store.reviews({ status: "open", kind: "conflict", limit: MOST })
    const answered = new Set((yield* store.decisions()).flatMap((each) => (each.kind === "resolve" ? [each.reviewId] : [])))
    let left = 0
    for (const review of open) {
      if (review.openedAt + rule.afterMs > now || answered.has(review.id)) continue
      // the pipeline's answer to these very values was refused: a person has to decide
      if (review.returned?.by === EXPIRY && review.returned.hash === review.hash) continue
      const choice = expiredChoice(review, rule.take, clocksFor(session, review))
      if (choice === null) continue
      yield* store.decide({
        kind: "resolve",
        id: ids.next("dec"),
        at: now,
        by: EXPIRY,
        note: `open for ${Math.floor((now - review.openedAt) / DAY_MS)} days, ${rule.take.kind === "newest" ? "the newest value is taken" : `${rule.take.system} is preferred`}`,
        reviewId: review.id,
        hash: review.hash,
        choice,
      })
      left++
    }
    return left
  })

type Take = NonNullable<ReviewRules["expire"]>["take"]

/** What the rule takes; null where it cannot tell, and the question stays open. */
export function expiredChoice(review: Review, take: Take, clocks: ClockBounds): Choice | null {
  const side =
    take.kind === "prefer" ? (review.sides.findLast((each) => takerOf(each) === take.system) ?? null) : latestSide(review, clocks).side
  // the value itself: a system may stand on two sides of a question
  return side === null ? null : { take: "value", value: side.value }
}

function clocksFor(session: Session, review: Review): ClockBounds {
  const entity = session.engine.pipeline.entities.find((each) => each.name === review.entity)
  const resolutions = new Map(entity?.bindings.map((binding) => [binding.system, binding.spec.version.resolutionMs ?? 1]))
  return { offset: (system) => session.engine.clockOffset(system), resolutionMs: (system) => resolutions.get(system) ?? 1 }
}
