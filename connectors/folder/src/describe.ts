// What a folder of files can do, as data: all rows are read each time, a row's hash is its version.
import type { Description, JsonObject, JsonSchema, ResourceSpec, WriteSpec } from "@syncline/connector"
import { settingsOf, type FileSettings } from "./config.ts"

/** A file is read and written as a whole, so pages and batches are as large as is comfortable in memory. */
export const maxPage = 5000
const maxBatch = 5000

const itemSchema = ({ columns, format, key, unique }: FileSettings): JsonSchema => {
  const delimited = format === "csv" || format === "tsv"
  const names = columns ?? [key, ...unique]
  return {
    type: "object",
    properties: Object.fromEntries(names.map((column) => [column, delimited ? { type: ["string", "null"] } : {}])),
    // without a list of columns nobody knows which there are
    additionalProperties: columns === null,
  }
}

const write: WriteSpec = { max: maxBatch, atomic: "item", guard: "readCompare", idempotent: "byId", unset: "empty", returnsItem: true }

export const describe = (config: JsonObject): Description => ({
  title: "Folder of files",
  resources: [...settingsOf(config).files.values()].map((file): ResourceSpec => ({
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
          create: { ...write, guard: "none", idempotent: "header" },
          update: write,
          delete: { ...write, returnsItem: false },
        },
  })),
})
