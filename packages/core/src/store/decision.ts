// A decision of a person, left in the store for the next pass: deciding must not need the lease that a watching
// process holds.
import type { Choice } from "../model/review.ts"

export type Decision = { readonly id: string; readonly at: number; readonly by: string; readonly note: string | null } & (
  | {
      readonly kind: "resolve"
      readonly reviewId: string
      /** Hash of what was shown; if it moved, the review stays open. */
      readonly hash: string
      readonly choice: Choice
    }
  | { readonly kind: "retry"; readonly quarantineId: string }
  | { readonly kind: "drop"; readonly quarantineId: string }
)
