// Edges: memberships, tags and associations. They stand in the item as a list under one field, are read by enrichment where
// the item does not carry them, and are written one by one (link, unlink) or all at once (replace).
// Names: `owner` (id), `owners` (ids), `value` / `values` (elements of the field), `rec` (the owner's item), `edge` (an element of an answer).
import type { NextSpec } from "./read.ts"
import type { RequestSpec } from "./request.ts"
import type { Condition, Value } from "./value.ts"

export interface EdgeSpec {
  /** The item's field: a path of the schema, an array. */
  readonly field: string
  /** `null`: the item carries them already. */
  readonly read: EdgeRead | null
  readonly link: EdgeWrite | null
  readonly unlink: EdgeWrite | null
  /** Writes the whole list; used where there is no link or unlink. `values` are all that shall be there. */
  readonly replace: EdgeWrite | null
  /** The list goes with the item's own write, as an ordinary field: always, only where the item is created, or never. */
  readonly inline: "always" | "create" | "never"
  /** Names -> ids of what is linked to, where people think in names: tags by their titles. */
  readonly names: NamesSpec | null
}

export interface EdgeRead {
  /** Owners per request; 1 unless said. */
  readonly max: number
  readonly request: RequestSpec
  readonly next: NextSpec
  /** The list of elements in the answer: edges, or owners with their edges. */
  readonly each: Value
  /** Which owner an element belongs to; null: the one that was asked for. */
  readonly owner: Value | null
  /** One value or a list of values. */
  readonly value: Value
  readonly keep: Condition | null
}

export interface EdgeWrite {
  readonly request: RequestSpec
  /** Values per request (of one owner); 1 unless said, replace: all. */
  readonly max: number
}

export interface NamesSpec {
  readonly request: RequestSpec
  readonly next: NextSpec
  readonly each: Value
  readonly name: Value
  readonly id: Value
  /** Makes what is missing; sees `name`, gives the id. */
  readonly create: { readonly request: RequestSpec; readonly id: Value } | null
}
