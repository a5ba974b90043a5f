// What a folder of files can do, as data: all rows are read each time, a row's hash is its version.
import type { Description, JsonObject, JsonSchema, ResourceSpec, WriteSpec } from "@syncline/connector"
import { settingsOf, type FileSettings } from "./config.ts"

/** A file is read and written as a whole, so pages and batches are as large as is comfortable in memory. */
export const maxPage = 5000
const maxBatch = 5000

const isDelimited = (format: FileSettings["format"]): boolean => format === "csv" || format === "tsv"

const itemSchema = ({ columns, format, key, unique }: FileSettings): JsonSchema => {
  const delimited = isDelimited(format)
  const names = columns ?? [key, ...unique]
  return {
    type: "object",
    properties: Object.fromEntries(names.map((column) => [column, delimited ? { type: ["string", "null"] } : {}])),
    // without a list of columns nobody knows which there are
    additionalProperties: columns === null,
  }
}

const write: Omit<WriteSpec, "unset"> = { max: maxBatch, atomic: "item", guard: "readCompare", idempotent: "byId", returnsItem: true }

export const describe = (config: JsonObject): Description => ({
  title: "Folder of files",
  resources: [...settingsOf(config).files.values()].map(resourceOf),
})

const resourceOf = (file: FileSettings): ResourceSpec => {
  // a cell is never absent, a member of an object may be
  const update: WriteSpec = { ...write, unset: isDelimited(file.format) ? "empty" : "null" }
  return {
    name: file.resource,
    schema: itemSchema(file),
    id: { stable: true },
    keys: file.unique.map((column) => ({ name: column, paths: [column], unique: true })),
    version: { kind: "etag" },
    read: { snapshot: true, lookup: { by: ["id", ...file.unique], max: maxBatch }, lagMs: { byId: 0, delta: 0 }, pageSize: maxPage },
    deletes: ["absence"],
    write: file.readOnly
      ? {}
      : {
          // the id of a new row is made from the key of its create, so the same create again finds it
          create: { ...update, guard: "none", idempotent: "header" },
          update,
          delete: { ...update, returnsItem: false },
        },
  }
}
