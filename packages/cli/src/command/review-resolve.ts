// `review resolve`: one answer, or the same answer to many. It is left in the store for the next run, with the hash of
// what was shown, so that an answer to values that moved meanwhile is not carried out.
import type { Decision, Review, Store } from "@syncline/core"
import { EXIT, type ExitCode } from "../exit.ts"
import { CliFailure, usage } from "../failure.ts"
import { cleanText } from "../render/clean.ts"
import { plural } from "../render/count.ts"
import { answerOf, renderReview, takers } from "../render/review.ts"
import type { Screen } from "../screen/screen.ts"
import { perform } from "../wire/effect.ts"
import { randomIds } from "../wire/ids.ts"
import { labelsOf, look, type Look } from "../wire/looking.ts"
import { choiceFrom, type Choice, type Answer } from "./review-answer.ts"
import { narrowReviews, type ReviewNarrow } from "./review-list.ts"
import { findReview } from "./review-show.ts"

export interface ResolveOptions extends ReviewNarrow, Answer {
  readonly store?: string
  readonly hash?: string
  readonly note?: string
  readonly yes?: boolean
}
const MANY = 10_000

export const reviewResolve = (screen: Screen, args: readonly string[], options: ResolveOptions): Promise<ExitCode> =>
  look(screen, args, { ...options, live: true }, { command: "review resolve", data: { decided: [] } }, async (at) => {
    const { store, rest, located } = at
    if (rest.length > 1) throw usage("One question at a time.", "Many at once: --kind, --field or --entity")
    const narrowed = options.kind !== undefined || options.field !== undefined || options.entity !== undefined
    const [id] = rest
    if (id === undefined && !narrowed)
      throw usage(
        "Which question? Name its id, or many by --kind, --field, --entity.",
        `They are listed by: syncline review list ${located.shown}`,
      )
    const reviews =
      id === undefined
        ? await perform(store.reviews({ ...narrowReviews(options), status: "open", limit: MANY }))
        : [await findReview(store, id, located.shown)]
    const answered = id === undefined ? await answerMany(screen, at, reviews, options) : await answerOne(screen, at, reviews[0], options)
    for (const { review, choice } of answered) await decide(screen, store, review, choice, options.note ?? null)
    screen.answer("review resolve", { decided: answered.map(({ review, choice }) => ({ review: review.id, choice })) })
    if (answered.length > 0)
      screen.out(screen.paint.dim(`The next run carries ${answered.length === 1 ? "it" : "them"} out: syncline run ${located.shown}`))
    return EXIT.done
  })

interface Answered {
  readonly review: Review
  readonly choice: Choice
}

async function answerOne(screen: Screen, at: Look, review: Review | undefined, options: ResolveOptions): Promise<Answered[]> {
  if (review === undefined) return []
  if (review.status !== "open")
    throw new CliFailure(EXIT.attention, `This question is settled already: ${cleanText(review.resolution ?? review.status)}`)
  if (options.hash !== undefined && options.hash !== review.hash) {
    throw new CliFailure(EXIT.attention, "What is disputed has changed since it was shown.", {
      hint: `Look again: syncline review show ${at.located.shown} ${review.id}`,
    })
  }
  const choice = choiceFrom(review, options)
  if (choice !== null) return [{ review, choice }]
  if (!screen.shell.interactive || screen.json)
    throw usage("What is the answer?", `It is one of those that are shown by: syncline review show ${at.located.shown} ${review.id}`)
  const labels = await labelsOf(at.store, [...(review.recordId === null ? [] : [review.recordId]), ...review.candidates])
  const candidates = review.candidates.map((candidate) => ({ id: candidate, label: labels.get(candidate) ?? candidate }))
  const shown = renderReview(review, null, {
    ...at.view,
    label: review.recordId === null ? null : (labels.get(review.recordId) ?? null),
    candidates,
  })
  screen.out(shown.slice(0, shown.indexOf("Answer with one of:")).join("\n"))
  const asked = await (await import("./review-ask.ts")).askForChoice(screen, review, candidates)
  return asked === null ? [] : [{ review, choice: asked }]
}

async function answerMany(screen: Screen, at: Look, reviews: readonly Review[], options: ResolveOptions): Promise<Answered[]> {
  if (reviews.length === 0) {
    screen.out(`${screen.paint.green("✓")} No open questions of that kind.`)
    return []
  }
  if (options.record !== undefined) throw usage("--record answers one question, not many.")
  const answered: Answered[] = []
  const passed: Review[] = []
  for (const review of reviews) {
    // The same words may not fit each question: a system that is no side of it cannot be taken.
    if (
      options.take !== undefined &&
      (review.kind === "conflict" || review.kind === "delete_vs_edit") &&
      !["keep", "delete"].includes(options.take) &&
      !takers(review).includes(options.take)
    ) {
      passed.push(review)
      continue
    }
    const choice = choiceFrom(review, options)
    if (choice === null) throw usage("What is the answer to all of them?", "Give one with --take or --set.")
    answered.push({ review, choice })
  }
  if (passed.length > 0)
    screen.note(`${plural(passed.length, "question")} left alone: ${options.take} is no side of ${passed.length === 1 ? "it" : "them"}.`)
  if (options.yes !== true && screen.shell.interactive && !screen.json && answered.length > 0) {
    const { confirmMany } = await import("./review-ask.ts")
    if (!(await confirmMany(screen, `Answer ${plural(answered.length, "question")} in ${at.outline.name} this way?`))) return []
  }
  return answered
}

async function decide(screen: Screen, store: Store, review: Review, choice: Choice, note: string | null): Promise<void> {
  const by = screen.shell.env["SYNCLINE_USER"] ?? screen.shell.env["USER"] ?? screen.shell.env["LOGNAME"] ?? "somebody"
  const decision: Decision = {
    id: randomIds.next("dec"),
    at: screen.shell.now(),
    by,
    note,
    kind: "resolve",
    reviewId: review.id,
    hash: review.hash,
    choice,
  }
  await perform(store.decide(decision))
  screen.out(
    `${screen.paint.green("✓")} ${cleanText(review.id)}${review.field === null ? "" : ` ${cleanText(review.field)}`}: ${answerOf(decision)}`,
  )
}
