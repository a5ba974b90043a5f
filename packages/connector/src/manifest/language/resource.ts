// One resource of a manifest: what its items look like, how they are read, found, deleted and written.
import {
  anything,
  as,
  duration,
  either,
  keyed,
  object,
  optional,
  record,
  required,
  text,
  whole,
  word,
  yesNo,
  type Block,
  type Located,
  type Node,
  type Shape,
} from "../../language/index.ts"
import type { Condition, Value } from "../spec/index.ts"
import { edges, parent } from "./edge.ts"
import { lookups } from "./lookup.ts"
import { PLACES } from "./names.ts"
import { deltaScan, snapshotScan } from "./scan.ts"
import { condition, value, worked } from "./value.ts"
import { words, writes } from "./write.ts"

const PATH = /^(?!.*__proto__)[^\s.]+(?:\.[^\s.]+){0,9}$/
const path = text({ expects: "a path in the item, as email or account.name", pattern: PATH })

export interface IdPart {
  readonly value: Value
  readonly stable: boolean
  readonly secondary: { readonly path: Located<string>; readonly value: Value | null } | null
}

const recordValue = (example: string): Shape<Value> => worked(PLACES.record, example)

const id: Shape<IdPart> = either<IdPart>("an expression, as =rec.id, or a mapping with value", [
  as(
    keyed(
      object("an id", "How items are told apart.", {
        value: required(recordValue("=rec.id"), "Of a record."),
        stable: optional(yesNo(), "It stays for good; true, unless said."),
        secondary: optional(
          object("secondary", "A stable id beside one that can change.", {
            path: required(path, "Where it stands in the item."),
            value: optional(recordValue("=rec.contact_id"), "Of a record; what stands at the path, unless said."),
          }),
          "A stable id beside one that can change.",
        ),
      }),
      ["value", "stable", "secondary"],
    ),
    ({ fields }): IdPart | undefined => {
      if (fields.value === undefined) return undefined
      const second = fields.secondary?.fields
      const secondary = second?.path === undefined ? null : { path: second.path, value: second.value ?? null }
      return { value: fields.value, stable: fields.stable?.value ?? true, secondary }
    },
  ),
  as(recordValue("=rec.id"), (found) => ({ value: found, stable: true, secondary: null })),
])

export interface KeyPart {
  readonly value: Value
  readonly unique: boolean
  readonly paths: readonly string[] | null
}

const key: Shape<KeyPart> = either<KeyPart>("an expression, as =lower(rec.email), or a mapping with value", [
  as(
    keyed(
      object("a key", "What items can be found by.", {
        value: required(recordValue("=lower(rec.email)"), "Of a record."),
        unique: optional(yesNo(), "No two items have the same; true, unless said."),
        paths: optional(words, "The paths of the item that make it; those that the expression reads, unless said."),
      }),
      ["value", "unique", "paths"],
    ),
    ({ fields }): KeyPart | undefined =>
      fields.value && {
        value: fields.value,
        unique: fields.unique?.value ?? true,
        paths: fields.paths?.items.map((item) => item.value) ?? null,
      },
  ),
  as(recordValue("=rec.email"), (found) => ({ value: found, unique: true, paths: null })),
])

const version = object("a version", "How one sees that an item changed.", {
  kind: required(
    word("kind of version", ["etag", "revision", "timestamp", "hash", "none"]),
    "revision and timestamp have an order, an etag has none. hash: of the item, where the system has nothing.",
  ),
  value: optional(recordValue("=rec.updatedAt"), "Of a record."),
  header: optional(text({ expects: "the name of a header", examples: ["etag"] }), "The header that holds it, where an answer is one item."),
  resolution: optional(duration, "Of its time: 1ms, 1s."),
  times: optional(recordValue("=rec.modifiedTimes"), "Path -> when that field was changed: a mapping, or a list of {path, at}."),
})

export interface DeletesPart {
  readonly tombstone: typeof deltaScan extends Shape<infer S> ? S | null : never
  readonly flag: Condition | null
  readonly soft: Condition | null
  readonly absence: boolean
  readonly webhook: boolean
}

const deletes = as(
  object("deletes", "How one sees that an item is gone.", {
    tombstone: optional(deltaScan, "A feed of deletes, with a cursor of its own."),
    flag: optional(condition(PLACES.record, "=rec.archived"), "The record says that it is deleted, and is still there."),
    soft: optional(condition(PLACES.record, "=rec.restorable"), "flag: the item can be brought back; true, unless said."),
    absence: optional(yesNo(), "It is no longer in the snapshot."),
    webhook: optional(yesNo(), "A webhook says so."),
  }),
  ({ fields }): DeletesPart => ({
    tombstone: fields.tombstone ?? null,
    flag: fields.flag ?? null,
    soft: fields.soft ?? null,
    absence: fields.absence?.value ?? false,
    webhook: fields.webhook?.value ?? false,
  }),
)

export type SchemaPart = { readonly kind: "file"; readonly path: Located<string> } | { readonly kind: "inline"; readonly node: Node }

const schema: Shape<SchemaPart> = either<SchemaPart>("{ $ref: ./file.json } or a JSON Schema", [
  as(
    keyed(
      object("a schema in a file", "A JSON Schema in a file of its own.", {
        $ref: required(text({ expects: "the name of a file beside the manifest" }), "The file."),
      }),
      ["$ref"],
    ),
    ({ fields }): SchemaPart | undefined => fields.$ref && { kind: "file", path: fields.$ref },
  ),
  as(
    anything("a JSON Schema", { type: "object", description: "JSON Schema 2020-12 of an item." }, (node) => node.kind === "map"),
    (node): SchemaPart => ({ kind: "inline", node }),
  ),
])

const fields = {
  for: optional(
    text({ expects: "the name of a setting", examples: ["collections"], pattern: /^[A-Za-z]\w*$/ }),
    "A setting that maps names to settings: there is one such resource for each, under that name; config.each is its settings and its name.",
  ),
  schema: required(schema, "JSON Schema of an item, as mappings see it: { $ref: ./file.json }, or inline."),
  id: required(id, "How items are told apart: =rec.id."),
  keys: optional(
    record(key, { what: "keys", doc: "Name -> what items can be found by.", key: { pattern: /^[A-Za-z]\w*$/, expects: "a name" } }),
    "Name -> what items can be found by: email: =lower(rec.email).",
  ),
  item: optional(value(PLACES.record, "the item"), "The item as mappings see it; the record, unless said."),
  at: optional(recordValue("=rec.updatedAt"), "When an item was last modified; its version, where that is a time."),
  version: optional(version, "How one sees that an item changed."),
  normalises: optional(
    record(words, {
      what: "normalises",
      doc: "Path -> what the system does to a value it is given.",
      key: { pattern: PATH, expects: "a path in the item" },
    }),
    "Path -> what the system does to a value it is given: email: [trim, lower].",
  ),
  lag: optional(
    object("lag", "How late reads see a write.", {
      byId: optional(duration, "A lookup by id; 0s, unless said."),
      delta: optional(duration, "Lists and deltas; 0s, unless said."),
    }),
    "How late reads see a write.",
  ),
  pageSize: optional(whole({ expects: "a whole number above 0", min: 1 }), "Items per page; the limit of the scans or 100, unless said."),
  read: required(
    object("read", "How items are read.", {
      snapshot: optional(snapshotScan, "Every item."),
      delta: optional(deltaScan, "What changed since."),
      lookup: optional(lookups, "Single items."),
    }),
    "How items are read.",
  ),
  deletes: optional(deletes, "How one sees that an item is gone."),
  write: optional(writes, "How items are written."),
  edges: optional(edges, "Path in the item -> a list of what it belongs to."),
  parent: optional(parent, "The resource is read below each item of another one."),
} as const

export const resource = object("a resource", "One kind of thing in the system.", fields)
export interface ResourcePart extends Block<typeof fields> {}
