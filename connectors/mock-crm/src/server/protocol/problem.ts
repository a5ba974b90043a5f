// Every refusal of this API as RFC 9457 problem details. `code` is the last part of `type`, for people who match on it.

export interface FieldProblem {
  /** Dotted path in the contact. */
  readonly path: string
  readonly message: string
}

export interface ProblemBody {
  readonly type: string
  readonly code: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly errors?: readonly FieldProblem[]
  readonly [extension: string]: unknown
}

const titles: Readonly<Record<string, string>> = {
  "bad-request": "The request cannot be understood",
  "bad-header": "A header cannot be understood",
  "invalid-contact": "The contact is not valid",
  "invalid-request": "The request is not valid",
  "not-found": "No such contact",
  "no-such-route": "No such resource",
  "method-not-allowed": "The method is not supported here",
  gone: "The contact was deleted",
  "cursor-expired": "The cursor is no longer valid",
  "precondition-failed": "The precondition does not hold",
  "idempotency-key-reused": "The idempotency key was used for another request",
  duplicate: "Another contact has this value",
  unauthorized: "The credentials are not accepted",
  "rate-limited": "Too many requests",
  "unsupported-media-type": "The content type is not supported",
  "too-large": "The request is too large",
  unavailable: "The service is not available",
  internal: "The server failed",
}

export const problemBody = (status: number, code: string, detail: string, extra: Readonly<Record<string, unknown>> = {}): ProblemBody => ({
  type: `/problems/${code}`,
  code,
  title: titles[code] ?? code,
  status,
  detail,
  ...extra,
})

/** Thrown by routes; the error handler answers with its body. */
export class Problem extends Error {
  readonly body: ProblemBody
  readonly headers: Readonly<Record<string, string>>
  constructor(
    status: number,
    code: string,
    detail: string,
    extra: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
    this.name = "Problem"
    this.body = problemBody(status, code, detail, extra)
    this.headers = headers
  }
}
