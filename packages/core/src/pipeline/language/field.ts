// One field rule of a binding, in its three notations: a path, a path with lenses, or expressions.
import {
  as,
  either,
  type Item,
  keyed,
  list,
  type Located,
  object,
  optional,
  record,
  required,
  type Shape,
  type Span,
  type Text,
  word,
} from "@syncline/connector/language"

import { lensShape, type LocatedLens } from "../lens/catalogue.ts"
import { expression, PATH, remotePath } from "./name.ts"

export type Direction = "in" | "out" | "both"
export type FieldPart =
  | {
      readonly kind: "path"
      readonly at: Span
      readonly path: Text
      readonly lenses: readonly LocatedLens[]
      readonly direction: Located<Direction> | undefined
    }
  | {
      readonly kind: "expressions"
      readonly at: Span
      readonly get: Text | undefined
      readonly put: readonly Item<Text>[] | undefined
      readonly direction: Located<Direction> | undefined
    }

const direction = optional(
  word("direction", ["in", "out", "both"]),
  "in: only read from this system. out: only written to it. both (the default).",
)

const lenses: Shape<readonly LocatedLens[]> = either<readonly LocatedLens[]>("a lens or a list of lenses", [
  as(list(lensShape, { expects: "a list of lenses" }), (found) => found.items),
  as(lensShape, (found) => [found]),
])

const short = as(remotePath, (path): FieldPart => ({ kind: "path", at: path.at, path, lenses: [], direction: undefined }))

const EXPRESSIONS =
  "What the field means, as expressions (CEL). What an item lacks is null, and what is computed from null is null. " +
  "Beside CEL's own functions: lower, upper, trim, replace, round."

const withExpressions = as(
  keyed(
    object("a field rule", EXPRESSIONS, {
      get: optional(expression("an expression over rec", 'rec.stage == "lost"'), "The value of the field; `rec` is the system's item."),
      put: optional(
        record(expression("an expression over value and rec", 'value == "unsubscribed"'), {
          what: "put: path -> expression",
          doc: "What to write: for each path of the system's item an expression over `value` (the field) and `rec` (the item as last seen).",
          key: PATH,
          min: 1,
        }),
        "What to write where the item does not mean the value already: path -> expression over `value` and `rec`.",
      ),
      direction,
    }),
    ["get", "put"],
  ),
  (block): FieldPart => ({
    kind: "expressions",
    at: block.node.entries[0]?.keyAt ?? block.at,
    get: block.fields.get,
    put: block.fields.put,
    direction: block.fields.direction,
  }),
)

const withLenses = as(
  object("a field rule", "A path of the system's item, and the lenses that its value passes.", {
    path: required(remotePath, "Where the value stands in the system's items, dotted."),
    as: optional(lenses, "Lenses, in the order of reading."),
    direction,
  }),
  (block): FieldPart | undefined =>
    block.fields.path === undefined
      ? undefined
      : {
          kind: "path",
          at: block.fields.path.at,
          path: block.fields.path,
          lenses: block.fields.as ?? [],
          direction: block.fields.direction,
        },
)

export const field: Shape<FieldPart> = either("a path, { path, as, direction } or { get, put }", [short, withExpressions, withLenses])
