// One HTTP request of a manifest, and what its answers mean.
import type { FaultClass } from "../../fault.ts"
import type { Address, Condition, Value, Values } from "./value.ts"

/** The last two are how WebDAV reads. */
export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "PROPFIND" | "REPORT"
export type Codec = "json" | "form" | "csv" | "xml" | "text"

export interface RequestSpec {
  /** `GET` without a body and `POST` with one, unless said. */
  readonly method: Method
  readonly path: Address
  /** A list gives one parameter per element: `ids=1&ids=2`. */
  readonly query: Values
  readonly headers: Values
  /** Sent in the codec `as`; absent: no body. */
  readonly body: Value | null
  readonly as: Codec
  /** How the answer is read; `json` unless said. */
  readonly answer: Codec
  /** It changes nothing although its method is POST: may be repeated. Reads are safe as such. */
  readonly safe: boolean
  /** Weight for the rate limiter. */
  readonly cost: number
  /** Headers that carry an idempotency key or a precondition are ordinary headers: `idempotency-key: =op.key`. */
  readonly timeoutMs: number | null
  /** Rules of this request; they come before those of the whole manifest. */
  readonly errors: readonly ErrorRule[]
  /** What takes the place of this request: a function of a module beside the manifest. */
  readonly code: CodeRef | null
}

/** `code: ./file.ts#fn` */
export interface CodeRef {
  readonly file: string
  readonly name: string
}

/** First match wins, then the HTTP defaults. Names: `res`, `config`, and for a write `op`. */
export interface ErrorRule {
  /** `status: [409, 422]`, or absent: any status, success included (for 200 with an error in its body). */
  readonly status: readonly number[] | null
  readonly when: Condition | null
  /** `ok`: an answer like any other; `unchanged`: a 304, nothing new. */
  readonly class: FaultClass | "ok" | "unchanged"
  readonly message: Value | null
  /** A mapping path -> message, or a list of `{path, message}`. */
  readonly fields: Value | null
  readonly existingId: Value | null
  /** Seconds, or an HTTP date; the header `Retry-After` is read without being named. */
  readonly retryAfter: Value | null
}
