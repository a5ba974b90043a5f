// A table in SQL: its quoted names, how a row is read, and how a remote id and the columns of the key become each other.
// Rows come as JSON text made by the server, so that every type has one representation, wherever it is read.
import { FaultError, isObject, type Change, type Json, type JsonObject } from "@syncline/connector"
import { parseJsonText } from "@syncline/connector"
import pg from "pg"
import type { TableSettings } from "./config.ts"

export const quoted = (name: string): string => pg.escapeIdentifier(name)

export interface Table {
  readonly settings: TableSettings
  /** "schema"."table" */
  readonly name: string
  /** `t."a", t."b"` */
  readonly key: string
  /** Columns of every read, of the row `t`: item, version, at, deleted, keys. */
  readonly row: string
  /** `t."a" = k."a" and …` */
  readonly sameKey: string
}

export function tableOf(settings: TableSettings): Table {
  const column = (name: string): string => `t.${quoted(name)}`
  const { updatedAt, deletedAt, version } = settings
  const keys = settings.key.map(column)
  return {
    settings,
    name: `${quoted(settings.schema)}.${quoted(settings.table)}`,
    key: keys.join(", "),
    row: [
      "to_jsonb(t.*)::text AS item",
      `${version === null ? "t.xmin" : column(version)}::text AS version`,
      `${updatedAt === null ? "NULL" : `to_jsonb(${column(updatedAt)}) #>> '{}'`} AS at`,
      `${deletedAt === null ? "false" : `${column(deletedAt)} IS NOT NULL`} AS deleted`,
      `ARRAY[${keys.map((key) => `${key}::text`).join(", ")}]::text[] AS key`,
    ].join(", "),
    sameKey: settings.key.map((name) => `${column(name)} = k.${quoted(name)}`).join(" AND "),
  }
}

/** One column is its own text; several are a JSON array of texts. */
export const idOf = (key: readonly string[]): string => (key.length === 1 ? (key[0] ?? "") : JSON.stringify(key))

/** The columns of the key, as JSON that the server reads into their types; null for what cannot be an id of this table. */
export function keyOf(table: Table, id: string): JsonObject | null {
  const { key } = table.settings
  if (key.length === 1) return { [key[0] ?? ""]: id }
  let values: Json
  try {
    values = parseJsonText(id)
  } catch {
    return null
  }
  if (!Array.isArray(values) || values.length !== key.length || !values.every((each) => typeof each === "string")) return null
  return Object.fromEntries(key.map((name, index) => [name, values[index] ?? null]))
}

const iso = (text: string): string | undefined => {
  // a timestamp without a zone is taken as UTC, as the session does
  const ms = Date.parse(/(Z|[+-]\d\d(:?\d\d)?)$/.test(text) ? text : `${text}Z`)
  return Number.isFinite(ms) ? new Date(ms).toISOString() : undefined
}

export interface Row {
  readonly id: string
  readonly key: readonly string[]
  readonly version: string
  readonly at: string | undefined
  readonly deleted: boolean
  readonly item: JsonObject
}

export function rowOf(raw: Record<string, unknown>): Row {
  const { item, version, at, deleted, key } = raw
  const parsed = typeof item === "string" ? parseJsonText(item) : null
  if (!isObject(parsed) || !Array.isArray(key) || typeof version !== "string")
    throw new FaultError({ class: "invalid", message: "A row has no key or no version: is the key's column right, and never null?" })
  const texts = key.map(String)
  return {
    id: idOf(texts),
    key: texts,
    version,
    at: typeof at === "string" ? iso(at) : undefined,
    deleted: deleted === true,
    item: parsed,
  }
}

/** The row as a change: a deleted mark makes it a delete that left the row in place. */
export const changeOf = (row: Row): Extract<Change, { kind: "upsert" | "delete" }> => {
  const facts = { id: row.id, version: row.version, ...(row.at === undefined ? {} : { at: row.at }) }
  return row.deleted ? { kind: "delete", soft: true, ...facts } : { kind: "upsert", item: row.item, ...facts }
}
