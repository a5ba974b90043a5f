// How the API says no: one shape for a whole request, one for an item of a batch.

export type ProblemCode =
  | "invalid_request"
  | "invalid_address"
  | "invalid_field"
  | "unknown_field"
  | "required_field"
  | "member_exists"
  | "member_not_found"
  | "hash_mismatch"
  | "try_again"

export interface Problem {
  readonly code: ProblemCode
  readonly message: string
  /** Dotted path of the member's field. */
  readonly field?: string
  /** Who holds the address already. */
  readonly existingId?: string
}

export const problemStatus = (code: ProblemCode): number => (code === "member_not_found" ? 404 : code === "try_again" ? 503 : 400)

export const problemBody = (problem: Problem) => ({
  error: {
    code: problem.code,
    message: problem.message,
    ...(problem.field === undefined ? {} : { field: problem.field }),
    ...(problem.existingId === undefined ? {} : { existing_id: problem.existingId }),
  },
})
