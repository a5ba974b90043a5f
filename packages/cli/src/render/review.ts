// Reviews for people: a list of one line each, and one of them side by side with what can be answered.
import { isBlank } from "@syncline/core/model"
import type { Choice, Decision, Fields, Json, Review, ReviewKind, Side } from "@syncline/core"
import { renderAlike } from "./alike.ts"
import { cleanText } from "./clean.ts"
import { columns } from "./columns.ts"
import { plural } from "./count.ts"
import { showAgo } from "./moment.ts"
import { isNobodys, showStamp } from "./stamp.ts"
import { renderSuggestion, type Suggestion } from "./suggestion.ts"
import { showValue } from "./value.ts"
import type { View } from "./view.ts"

/** A record as whoever answers has to see it. */
export interface NamedRecord {
  readonly id: string
  readonly label: string
  readonly fields: Fields
  readonly items: readonly { readonly binding: string; readonly remoteId: string }[]
}

export const KIND_WORDS: Readonly<Record<ReviewKind, string>> = {
  conflict: "changed on both sides",
  delete_vs_edit: "deleted here, edited there",
  duplicate: "a second item for one record",
  ambiguous: "could be several records",
  unachievable: "cannot be written as meant",
  unknown_write: "a create without an answer",
  unique_clash: "a unique value taken by another item",
}

/** In one cell what is disputed: each side's value, or what happened. */
function disputeOf(review: Review): string {
  if (review.kind !== "conflict" || review.sides.length < 2) return cleanText(review.message)
  return review.sides.map((side) => `${cleanText(sideName(side))} ${showValue(side.value)}`).join(" | ")
}

/** Whose value it is: the author of the record's value, or the system that disagrees. */
export const sideName = (side: Side): string => (side.linkId === null ? side.stamp.system : side.system)

export function renderReviews(
  reviews: readonly Review[],
  decided: ReadonlyMap<string, Decision>,
  view: View & {
    readonly file: string
    readonly more: boolean
    readonly labels: ReadonlyMap<string, string>
    readonly alike: readonly Review[]
  },
): string[] {
  const { paint, width, now, file, labels } = view
  if (reviews.length === 0) return [`${paint.green("✓")} No questions.`]
  const rows = reviews.map((review) => {
    const decision = decided.get(review.id)
    const open = review.status === "open" ? disputeOf(review) : cleanText(review.resolution ?? review.status)
    const who = review.recordId === null ? (review.remoteId ?? "") : (labels.get(review.recordId) ?? review.recordId)
    return [
      paint.bold(cleanText(review.id)),
      cleanText(who),
      cleanText(review.field ?? review.kind.replaceAll("_", " ")),
      decision === undefined
        ? `${review.status === "open" && review.returned !== undefined ? paint.yellow("(asked again) ") : ""}${open}`
        : isStale(review, decision)
          ? paint.yellow(`answered: ${answerOf(decision)}, but the values moved since`)
          : paint.green(`answered: ${answerOf(decision)}`),
      paint.dim(showAgo(review.closedAt ?? review.openedAt, now)),
    ]
  })
  const heads = [
    { title: "id", least: 20 },
    { title: "who" },
    { title: "what" },
    { title: "dispute", least: 16 },
    { title: "since", least: 9 },
  ]
  const lines = columns(heads, rows, width, paint.dim)
  const first = reviews.find((review) => review.status === "open" && !decided.has(review.id))
  if (view.more) lines.push(paint.dim("  … and more (--limit)"))
  lines.push(
    ...renderAlike(
      view.alike.filter((review) => review.status === "open" && !decided.has(review.id)),
      view,
    ),
  )
  lines.push(
    "",
    view.alike.length > reviews.length
      ? `${reviews.length} of ${plural(view.alike.length, "question")}`
      : plural(reviews.length, "question"),
  )
  if (first !== undefined) lines.push(paint.dim(`Next: syncline review show ${file} ${cleanText(first.id)}`))
  else if (decided.size > 0) lines.push(paint.dim(`The next run carries the answers out: syncline run ${file}`))
  return lines
}

export function renderReview(
  review: Review,
  decision: Decision | null,
  view: View & {
    readonly file: string
    readonly record: NamedRecord | null
    readonly candidates: readonly NamedRecord[]
    readonly suggestion: Suggestion | null
  },
): string[] {
  const { paint, width, now, file, record } = view
  const about = [record?.label ?? review.recordId, review.field].filter((each) => each !== null).map((each) => cleanText(each))
  const lines = [
    `${paint.bold(about.length === 0 ? cleanText(review.id) : about.join("  "))}  ${paint.yellow(KIND_WORDS[review.kind])}`,
    `  ${cleanText(review.message)}`,
    "",
  ]
  const rows: string[][] = []
  if (review.kind === "conflict") {
    const [base] = review.base
    rows.push([paint.dim("before"), paint.dim(review.base.length === 0 ? "(they had never met)" : showValue(base ?? null)), ""])
  }
  for (const side of review.sides) {
    const name =
      side.linkId === null
        ? `record${side.stamp.system === "human" || isNobodys(side.stamp) ? "" : ` (${cleanText(side.stamp.system)})`}`
        : cleanText(side.system)
    rows.push([
      paint.cyan(name),
      review.kind === "delete_vs_edit" && side.value === null
        ? "deleted it"
        : isBlank(side.value)
          ? paint.dim(showValue(side.value))
          : paint.bold(showValue(side.value)),
      paint.dim(showStamp(side.stamp, now)),
    ])
  }
  if (rows.length > 0)
    lines.push(
      ...columns([{ title: "" }, { title: "", least: 16 }, { title: "" }], rows, width - 2, (text) => text).map((line) => `  ${line}`),
      "",
    )
  if (review.item !== null) {
    lines.push(
      paint.dim(
        `  the item${review.remoteId === null ? "" : ` ${cleanText(review.remoteId)}`} in ${cleanText(review.binding ?? "its system")}`,
      ),
    )
    lines.push(...valuesOf(review.item, view), "")
  }
  for (const candidate of view.candidates) lines.push(...renderNamed("could be", candidate, view))
  if (review.kind === "delete_vs_edit" && record !== null) lines.push(...renderNamed("the record", record, view))
  lines.push(paint.dim(`  ${cleanText(review.id)}, asked ${showAgo(review.openedAt, now)}`))
  if (review.status !== "open") return [...lines, `  ${review.status}: ${cleanText(review.resolution ?? "")}`]
  if (decision !== null && !isStale(review, decision))
    return [
      ...lines,
      `  ${paint.green(`answered: ${answerOf(decision)}`)} ${paint.dim(`the next run carries it out: syncline run ${file}`)}`,
      ...(decision.note === null ? [] : [paint.dim(`  ${cleanText(decision.by)}: ${cleanText(decision.note)}`)]),
    ]
  if (decision !== null)
    lines.push(
      `  ${paint.yellow("!")} ${cleanText(decision.by)} answered "${answerOf(decision)}" ${showAgo(decision.at, now)}, and the values moved since:`,
      `    that answer will not be carried out. Look again, and answer again.`,
    )
  else if (review.returned !== undefined)
    lines.push(
      `  ${paint.yellow("!")} asked again: ${cleanText(review.returned.by)} answered "${answerWords(review.returned.choice)}" ${showAgo(review.returned.at, now)},`,
      `    and the answer ${cleanText(review.returned.why)}.${review.returned.note === null ? "" : ` Note: ${cleanText(review.returned.note)}`}`,
    )
  if (view.suggestion !== null) lines.push(...renderSuggestion(view.suggestion, view))
  if (review.kind === "delete_vs_edit")
    lines.push(paint.dim("  keep: it is made anew where it was deleted; delete: every other system does what its on_delete says"))
  if (review.kind === "duplicate" || review.kind === "ambiguous")
    lines.push(paint.dim("  --merge: they are one; links are re-pointed, nothing is deleted, a second item in one system is left alone"))
  lines.push("", "Answer with one of:")
  for (const answer of answersOf(review)) lines.push(`  syncline review resolve ${file} ${cleanText(review.id)} ${cleanText(answer)}`)
  return lines
}

/** A record that the question names, with its values and items. */
function renderNamed(what: string, { id, label, fields, items }: NamedRecord, view: View): string[] {
  const { paint } = view
  const there = items.map(({ binding, remoteId }) => `${cleanText(binding)} ${cleanText(remoteId)}`).join(", ")
  const head = `  ${what} ${paint.bold(cleanText(label))} ${paint.dim(`${cleanText(id)}${there === "" ? "" : `: ${there}`}`)}`
  return [head, ...valuesOf(Object.fromEntries(Object.entries(fields).filter(([, value]) => !isBlank(value))), view), ""]
}

const valuesOf = (values: Readonly<Record<string, Json>>, { paint, width }: View): string[] => {
  const rows = Object.entries(values).map(([name, value]) => [paint.cyan(cleanText(name)), showValue(value)])
  return columns([{ title: "" }, { title: "" }], rows, width - 4, (text) => text).map((line) => `    ${line}`)
}

/** What can be typed after the id, most likely first. */
export function answersOf(review: Review): string[] {
  switch (review.kind) {
    case "conflict":
      return [
        ...takers(review).map((system) => `--take ${system}`),
        "--take newest",
        `--set ${review.field === null ? "VALUE" : `${review.field}=VALUE`}`,
      ]
    case "delete_vs_edit":
      return ["--take keep", "--take delete"]
    case "duplicate":
    case "ambiguous":
      return [
        // a record that has an item there already can only be merged with
        ...(review.item === null || review.kind === "duplicate" ? [] : review.candidates.map((id) => `--record ${id}`)),
        ...(review.candidates.length === 1 ? ["--merge"] : review.candidates.map((id) => `--merge --record ${id}`)),
        ...(review.item === null ? [] : ["--take new"]),
        "--take ignore",
      ]
    case "unachievable":
    case "unique_clash":
      return ["--take retry", `--set ${review.field === null ? "VALUE" : `${review.field}=VALUE`}`]
    case "unknown_write":
      return ["--take retry", "--take ignore"]
  }
}

/** Systems whose value can be taken: the author of the record's value, and each that disagrees. */
export const takers = (review: Review): string[] => [...new Set(review.sides.map(sideName))].filter((name) => name !== "human")

/** The answer was given to values that are not those of now. */
const isStale = (review: Review, decision: Decision): boolean =>
  review.status === "open" && decision.kind === "resolve" && decision.hash !== review.hash

export const answerOf = (decision: Decision): string => (decision.kind === "resolve" ? answerWords(decision.choice) : decision.kind)

export function answerWords(choice: Choice): string {
  switch (choice.take) {
    case "system":
      return `take ${cleanText(choice.system)}`
    case "value":
      return `set ${showValue(choice.value)}`
    case "record":
      return `belongs to ${cleanText(choice.recordId)}`
    case "merge":
      return `merge into ${cleanText(choice.into)}`
    default:
      return choice.take
  }
}
