// I14: an answer of a person is carried out once, and only while the question still shows what it showed then. Judged at
// the commit that carries it out, against what the store held before: values themselves, not the engine's hash of them.
import { canonicalText, type Changes, type Decision, type Json, type Review } from "@syncline/core"
import type { Row } from "../system.ts"
import type { Knowledge } from "../knowledge.ts"

type Resolve = Extract<Decision, { kind: "resolve" }>

interface Given {
  readonly decision: Resolve
  /** What the person saw. */
  readonly shown: string
}

const contentOf = (review: Review): string => canonicalText([review.sides.map((side) => [side.system, side.value]), review.item])

export class Answers {
  private readonly given = new Map<string, Given>()
  private readonly carriedOut = new Set<string>()

  remember(): () => void {
    const carriedOut = new Set(this.carriedOut)
    return () => {
      this.carriedOut.clear()
      for (const id of carriedOut) this.carriedOut.add(id)
    }
  }
  give(decision: Resolve, shown: Review): void {
    this.given.set(decision.id, { decision, shown: contentOf(shown) })
  }

  /** Called before `knowledge` learns of the commit. */
  *judge(changes: Changes, knowledge: Knowledge): Generator<string> {
    const own = changes.decided.flatMap((id) => this.given.get(id) ?? [])
    for (const { decision, shown } of own) {
      const { id, reviewId, choice } = decision
      if (this.carriedOut.has(id)) yield `${id} is carried out twice`
      this.carriedOut.add(id)
      // whoever answers twice means the last answer
      if (
        [...this.given.values()].some((other) => other.decision.reviewId === reviewId && isLater(other.decision, decision, this.carriedOut))
      )
        continue
      const before = knowledge.reviews.get(reviewId)
      if (before === undefined || before.status !== "open") continue
      const after = changes.reviews.findLast((review) => review.id === reviewId)
      const moved = contentOf(before) !== shown || movedBeneath(before, knowledge)
      const resolved = after !== undefined && after.status === "resolved" && after.answer?.at === decision.at
      if (moved && resolved) yield `${reviewId} is closed by an answer to what it no longer shows: ${contentOf(before)} instead of ${shown}`
      if (moved && !resolved && after?.returned?.at !== decision.at) yield `${reviewId} does not say that its answer came too late`
      if (!moved && after === undefined) yield `${id} answers ${reviewId} and is dropped without a word`
      if (resolved) yield* wrongly(decision, before, changes)
      if (!moved && resolved && choice.take === "merge") continue
    }
    // nothing is closed by an answer that nobody gave
    for (const review of changes.reviews) {
      const { answer } = review
      if (review.status !== "resolved" || answer === undefined || knowledge.reviews.get(review.id)?.status === "resolved") continue
      const real = own.some(
        ({ decision }) => decision.reviewId === review.id && canonicalText(decision.choice) === canonicalText(answer.choice),
      )
      if (!real) yield `${review.id} is closed by ${canonicalText(answer.choice)}, which nobody answered now`
    }
  }
}

const isLater = (other: Resolve, own: Resolve, done: ReadonlySet<string>): boolean =>
  other !== own && !done.has(other.id) && other.at >= own.at

/** The record or an item says something else by now than the question, whether the question knows or not. */
function movedBeneath(review: Review, knowledge: Knowledge): boolean {
  const { field, recordId } = review
  if (review.kind !== "conflict" || field === null || recordId === null) return false
  const record = knowledge.records.get(recordId)
  if (record === undefined) return false
  const [ours, ...others] = review.sides
  if (ours !== undefined && !same(record.fields[field], ours.value)) return true
  return others.some((side) => {
    const link = side.linkId === null ? undefined : knowledge.links.get(side.linkId)
    // what somebody said is still asked about when the item that said it is gone, or was made anew without it
    const row = link === undefined ? undefined : knowledge.rowOf(link)
    if (link === undefined || link.state !== "live" || row === undefined || wasMadeSince(row, review.openedAt)) return false
    // what an undo is just writing there
    const undoing = knowledge.open.get(link.id)
    if (undoing?.undoes !== undefined && same(undoing.sent[field], side.value)) return false
    const owed = link.owed[field]
    return owed === undefined || !same(owed[0], side.value)
  })
}

const wasMadeSince = (row: Row, time: number): boolean =>
  row.versions.some(({ since, state }, at) => since > time && state === "live" && row.versions[at - 1]?.state !== "live")

/** An item that the record came back to with this very decision was edited while it was away, and says so at once. */
const isAnswered = ({ journal }: Changes, recordId: string, field: string, wanted: Json): boolean =>
  journal.some(
    ({ kind, binding, ...row }) =>
      (kind === "accepted" || kind === "conflict") &&
      row.recordId === recordId &&
      row.changes.some((change) => change.field === field && same(change.before, wanted)) &&
      journal.some((other) => other.kind === "unparked" && other.recordId === recordId && other.binding === binding),
  )

/** What was decided about a field is what the record says afterwards, and by the hand of a person. */
function* wrongly({ choice, at }: Resolve, review: Review, changes: Changes): Generator<string> {
  const { field, recordId } = review
  if (field === null || recordId === null || review.kind !== "conflict") return
  const side = choice.take === "system" ? review.sides.find((one) => one.system === choice.system) : undefined
  const wanted = choice.take === "value" ? choice.value : side?.value
  if (wanted === undefined || isAnswered(changes, recordId, field, wanted)) return
  const record = changes.records.find((one) => one.id === recordId)
  const stamp = record?.stamps[field]
  if (record === undefined || !same(record.fields[field], wanted))
    yield `${review.id} was decided for ${canonicalText(wanted)}, and ${recordId}.${field} is ${canonicalText(record?.fields[field])}`
  else if (stamp?.certainty !== "human" || stamp.at !== at) yield `${recordId}.${field} does not say that a person decided it`
}

const same = (a: Json | undefined, b: Json | undefined): boolean => canonicalText(a ?? null) === canonicalText(b ?? null)
