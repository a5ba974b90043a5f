// How one entity meets one resource of one system.
import {
  as,
  type Block,
  either,
  type Item,
  type Located,
  object,
  optional,
  record,
  required,
  scalar,
  type Shape,
  type Span,
  word,
  yesNo,
} from "@syncline/connector/language"
import { field } from "./field.ts"
import { expression, FIELD, PATH } from "./name.ts"

export type OnDeletePart =
  | { readonly kind: "propagate" | "keep" | "archive"; readonly at: Span; readonly set: null }
  | { readonly kind: "archive"; readonly at: Span; readonly set: readonly Item<Located<string | number | boolean | null>>[] }

const onDelete: Shape<OnDeletePart> = either<OnDeletePart>("propagate, keep, archive or { archive: { path: value } }", [
  as(
    object("on_delete", "Mark the item instead of deleting it.", {
      archive: required(
        record(scalar("a value"), {
          what: "archive: path -> value",
          doc: "Values to write into an item that is deleted elsewhere.",
          key: PATH,
          min: 1,
        }),
        "What marks an item as gone: path -> value.",
      ),
    }),
    (block) => (block.fields.archive === undefined ? undefined : { kind: "archive", at: block.at, set: block.fields.archive }),
  ),
  as(word("way to delete", ["propagate", "keep", "archive"]), (found) => ({ kind: found.value, at: found.at, set: null })),
])

const fields = {
  when: optional(
    expression("an expression over record and linked", 'record.consent == "subscribed" || linked'),
    "Which records belong here (CEL over `record` and `linked`); all, without it.",
  ),
  leaving: optional(
    word("way to leave", ["keep", "unlink", "delete"]),
    "What happens to the item of a record that no longer belongs here; keep, unless said.",
  ),
  create: optional(yesNo(), "Whether items may be created here; true, unless said."),
  fields: required(
    record(field, { what: "fields", doc: "Our field -> where and how it stands in this system.", key: FIELD, min: 1 }),
    "Our field -> a path, { path, as, direction } or { get, put }.",
  ),
  on_delete: optional(onDelete, "What happens here when a record is deleted elsewhere; keep, unless said."),
} as const

export const binding = object("a binding", "How the entity stands in this resource.", fields)
export interface BindingPart extends Block<typeof fields> {}
