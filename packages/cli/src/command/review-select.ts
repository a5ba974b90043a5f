// Which questions are meant: by kind, field, entity, system and age. The store narrows what it can, the rest is done here.
import type { Review, Store } from "@syncline/core"
import { perform } from "../wire/effect.ts"

export interface ReviewNarrow {
  readonly kind?: string
  readonly field?: string
  readonly entity?: string
  /** A party of it: one of its sides, or where the item is. */
  readonly system?: string
  /** Asked at least so long ago, ms. */
  readonly olderThan?: number
}
const MANY = 100_000

export const isNarrowed = ({ kind, field, entity, system, olderThan }: ReviewNarrow): boolean =>
  [kind, field, entity, system, olderThan].some((each) => each !== undefined)

/** Oldest first. */
export async function selectReviews(
  store: Store,
  { kind, field, entity, system, olderThan }: ReviewNarrow,
  status: "open" | "closed",
  now: number,
): Promise<readonly Review[]> {
  const found = await perform(
    store.reviews({
      status,
      limit: MANY,
      ...(kind === undefined ? {} : { kind }),
      ...(field === undefined ? {} : { field }),
      ...(entity === undefined ? {} : { entity }),
    }),
  )
  return found.filter(
    (review) =>
      (system === undefined || partiesOf(review).includes(system)) && (olderThan === undefined || now - review.openedAt >= olderThan),
  )
}

export const partiesOf = (review: Review): readonly string[] => [
  ...new Set([...review.sides.map((side) => side.system), ...(review.binding === null ? [] : [review.binding.split(".")[0] ?? ""])]),
]
