// What one write asks for and what became of it: the same for a single call and for an item of a batch.
import type { Preconditions } from "../protocol/precondition.ts"
import type { ProblemBody } from "../protocol/problem.ts"

export type Operation = { readonly idempotencyKey: string | null; readonly preconditions: Preconditions } & (
  | { readonly op: "create"; readonly data: unknown }
  | { readonly op: "update"; readonly id: string; readonly data: unknown }
  | { readonly op: "delete"; readonly id: string }
)

export type OperationResult =
  | {
      readonly ok: true
      readonly status: 200 | 201 | 204
      readonly id: string
      /** null after a delete. */
      readonly etag: string | null
      /** The contact as it is now, as JSON text; null after a delete. */
      readonly contact: string | null
      /** Whether anything really changed. */
      readonly changed: boolean
      readonly replayed: boolean
    }
  | { readonly ok: false; readonly problem: ProblemBody }
