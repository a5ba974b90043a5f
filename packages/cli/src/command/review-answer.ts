// An answer as typed, checked against the question: what fits becomes a choice, what does not is refused with what would.
import type { Choice, Json, Review } from "@syncline/core"
import { equal } from "@syncline/core/model"
import { latestSide, takerOf } from "@syncline/core/review"
import { usage } from "../failure.ts"
import { answersOf, takers } from "../render/review.ts"
import type { ClocksAt } from "../wire/clocks.ts"

export type { Choice }

export interface Answer {
  readonly take?: string
  readonly set?: string
  readonly record?: string
  /** With `record`, or the only candidate: the record that survives. */
  readonly merge?: boolean
}

/** null: nothing was answered. */
export function choiceFrom(review: Review, answer: Answer, clocks: ClocksAt): Choice | null {
  // with --merge, --record is no answer of its own but says which record survives
  const given = [answer.take, answer.set, answer.merge === true ? "merge" : answer.record].filter((each) => each !== undefined)
  if (given.length === 0) return null
  if (given.length > 1) throw usage("One answer at a time: --take, --set, --record or --merge.")
  if (answer.merge === true) return { take: "merge", into: survivorOf(review, answer.record) }
  if (answer.set !== undefined) return { take: "value", value: valueFrom(review, answer.set) }
  if (answer.record !== undefined) {
    if (review.kind !== "duplicate" && review.kind !== "ambiguous") throw notThis(review, "--record")
    return { take: "record", recordId: candidateOf(review, answer.record) }
  }
  const take = answer.take ?? ""
  if (take === "keep" || take === "delete") {
    if (review.kind !== "delete_vs_edit") throw notThis(review, `--take ${take}`)
    return { take }
  }
  if (take === "new" || take === "ignore") {
    if (!["duplicate", "ambiguous", "unknown_write"].includes(review.kind)) throw notThis(review, `--take ${take}`)
    return { take }
  }
  if (take === "retry") {
    if (!["unachievable", "unique_clash", "unknown_write"].includes(review.kind)) throw notThis(review, "--take retry")
    return { take }
  }
  if (take === "newest") return newestOf(review, clocks)
  if (!takers(review).includes(take)) throw notThis(review, `--take ${take}`)
  return { take: "system", system: take }
}

function candidateOf(review: Review, beginning: string): string {
  const [recordId, ...more] = review.candidates.filter((id) => id.startsWith(beginning))
  if (recordId === undefined || more.length > 0)
    throw usage(`${beginning} is not one of its candidates.`, `They are: ${review.candidates.join(", ")}`)
  return recordId
}

function survivorOf(review: Review, named: string | undefined): string {
  if (review.kind !== "duplicate" && review.kind !== "ambiguous") throw notThis(review, "--merge")
  if (named !== undefined) return candidateOf(review, named)
  const [only, ...more] = review.candidates
  if (only === undefined || more.length > 0)
    throw usage("Which of them survives the merge?", `Say it with --merge --record ID: ${review.candidates.join(", ")}`)
  return only
}

/** The value that was changed last, by its author where that names it alone. */
function newestOf(review: Review, clocks: ClocksAt): Choice {
  if (review.kind !== "conflict") throw notThis(review, "--take newest")
  const latest = latestSide(review, clocks(review.openedAt))
  if (latest.side === null) throw usage(`Nobody can say what is newest: ${latest.why}.`, `What does: ${answersOf(review).join("   ")}`)
  const system = takerOf(latest.side)
  const taken = review.sides.find((side) => side.system === system)
  return taken !== undefined && equal(taken.value, latest.side.value)
    ? { take: "system", system }
    : { take: "value", value: latest.side.value }
}

const notThis = (review: Review, typed: string): Error =>
  usage(`${typed} does not answer this question.`, `What does: ${answersOf(review).join("   ")}`)

/** `VALUE` or `FIELD=VALUE`; JSON where the present values are no text or the text begins like it, else the text itself. */
function valueFrom(review: Review, typed: string): Json {
  if (review.field === null) throw notThis(review, "--set")
  const prefix = `${review.field}=`
  const named = /^([A-Za-z_]\w*)=/.exec(typed)
  const text = typed.startsWith(prefix) ? typed.slice(prefix.length) : typed
  if (named !== null && !typed.startsWith(prefix))
    throw usage(`This question is about ${review.field}, not ${named[1]}.`, `Write --set ${prefix}VALUE`)
  const texts = review.sides.every((side) => side.value === null || typeof side.value === "string")
  if (text === "null") return null
  if (texts && !/^["[{]/.test(text)) return text
  try {
    const value: Json = JSON.parse(text)
    return value
  } catch {
    if (texts) return text
    throw usage(
      `${text} is not JSON, and ${review.field} is not a text.`,
      `Write it like: --set '${prefix}${JSON.stringify(review.sides[0]?.value ?? null)}'`,
    )
  }
}
