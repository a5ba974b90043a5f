// Asking on a terminal. Leaves a choice, or null if the person would rather not decide now.
import { confirm, isCancel, select, text } from "@clack/prompts"
import type { Review } from "@syncline/core"
import { cleanText } from "../render/clean.ts"
import { takers } from "../render/review.ts"
import { showValue } from "../render/value.ts"
import type { Screen } from "../screen/screen.ts"
import type { ClocksAt } from "../wire/clocks.ts"
import { choiceFrom, type Choice } from "./review-answer.ts"

export async function askForChoice(
  screen: Screen,
  review: Review,
  candidates: readonly { readonly id: string; readonly label: string }[],
  clocks: ClocksAt,
): Promise<Choice | null> {
  const streams = { input: screen.shell.stdin, output: screen.shell.stdout }
  const options: { value: string; label: string; hint?: string }[] = []
  if (review.kind === "conflict") {
    for (const system of takers(review)) {
      const side = review.sides.find((each) => (each.linkId === null ? each.stamp.system : each.system) === system)
      options.push({ value: `take:${system}`, label: `${cleanText(system)}: ${showValue(side?.value)}` })
    }
  }
  if (review.kind === "delete_vs_edit")
    options.push({ value: "take:keep", label: "keep it everywhere" }, { value: "take:delete", label: "delete it everywhere" })
  if (review.kind === "duplicate" || review.kind === "ambiguous") {
    if (review.kind === "ambiguous")
      for (const candidate of candidates)
        options.push({ value: `record:${candidate.id}`, label: `it is ${cleanText(candidate.label)}`, hint: candidate.id })
    for (const candidate of candidates)
      options.push({ value: `merge:${candidate.id}`, label: `they are all ${cleanText(candidate.label)}: merge`, hint: candidate.id })
    options.push({ value: "take:new", label: "it is somebody new" }, { value: "take:ignore", label: "leave it alone" })
  }
  if (review.kind === "unachievable" || review.kind === "unique_clash" || review.kind === "unknown_write")
    options.push({ value: "take:retry", label: "try again" })
  if (review.kind === "unknown_write") options.push({ value: "take:ignore", label: "leave it alone" })
  if (review.field !== null) options.push({ value: "set", label: "another value" })
  options.push({ value: "later", label: "decide later" })
  const picked = await select({ message: "What shall it be?", options, ...streams })
  if (isCancel(picked) || picked === "later") return null
  const [how, ...what] = picked.split(":")
  if (how === "take") return choiceFrom(review, { take: what.join(":") }, clocks)
  if (how === "record") return choiceFrom(review, { record: what.join(":") }, clocks)
  if (how === "merge") return choiceFrom(review, { merge: true, record: what.join(":") }, clocks)
  const typed = await text({ message: `${review.field ?? "value"}:`, ...streams })
  return isCancel(typed) ? null : choiceFrom(review, { set: `${review.field ?? ""}=${typed}` }, clocks)
}

export async function confirmMany(screen: Screen, message: string): Promise<boolean> {
  const answer = await confirm({ message, initialValue: false, input: screen.shell.stdin, output: screen.shell.stdout })
  return answer === true
}
