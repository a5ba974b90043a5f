// An entity: one kind of thing in the user's own model, and where it stands.
import {
  anything,
  as,
  type Block,
  either,
  list,
  type Node,
  object,
  optional,
  record,
  required,
  type Shape,
  type Text,
  text,
  word,
} from "@syncline/connector/language"
import { binding } from "./binding.ts"
import { expression, FIELD, fieldName, RESOURCE } from "./name.ts"
import { onMatch, policy } from "./policy.ts"

export type SchemaPart = { readonly kind: "file"; readonly path: Text } | { readonly kind: "inline"; readonly node: Node }

const schema: Shape<SchemaPart> = either<SchemaPart>("a file name or a JSON Schema", [
  as(
    anything("a JSON Schema", { type: "object", description: "JSON Schema 2020-12" }, (node) => node.kind === "map"),
    (node) => ({ kind: "inline", node }),
  ),
  as(text({ expects: "the name of a JSON Schema file", examples: ["./person.schema.json"] }), (path) => ({ kind: "file", path })),
])

const rule = object("a rule", "Something that must hold between fields.", {
  check: required(expression("an expression over record", 'record.email != ""'), "What must hold (CEL over `record`)."),
  message: required(text({ expects: "a sentence" }), "Said where it does not hold."),
  else: optional(word("consequence", ["quarantine", "warn"]), "What happens then; quarantine, unless said."),
})

const fields = {
  schema: required(schema, "JSON Schema (2020-12) of a record: a file beside the pipeline, or inline."),
  match: required(
    list(list(fieldName, { expects: "a list of fields that identify together", min: 1 }), {
      expects: "a list of keys, as [[email], [phone, familyName]]",
      min: 1,
    }),
    "Keys by which items of two systems are recognised as one, the strongest first; each a list of fields.",
  ),
  on_match: optional(onMatch, "What wins when two existing items meet for the first time; newest, unless said."),
  rules: optional(list(rule, { expects: "a list of rules" }), "What must hold between fields."),
  bindings: required(
    record(binding, { what: "bindings", doc: "system.resource -> how the entity stands there.", key: RESOURCE, min: 1 }),
    "system.resource -> how the entity stands there.",
  ),
  conflicts: optional(
    object("conflicts", "What wins when two systems changed one field.", {
      default: optional(policy, "For all fields that have none of their own; newest, unless said."),
      fields: optional(record(policy, { what: "fields", doc: "Our field -> its policy.", key: FIELD }), "Our field -> its policy."),
      delete_vs_edit: optional(
        word("decision", ["review", "edit_wins", "delete_wins"]),
        "When one system deletes what another has edited; review, unless said.",
      ),
    }),
    "What wins when two systems changed one field.",
  ),
} as const

export const entity = object("an entity", "One kind of thing in your own model.", fields)
export interface EntityPart extends Block<typeof fields> {}
