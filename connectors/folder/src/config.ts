// What a pipeline says about a folder of files. Read once, into plain settings.
import { isObject, type Json, type JsonObject, type JsonSchema } from "@syncline/connector"

export const formats = ["csv", "tsv", "json", "ndjson"] as const
export type Format = (typeof formats)[number]

const name: JsonSchema = { type: "string", minLength: 1 }

export const configSchema: JsonSchema = {
  type: "object",
  required: ["files"],
  additionalProperties: false,
  properties: {
    path: { type: "string", minLength: 1, description: "A folder beside the pipeline; the pipeline's own by default" },
    files: {
      type: "object",
      minProperties: 1,
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        properties: {
          file: { ...name, description: "people.csv, .tsv, .json (a list of objects) or .ndjson; NAME.csv by default" },
          format: { enum: [...formats], description: "Where the file's ending does not say it" },
          key: { ...name, description: "The column that names a row for good: `id` by default. A new row without one gets one." },
          unique: { type: "array", items: name, description: "Columns by which rows can be found; no two rows share a value" },
          columns: {
            type: "array",
            items: name,
            minItems: 1,
            description: "Columns in order: checked against a mapping, and the header of a new file",
          },
          optional: { type: "boolean", description: "A file that is not there counts as empty, and is made by the first write" },
          escapeFormulas: {
            type: "boolean",
            description: "Put an apostrophe before values that a spreadsheet would run as a formula, and take it off when reading",
          },
          readOnly: { type: "boolean" },
        },
      },
    },
  },
}

export interface FileSettings {
  readonly resource: string
  readonly file: string
  readonly format: Format
  readonly key: string
  readonly unique: readonly string[]
  readonly columns: readonly string[] | null
  readonly optional: boolean
  readonly escapeFormulas: boolean
  readonly readOnly: boolean
}

export interface Settings {
  readonly path: string
  readonly files: ReadonlyMap<string, FileSettings>
}

const text = (value: Json | undefined): string | null => (typeof value === "string" && value !== "" ? value : null)
const texts = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? value.flatMap((each) => text(each) ?? []) : [])
const isFormat = (value: Json | undefined): value is Format => formats.some((format) => format === value)

function formatOf(given: JsonObject, file: string): Format {
  if (isFormat(given["format"])) return given["format"]
  const ending = file.slice(file.lastIndexOf(".") + 1).toLowerCase()
  if (ending === "jsonl") return "ndjson"
  return isFormat(ending) ? ending : "csv"
}

function fileOf(resource: string, given: JsonObject): FileSettings {
  const file = text(given["file"]) ?? `${resource}.csv`
  return {
    resource,
    file,
    format: formatOf(given, file),
    key: text(given["key"]) ?? "id",
    unique: texts(given["unique"]),
    columns: Array.isArray(given["columns"]) ? texts(given["columns"]) : null,
    optional: given["optional"] === true,
    escapeFormulas: given["escapeFormulas"] === true,
    readOnly: given["readOnly"] === true,
  }
}

export const settingsOf = (config: JsonObject): Settings => ({
  path: text(config["path"]) ?? ".",
  files: new Map(
    Object.entries(isObject(config["files"]) ? config["files"] : {}).map(([resource, value]) => [
      resource,
      fileOf(resource, isObject(value) ? value : {}),
    ]),
  ),
})
