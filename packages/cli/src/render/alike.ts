// Questions that are alike: same kind, same field, same systems. With dozens open, they are what a person decides about.
import type { Review } from "@syncline/core"
import { cleanText } from "./clean.ts"
import { plural } from "./count.ts"
import { KIND_WORDS, takers } from "./review.ts"
import type { View } from "./view.ts"

const FEW = 3

export interface Alike {
  readonly kind: Review["kind"]
  readonly field: string | null
  readonly systems: readonly string[]
  readonly reviews: readonly Review[]
}

/** Largest first. */
export function alike(reviews: readonly Review[]): Alike[] {
  const groups = new Map<string, Review[]>()
  for (const review of reviews) {
    const key = JSON.stringify([review.kind, review.field, systemsOf(review)])
    groups.set(key, [...(groups.get(key) ?? []), review])
  }
  return [...groups.values()]
    .flatMap((group): Alike[] => {
      const [first] = group
      return first === undefined ? [] : [{ kind: first.kind, field: first.field, systems: systemsOf(first), reviews: group }]
    })
    .sort((a, b) => b.reviews.length - a.reviews.length)
}

const systemsOf = (review: Review): readonly string[] =>
  review.kind === "conflict" ? takers(review).toSorted() : review.binding === null ? [] : [review.binding.split(".")[0] ?? ""]

/** Groups worth one answer, each with the command that shows what the answer would do. */
export function renderAlike(reviews: readonly Review[], { paint, file }: View & { readonly file: string }): string[] {
  const lines = alike(reviews)
    .filter((group) => group.reviews.length >= FEW)
    .flatMap((group) => {
      const about = [group.field, KIND_WORDS[group.kind]].filter((each) => each !== null).join(", ")
      const narrow = [`--kind ${group.kind}`, ...(group.field === null ? [] : [`--field ${group.field}`])].join(" ")
      const answer = group.kind === "conflict" ? " --take newest --dry-run" : ""
      return [
        `  ${plural(group.reviews.length, "question")}: ${cleanText(about)}${group.systems.length === 0 ? "" : ` (${group.systems.map(cleanText).join(", ")})`}`,
        paint.dim(`    syncline review ${group.kind === "conflict" ? "resolve" : "list"} ${file} ${cleanText(narrow)}${answer}`),
      ]
    })
  return lines.length === 0 ? [] : ["", "Alike:", ...lines]
}
