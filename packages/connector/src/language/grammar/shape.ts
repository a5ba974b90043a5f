// A shape describes one part of the language once: what it reads, what it expects, and its JSON Schema come from the same value.
import type { JsonObject } from "../../json.ts"
import type { Report, Span } from "../text/diagnostic.ts"
import type { Node } from "../text/node.ts"

export interface Shape<T> {
  /** For editors, and for the published schema. */
  readonly schema: JsonObject
  /** Completes "expected …". */
  readonly expects: string
  /** Whether a node is of the kind that this shape is written as; decides between alternatives. */
  readonly fits: (node: Node) => boolean
  /** The value; `undefined` after a report that says why there is none. */
  readonly read: (node: Node, report: Report) => T | undefined
}

export interface Located<T> {
  readonly value: T
  readonly at: Span
}
