// What needs a person, one line each, with the command to type next.
import type { GuardTrip, Quarantined, Review, Unreachable } from "@syncline/core"
import { cleanText } from "./clean.ts"
import { plural } from "./count.ts"
import { showAgo } from "./moment.ts"
import { shellWord } from "./shell-word.ts"
import type { View } from "./view.ts"

export function renderUnreachable(unreachable: readonly Unreachable[], file: string, { paint, now }: View): string[] {
  return unreachable.flatMap((each) => {
    const what = each.reason === "auth" ? "refuses the credentials" : "cannot be reached"
    const owed =
      each.owed === 0 ? "Nothing is owed to it." : `${plural(each.owed, "change")} ${each.owed === 1 ? "is" : "are"} kept for it.`
    const next =
      each.reason === "auth"
        ? `Then: syncline check ${file}`
        : `Next: syncline run ${file}${each.nextAttemptAt === null ? "" : ` (${showAgo(each.nextAttemptAt, now)})`}`
    return [`${paint.red("✗")} ${paint.bold(cleanText(each.system))} ${what}: ${cleanText(each.message)}`, `  ${owed} ${paint.dim(next)}`]
  })
}

export function renderGuards(guards: readonly GuardTrip[], file: string, { paint }: View): string[] {
  return guards.flatMap((trip) => [
    `${paint.red("✗")} stopped by the ${trip.guard} guard: ${cleanText(trip.message)}`,
    trip.guard === "empty"
      ? `  ${paint.dim(`If that is right, check the system first: syncline check ${file}`)}`
      : `  ${paint.dim(`See which: syncline plan ${file} --samples ${Math.min(trip.count, 1000)}   Let them through: syncline run ${file} --allow ${trip.guard}=${trip.count}`)}`,
  ])
}

export function renderReviewLine(review: Review, file: string, { paint }: View): string[] {
  return [
    `${paint.yellow("?")} ${cleanText(review.id)}  ${cleanText(review.message)}`,
    `  ${paint.dim(`syncline review show ${file} ${cleanText(review.id)}`)}`,
  ]
}

export function renderQuarantineLine(item: Quarantined, file: string, { paint }: View): string[] {
  const which = item.remoteId === null ? item.binding : `${item.binding} ${item.remoteId}`
  return [
    `${paint.yellow("!")} ${cleanText(which)}${item.field === null ? "" : `, ${cleanText(item.field)}`}: ${cleanText(item.reason)}`,
    `  ${paint.dim(`syncline quarantine show ${file} ${shellWord(item.id)}`)}`,
  ]
}
