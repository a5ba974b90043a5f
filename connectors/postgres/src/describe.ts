// What a table can do with these settings, as data. No call is made: column types come from the configuration.
import type { DeleteSign, Description, JsonObject, JsonSchema, ResourceSpec, WriteSpec } from "@syncline/connector"
import { settingsOf, type TableSettings } from "./config.ts"

/** Rows a page, keys a lookup, operations a transaction. */
export const maxPage = 1000
export const maxLookup = 1000
export const maxBatch = 500

const INTEGER = /^(small|big)?(int(eger)?|serial)[248]?$/
const NUMBER = /^(numeric|decimal|real|double precision|float[48]?)/

/** Digits beyond 2^53 come as text, so a number may always be a string, too. */
function schemaOf(type: string): JsonSchema {
  const plain = type
    .trim()
    .toLowerCase()
    .replace(/\s*\(.*\)$/, "")
  if (plain.endsWith("[]")) return { type: ["array", "null"], items: schemaOf(plain.slice(0, -2)) }
  if (INTEGER.test(plain)) return { type: ["integer", "string", "null"] }
  if (NUMBER.test(plain)) return { type: ["number", "string", "null"] }
  if (plain === "bool" || plain === "boolean") return { type: ["boolean", "null"] }
  if (plain === "json" || plain === "jsonb") return {}
  if (plain === "date") return { type: ["string", "null"], format: "date" }
  if (plain.startsWith("timestamp")) return { type: ["string", "null"] }
  return { type: ["string", "null"] }
}

const itemSchema = (table: TableSettings): JsonSchema => ({
  type: "object",
  properties: Object.fromEntries(Object.entries(table.columns ?? {}).map(([column, type]) => [column, schemaOf(type)])),
  // without types nobody knows which columns there are
  additionalProperties: table.columns === null,
})

function deletesOf(table: TableSettings): readonly DeleteSign[] {
  const signs: DeleteSign[] = []
  if (table.changes === "replication") signs.push("tombstone")
  if (table.deletedAt !== null) signs.push("flag")
  if (table.changes !== "replication") signs.push("absence")
  return signs
}

function writesOf(table: TableSettings, remembersKeys: boolean): ResourceSpec["write"] {
  if (table.readOnly) return {}
  const byKey: WriteSpec = { max: maxBatch, atomic: "item", guard: "ifMatch", idempotent: "byId", unset: "null", returnsItem: true }
  return {
    create: { ...byKey, guard: "none", idempotent: remembersKeys ? "header" : "none" },
    update: byKey,
    delete: { ...byKey, returnsItem: false, ...(table.deletedAt === null ? {} : { soft: true }) },
  }
}

const deltaOf = (table: TableSettings): ResourceSpec["read"]["delta"] => {
  if (table.changes === "none") return undefined
  if (table.changes === "updated_at") return { kind: "timestamp", overlapMs: table.overlap * 1000 }
  return { kind: "sequence" }
}

export function describe(config: JsonObject): Description {
  const settings = settingsOf(config)
  return {
    title: "PostgreSQL",
    resources: [...settings.tables.values()].map((table): ResourceSpec => {
      const delta = deltaOf(table)
      return {
        name: table.resource,
        schema: itemSchema(table),
        id: { stable: true },
        keys: table.unique.map(({ column }) => ({ name: column, paths: [column], unique: true })),
        version: { kind: table.version === null ? "etag" : "revision", ...(table.updatedAt === null ? {} : { resolutionMs: 1 }) },
        read: {
          snapshot: true,
          ...(delta === undefined ? {} : { delta }),
          lookup: { by: ["id", ...table.unique.map(({ column }) => column)], max: maxLookup },
          lagMs: { byId: 0, delta: 0 },
          pageSize: maxPage,
        },
        deletes: deletesOf(table),
        write: writesOf(table, settings.idempotencyTable !== null),
      }
    }),
  }
}
