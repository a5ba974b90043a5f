// What the conformance kit found, check by check: what holds in one line, what fails with the request and answer that show
// it, what was skipped with the reason.
import type { Evidence, Result } from "@syncline/testkit/connector"
import { cleanText } from "./clean.ts"
import { plural } from "./count.ts"
import type { View } from "./view.ts"
import { wrap } from "./width.ts"

export const renderResultArea = ({ area, resource }: Result, { paint }: View): string => paint.bold(`${cleanText(resource)}: ${area}`)

export function renderResult(result: Result, view: View): readonly string[] {
  const { paint, width } = view
  const { check, says, verdict, why, evidence } = result
  const facts = wrap(`${check}  ${paint.dim(says)}`, width - 4).split("\n")
  if (verdict === "skipped") {
    const lines = wrap(`${check}  ${cleanText(why ?? "")}`, width - 4).split("\n")
    return lines.map((line, at) => paint.dim(`${at === 0 ? "- " : "  "}${line}`))
  }
  const [first = "", ...rest] = facts
  if (verdict === "holds") return [`${paint.green("✓")} ${first}`, ...rest.map((line) => `  ${line}`)]
  return [
    `${paint.red("✗")} ${first}`,
    ...rest.map((line) => `  ${line}`),
    ...indented(paint.red(cleanText(why ?? "")), 4, width),
    ...(evidence === null ? [] : renderEvidence(evidence, view)),
  ]
}

/** Long bodies are cut: what matters of them stands in the reason. */
const MOST_LINES = 6

function renderEvidence({ exchanges, call }: Evidence, { paint, width }: View): readonly string[] {
  const block = (text: string): readonly string[] => {
    const lines = indented(cleanText(text), 4, width)
    return (lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), "    …"] : lines).map((line) => paint.dim(line))
  }
  return [
    ...exchanges.flatMap(({ request, requestBody, answer, answerBody, deed }) => [
      ...block(`> ${request}${requestBody === "" ? "" : `  ${requestBody}`}`),
      ...block(`< ${answer}${answerBody === "" ? "" : `  ${answerBody}`}`),
      ...(deed === null ? [] : block(`  (${deed})`)),
    ]),
    ...(call === null ? [] : [...block(`last call: ${call.call}  ${call.asked}`), ...block(`its result: ${call.ended}`)]),
  ]
}

export function renderSummary(
  { holds, fails, skipped }: { readonly holds: number; readonly fails: number; readonly skipped: number },
  { paint }: View,
): string {
  const all = plural(holds + fails + skipped, "check")
  const head = fails === 0 ? paint.green("✓") : paint.red("✗")
  return `${head} ${all}: ${holds} hold, ${fails} ${fails === 1 ? "fails" : "fail"}, ${skipped} skipped`
}

const indented = (text: string, by: number, width: number): readonly string[] =>
  wrap(text, width - by)
    .split("\n")
    .map((line) => " ".repeat(by) + line)
