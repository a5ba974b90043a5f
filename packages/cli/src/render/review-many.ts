// Many answers at once as a table: what each question gets, over which value, and what stays open and why.
import { equal } from "@syncline/core/model"
import type { Review } from "@syncline/core"
import type { Answered, LeftOpen } from "../command/review-many.ts"
import { cleanText } from "./clean.ts"
import { columns } from "./columns.ts"
import { plural } from "./count.ts"
import { answerWords, sideName } from "./review.ts"
import { showValue } from "./value.ts"
import type { View } from "./view.ts"

export function renderMany(
  answered: readonly Answered[],
  open: readonly LeftOpen[],
  view: View & { readonly labels: ReadonlyMap<string, string>; readonly dryRun: boolean },
): string[] {
  const { paint, width, labels } = view
  const lines: string[] = []
  if (answered.length > 0) {
    const rows = answered.map(({ review, choice }) => {
      const value = choice.take === "value" ? choice.value : review.sides.find((side) => sideName(side) === name(choice))?.value
      return [
        cleanText(whoOf(review, labels)),
        cleanText(review.field ?? review.kind.replaceAll("_", " ")),
        paint.green(answerWords(choice)),
        value === undefined ? "" : showValue(value),
        paint.dim(
          value === undefined
            ? ""
            : review.sides
                .filter((side) => !equal(side.value, value))
                .map((side) => `${cleanText(sideName(side))} ${showValue(side.value)}`)
                .join(" | "),
        ),
      ]
    })
    const heads = [{ title: "who" }, { title: "what" }, { title: "answer", least: 12 }, { title: "value" }, { title: "instead of" }]
    lines.push(...columns(heads, rows, width, paint.dim), "")
  }
  const did = view.dryRun ? "would be answered" : "answered"
  lines.push(`${paint.green("✓")} ${plural(answered.length, "question")} ${did}${open.length === 0 ? "." : `, ${open.length} left open:`}`)
  if (open.length > 0) {
    const rows = open.map(({ review, why }) => [
      cleanText(whoOf(review, labels)),
      cleanText(review.field ?? review.kind.replaceAll("_", " ")),
      cleanText(why),
    ])
    lines.push(
      ...columns([{ title: "" }, { title: "" }, { title: "", least: 24 }], rows, width - 2, (text) => text).map((line) => `  ${line}`),
    )
  }
  return lines
}

const name = (choice: Answered["choice"]): string | null => (choice.take === "system" ? choice.system : null)

const whoOf = (review: Review, labels: ReadonlyMap<string, string>): string =>
  review.recordId === null ? (review.remoteId ?? "") : (labels.get(review.recordId) ?? review.recordId)
