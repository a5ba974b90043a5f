// Writing: one request per operation or per batch, and how each operation's outcome is found in the answer.
// Names in a request: `op` {ref, id, secondary, set, seen, present (the item as the guard readCompare found it just before),
// item (that or seen, with set over it), version, key, kind, wire, unset (paths that are cleared)}, `parent`, `config`; in a batch: `ops` (each with its `wire`), `items` (the list of all `wire`).
// Names in an answer: `res` and those; in `each`: `item` (the element) and `index`.
import type { ErrorRule, RequestSpec } from "./request.ts"
import type { Condition, Value } from "./value.ts"

export type WireKind = "create" | "update" | "upsert" | "delete"

export interface WireSpec {
  readonly guard: "ifMatch" | "readCompare" | "none"
  readonly idempotent: "header" | "naturalKey" | "byId" | "none"
  readonly keyTtlMs: number | null
  readonly horizonMs: number | null
  readonly unset: "null" | "empty" | "never"
  readonly soft: boolean
  /** upsert: the key of the resource by which the system recognises the item. */
  readonly by: string | null
  /** create: the id that it makes, where the system takes ours. Whoever meets an item with it met their own first try. */
  readonly makes: Value | null
  /** What one operation is on the wire, as `op.wire` / `items`; `op.set` unless said. */
  readonly wire: Value | null
  /** `null`: only the batch writes, also one operation. */
  readonly single: { readonly request: RequestSpec; readonly ok: AppliedSpec } | null
  readonly batch: BatchSpec | null
}

/** What an answer says about an applied operation; what is null is not said. */
export interface AppliedSpec {
  readonly id: Value | null
  readonly secondary: Value | null
  readonly version: Value | null
  readonly at: Value | null
  /** The record as it is now, in the form in which reads give it: the resource's own `item` is applied to it as `rec`. */
  readonly record: Value | null
  /** create: the item was there before and took the values over. */
  readonly met: Condition | null
}

export interface BatchSpec {
  readonly max: number
  readonly atomic: "item" | "batch"
  readonly request: RequestSpec
  /** How an element of the answer finds its operation. */
  readonly match: "order" | "ref" | "id" | "key"
  /** match: key. The value of an operation that elements are compared with: `=op.set.email`. */
  readonly key: Value | null
  readonly ok: EachSpec
  readonly failed: FailedSpec | null
  /** An operation that no element speaks of. */
  readonly unmatched: "unknown" | "retrySingly" | "applied"
  /** The answer is a ticket; the result is asked for until it is there. */
  readonly job: JobSpec | null
}

export interface EachSpec extends AppliedSpec {
  /** The list of elements. */
  readonly each: Value
  /** Elements of which it does not hold are no success. */
  readonly when: Condition | null
  /** match: what names the operation in the element (reference, id or key); order: nothing. */
  readonly ref: Value | null
}

export interface FailedSpec {
  readonly each: Value
  readonly when: Condition | null
  /** One reference, or a list of them. */
  readonly ref: Value | null
  /** Rules for an element, as `item`; the first that matches. */
  readonly errors: readonly ErrorRule[]
  /** Without a rule that matches. */
  readonly class: ErrorRule["class"]
  readonly message: Value | null
  readonly fields: Value | null
  readonly existingId: Value | null
}

export interface JobSpec {
  readonly ticket: Value
  /** Asks how it goes; sees `ticket`. */
  readonly poll: RequestSpec
  readonly done: Condition
  /** Where the result is, if it is not the last poll's answer. */
  readonly result: RequestSpec | null
  readonly everyMs: number
  readonly maxMs: number
}
