// `review resolve`: one answer, or the same answer to many. It is left in the store for the next run, with the hash of
// what was shown, so that an answer to values that moved meanwhile is not carried out.
import type { Decision, Review, Store } from "@syncline/core"
import { EXIT, type ExitCode } from "../exit.ts"
import { CliFailure, usage } from "../failure.ts"
import { cleanText } from "../render/clean.ts"
import { plural } from "../render/count.ts"
import { answerWords, renderReview } from "../render/review.ts"
import { renderMany } from "../render/review-many.ts"
import type { Screen } from "../screen/screen.ts"
import { clocksOf } from "../wire/clocks.ts"
import { perform } from "../wire/effect.ts"
import { randomIds } from "../wire/ids.ts"
import { labelsOf, look, pendingDecisions, type Look } from "../wire/looking.ts"
import { namedIn } from "../wire/named.ts"
import { admit } from "./review-admit.ts"
import { choiceFrom, type Choice, type Answer } from "./review-answer.ts"
import { type Answered, judgeMany, type LeftOpen } from "./review-many.ts"
import { isNarrowed, type ReviewNarrow, selectReviews } from "./review-select.ts"
import { findReview } from "./review-show.ts"
import { suggestFor } from "./review-suggest.ts"

export interface ResolveOptions extends ReviewNarrow, Answer {
  readonly store?: string
  readonly hash?: string
  readonly note?: string
  readonly yes?: boolean
  readonly dryRun?: boolean
}

const FILTERS = "--kind, --field, --entity, --system, --older-than"

export const reviewResolve = (screen: Screen, args: readonly string[], options: ResolveOptions): Promise<ExitCode> =>
  look(screen, args, { ...options, live: true }, { command: "review resolve", data: { decided: [] } }, async (at) => {
    const { store, rest, located } = at
    if (rest.length > 1) throw usage("One question at a time.", `Many at once: ${FILTERS}`)
    const [id] = rest
    if (id === undefined && !isNarrowed(options))
      throw usage(`Which question? Name its id, or many by ${FILTERS}.`, `They are listed by: syncline review list ${located.shown}`)
    const dryRun = options.dryRun === true
    const { answered, open } =
      id === undefined
        ? await answerMany(screen, at, options)
        : { answered: await answerOne(screen, at, await findReview(store, id, located.shown), options), open: [] }
    if (!dryRun) for (const { review, choice } of answered) await decide(screen, store, review, choice, options.note ?? null)
    if (id !== undefined)
      for (const { review, choice } of answered)
        screen.out(
          `${screen.paint.green("✓")} ${cleanText(review.id)}${review.field === null ? "" : ` ${cleanText(review.field)}`}: ${answerWords(choice)}`,
        )
    screen.answer("review resolve", {
      decided: answered.map(({ review, choice }) => ({ review: review.id, choice })),
      open: open.map(({ review, why }) => ({ review: review.id, why })),
      dryRun,
    })
    if (answered.length > 0)
      screen.out(
        screen.paint.dim(
          dryRun
            ? "A dry run: no answer was kept. Without --dry-run it is."
            : `The next run carries ${answered.length === 1 ? "it" : "them"} out: syncline run ${located.shown}`,
        ),
      )
    return EXIT.done
  })

async function answerOne(screen: Screen, at: Look, review: Review, options: ResolveOptions): Promise<readonly Answered[]> {
  if (review.status !== "open")
    throw new CliFailure(EXIT.attention, `This question is settled already: ${cleanText(review.resolution ?? review.status)}`)
  if (options.hash !== undefined && options.hash !== review.hash) {
    throw new CliFailure(EXIT.attention, "What is disputed has changed since it was shown.", {
      hint: `Look again: syncline review show ${at.located.shown} ${review.id}`,
    })
  }
  const clocks = await clocksOf(at.store, at.outline)
  const fitting = async (choice: Choice): Promise<readonly Answered[]> => {
    const { answered, open } = await admit(screen, at, [{ review, choice }])
    const [refused] = open
    if (refused !== undefined)
      throw usage(
        `${answerWords(choice)} cannot stand: ${refused.why}.`,
        `What can be answered: syncline review show ${at.located.shown} ${review.id}`,
      )
    return answered
  }
  const choice = choiceFrom(review, options, clocks)
  if (choice !== null) return fitting(choice)
  if (!screen.shell.interactive || screen.json)
    throw usage("What is the answer?", `It is one of those that are shown by: syncline review show ${at.located.shown} ${review.id}`)
  const { record, candidates } = await namedIn(at.store, review)
  const shown = renderReview(review, null, {
    ...at.view,
    record,
    candidates,
    suggestion: await suggestFor(at.store, review, clocks),
  })
  screen.out(shown.slice(0, shown.indexOf("Answer with one of:")).join("\n"))
  const asked = await (await import("./review-ask.ts")).askForChoice(screen, review, candidates, clocks)
  return asked === null ? [] : fitting(asked)
}

async function answerMany(
  screen: Screen,
  at: Look,
  options: ResolveOptions,
): Promise<{ readonly answered: readonly Answered[]; readonly open: readonly LeftOpen[] }> {
  const reviews = await selectReviews(at.store, options, "open", at.view.now)
  if (reviews.length === 0) {
    screen.out(`${screen.paint.green("✓")} No open questions of that kind.`)
    return { answered: [], open: [] }
  }
  if (options.record !== undefined) throw usage("--record answers one question, not many.")
  if (options.take === undefined && options.set === undefined && options.merge !== true)
    throw usage("What is the answer to all of them?", "Give one with --take, --set or --merge.")
  const fitting = judgeMany(reviews, options, await pendingDecisions(at.store), await clocksOf(at.store, at.outline))
  const admitted = await admit(screen, at, fitting.answered)
  const judged = { answered: admitted.answered, open: [...fitting.open, ...admitted.open] }
  const labels = await labelsOf(
    at.store,
    reviews.flatMap((review) => (review.recordId === null ? [] : [review.recordId])),
  )
  const asking = options.yes !== true && options.dryRun !== true && screen.shell.interactive && !screen.json && judged.answered.length > 0
  screen.out(renderMany(judged.answered, judged.open, { ...at.view, labels, dryRun: options.dryRun === true || asking }).join("\n"))
  if (!asking) return judged
  const { confirmMany } = await import("./review-ask.ts")
  const yes = await confirmMany(screen, `Answer ${plural(judged.answered.length, "question")} in ${at.outline.name} this way?`)
  return yes ? judged : { answered: [], open: judged.open }
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
}
