// What speaks for an answer, in a line or two.
import { cleanText } from "./clean.ts"
import { plural } from "./count.ts"
import { showAgo } from "./moment.ts"
import type { View } from "./view.ts"

export interface Suggestion {
  /** Who changed last, by the name under which the value can be taken; null where nobody can say. */
  readonly latest: string | null
  readonly latestAt: number | null
  readonly unclear: string | null
  /** Answers to questions of the same kind about the same field, most frequent first. */
  readonly before: readonly { readonly answer: string; readonly times: number }[]
}

export function renderSuggestion(suggestion: Suggestion, { paint, now }: View): string[] {
  const lines: string[] = []
  if (suggestion.latest !== null && suggestion.latestAt !== null)
    lines.push(`  changed last: ${paint.bold(cleanText(suggestion.latest))}, ${showAgo(suggestion.latestAt, now)}`)
  if (suggestion.unclear !== null) lines.push(paint.dim(`  changed last: nobody can say, ${cleanText(suggestion.unclear)}`))
  const total = suggestion.before.reduce((sum, each) => sum + each.times, 0)
  if (total > 0) {
    const answers = suggestion.before.slice(0, 3).map(({ answer, times }) => `${cleanText(answer)} ${times} of ${total}`)
    lines.push(`  ${plural(total, "question")} like it ${total === 1 ? "was" : "were"} answered: ${answers.join(", ")}`)
  }
  return lines
}
