// What a pipeline says about a database: how to reach it, and which tables there are. Read once, into plain settings.
import { isObject, type Json, type JsonObject, type JsonSchema } from "@syncline/connector"

const name: JsonSchema = { type: "string", minLength: 1, maxLength: 63 }

export const configSchema: JsonSchema = {
  type: "object",
  required: ["tables"],
  additionalProperties: false,
  properties: {
    url: {
      type: "string",
      pattern: "^postgres(ql)?://",
      writeOnly: true,
      description: "postgres://user:password@host:5432/database?sslmode=require; or the parts of it by name, below",
    },
    host: { type: "string", minLength: 1 },
    port: { type: "integer", minimum: 1, maximum: 65_535, default: 5432 },
    database: name,
    user: name,
    password: { type: "string", minLength: 1, writeOnly: true },
    ssl: {
      enum: ["off", "require", "verify"],
      description: "require: encrypted; verify, the default for other hosts: encrypted and the certificate is checked",
    },
    publication: { ...name, description: "The publication that names the tables; needed for `changes: replication`" },
    slot: {
      type: "string",
      pattern: "^[a-z0-9_]{1,40}$",
      description: "Begins the names of the replication slots, one a table; `syncline` by default. Two pipelines need two names.",
    },
    keepLog: {
      type: "integer",
      minimum: 0,
      description: "MB of the log that a slot keeps although they were read: 16. A store restored from a backup goes on from there.",
    },
    idempotencyTable: {
      ...name,
      description: "A table of ours, created if it is missing, that makes a repeated create harmless whatever columns there are",
    },
    tables: {
      type: "object",
      minProperties: 1,
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        properties: {
          table: { type: "string", minLength: 1, description: "schema.table; the resource's own name by default" },
          key: {
            description: "The primary key: `id` by default, or several columns",
            anyOf: [name, { type: "array", minItems: 1, maxItems: 8, items: name }],
          },
          unique: {
            type: "array",
            description: "Columns with a unique constraint: records are found by them",
            items: {
              anyOf: [
                name,
                {
                  type: "object",
                  required: ["column"],
                  additionalProperties: false,
                  properties: { column: name, ignoreCase: { type: "boolean", description: "The index is on lower(column)" } },
                },
              ],
            },
          },
          changes: {
            enum: ["replication", "updated_at", "sequence", "none"],
            description: "How changes are found; by the columns named below if this is left out, else by reading everything",
          },
          updatedAt: { ...name, description: "A timestamp that every writer or a trigger moves" },
          sequence: { ...name, description: "A number that grows with every write" },
          overlap: {
            type: "integer",
            minimum: 0,
            description:
              "So many seconds (or numbers, of a sequence) before the last one seen are read again, for transactions that end late: 60 (1000)",
          },
          deletedAt: { ...name, description: "Rows in which it is not null count as deleted; deleting sets it" },
          version: { ...name, description: "A number that every writer raises by one; PostgreSQL's own xmin by default" },
          touch: { type: "boolean", description: "Set `updatedAt` on every write, where no trigger does" },
          readOnly: { type: "boolean" },
          columns: {
            type: "object",
            description: "Types of the columns: with them a mapping is checked before anything is called",
            additionalProperties: { type: "string", examples: ["text", "integer", "timestamptz", "jsonb", "text[]"] },
          },
        },
      },
    },
  },
  anyOf: [{ required: ["url"] }, { required: ["host", "database"] }],
}

export interface UniqueColumn {
  readonly column: string
  readonly ignoreCase: boolean
}

export interface TableSettings {
  readonly resource: string
  /** schema and table, not quoted. */
  readonly schema: string
  readonly table: string
  readonly key: readonly string[]
  readonly unique: readonly UniqueColumn[]
  readonly changes: "replication" | "updated_at" | "sequence" | "none"
  readonly updatedAt: string | null
  readonly sequence: string | null
  readonly overlap: number
  readonly deletedAt: string | null
  readonly version: string | null
  readonly touch: boolean
  readonly readOnly: boolean
  readonly columns: Readonly<Record<string, string>> | null
  readonly slot: string
}

export interface Settings {
  readonly url: string | null
  readonly host: string | null
  readonly port: number
  readonly database: string | null
  readonly user: string | null
  readonly password: string | null
  readonly ssl: "off" | "require" | "verify" | null
  readonly publication: string | null
  readonly idempotencyTable: string | null
  readonly keepLogBytes: number
  readonly tables: ReadonlyMap<string, TableSettings>
}

const text = (value: Json | undefined): string | null => (typeof value === "string" && value !== "" ? value : null)
const object = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})
const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

const DEFAULT_PORT = 5432
/** Read again at every pull, so not much more than a moment's reading. */
const KEEP_LOG_MB = 16
const OVERLAP_SECONDS = 60
const OVERLAP_NUMBERS = 1000

export function settingsOf(config: JsonObject): Settings {
  const ssl = config["ssl"]
  const slot = text(config["slot"]) ?? "syncline"
  return {
    url: text(config["url"]),
    host: text(config["host"]),
    port: typeof config["port"] === "number" ? config["port"] : DEFAULT_PORT,
    database: text(config["database"]),
    user: text(config["user"]),
    password: text(config["password"]),
    ssl: ssl === "off" || ssl === "require" || ssl === "verify" ? ssl : null,
    publication: text(config["publication"]),
    idempotencyTable: text(config["idempotencyTable"]),
    keepLogBytes: (typeof config["keepLog"] === "number" ? config["keepLog"] : KEEP_LOG_MB) * 1024 * 1024,
    tables: new Map(
      Object.entries(object(config["tables"])).map(([resource, value]) => [resource, tableOf(resource, object(value), slot)]),
    ),
  }
}

function tableOf(resource: string, given: JsonObject, slot: string): TableSettings {
  const [first = resource, second] = (text(given["table"]) ?? resource).split(".")
  const key = text(given["key"])
  const updatedAt = text(given["updatedAt"])
  const sequence = text(given["sequence"])
  const chosen = given["changes"]
  const changes =
    chosen === "replication" || chosen === "updated_at" || chosen === "sequence" || chosen === "none"
      ? chosen
      : sequence !== null
        ? "sequence"
        : updatedAt !== null
          ? "updated_at"
          : "none"
  const columns = isObject(given["columns"]) ? given["columns"] : null
  return {
    resource,
    schema: second === undefined ? "public" : first,
    table: second ?? first,
    key: key !== null ? [key] : Array.isArray(given["key"]) ? list(given["key"]).flatMap((each) => text(each) ?? []) : ["id"],
    unique: list(given["unique"]).flatMap((each) => {
      if (typeof each === "string") return [{ column: each, ignoreCase: false }]
      const column = text(object(each)["column"])
      return column === null ? [] : [{ column, ignoreCase: object(each)["ignoreCase"] === true }]
    }),
    changes,
    updatedAt,
    sequence,
    overlap: typeof given["overlap"] === "number" ? given["overlap"] : changes === "sequence" ? OVERLAP_NUMBERS : OVERLAP_SECONDS,
    deletedAt: text(given["deletedAt"]),
    version: text(given["version"]),
    touch: given["touch"] === true,
    readOnly: given["readOnly"] === true,
    columns: columns === null ? null : Object.fromEntries(Object.entries(columns).map(([column, type]) => [column, text(type) ?? "text"])),
    // a name of the server's own kind: what may not stand in one is left out
    slot: `${slot}_${resource.toLowerCase().replace(/[^a-z0-9_]/g, "_")}`.slice(0, 63),
  }
}
