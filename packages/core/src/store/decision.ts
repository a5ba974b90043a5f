// A decision of a person, left in the store for the next pass: deciding must not need the lease that a watching
// process holds.
import type { Json } from "../model/value.ts"

export type Decision = { readonly id: string; readonly at: number; readonly by: string; readonly note: string | null } & (
  | {
      readonly kind: "resolve"
      readonly reviewId: string
      /** Hash of what was shown; if it moved, the review stays open. */
      readonly hash: string
      readonly choice:
        | { readonly take: "system"; readonly system: string }
        | { readonly take: "value"; readonly value: Json }
        /** delete_vs_edit: keep the item, or let the delete go on. */
        | { readonly take: "keep" | "delete" }
        /** duplicate, ambiguous: which record the item belongs to; or that it is a new one; or to leave it alone. */
        | { readonly take: "record"; readonly recordId: string }
        | { readonly take: "new" | "ignore" }
        /** unknown_write, unachievable, unique_clash: try again. */
        | { readonly take: "retry" }
    }
  | { readonly kind: "retry"; readonly quarantineId: string }
  | { readonly kind: "drop"; readonly quarantineId: string }
)
