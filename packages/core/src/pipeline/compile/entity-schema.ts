// The schema of an entity: read from its file or in place, judged, and turned into a validator of records.
import type { Ajv2020 } from "ajv/dist/2020.js"
import type { Entity } from "../../model/pipeline.ts"
import type { Json, JsonObject } from "../../model/value.ts"
import type { EntityPart } from "../language/entity.ts"
import { type Node, nodeAt, parseYaml, type Span, toJson } from "@syncline/connector/language"
import { readBeside, type Context } from "./context.ts"
import { compileSchema, explain, faultsOfSchema, pointerOf } from "./validator.ts"

export interface EntitySchema {
  readonly schema: JsonObject
  readonly validate: Entity["validate"]
}

export function compileEntitySchema(part: EntityPart, name: string, context: Context, ajv: Ajv2020): EntitySchema | null {
  const written = part.fields.schema
  if (written === undefined) return null
  const node = written.kind === "inline" ? written.node : schemaFile(written.path.value, written.path.at, context)
  if (node === null) return null
  const schema = toJson(node)
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) {
    context.report.error(node.at, `the schema of ${name} must be a JSON Schema, a mapping`)
    return null
  }
  const object = schema as JsonObject
  if (!judge(object, node, name, context)) return null
  const validate = compileSchema(ajv, object)
  if ("error" in validate) {
    context.report.error(
      node.at,
      `the schema of ${name} cannot be used: ${validate.error}`,
      "schemas are JSON Schema 2020-12 and refer only to parts of themselves",
    )
    return null
  }
  return {
    schema: object,
    validate: (fields) => {
      if (validate(withoutBlanks(fields))) return []
      return (validate.errors ?? []).map((error) => {
        const params = error.params as Readonly<Record<string, Json>>
        const field = pointerOf(error)[0] ?? (typeof params["missingProperty"] === "string" ? params["missingProperty"] : null)
        return { field, message: explain(error, false).message }
      })
    },
  }
}

/** Blank is absent: a schema says what a value looks like where there is one, and `required` that there must be one. */
function withoutBlanks(fields: JsonObject): JsonObject {
  const kept: Record<string, Json> = {}
  for (const name of Object.keys(fields)) {
    const value = fields[name]
    if (value !== null && value !== undefined) kept[name] = value
  }
  return kept
}

function schemaFile(path: string, at: Span, context: Context): Node | null {
  const file = readBeside(context, path, at)
  // Tabs may indent JSON; to the YAML reader they are noise of the same width as one blank.
  return file === null
    ? null
    : parseYaml(file.path, file.path.endsWith(".json") ? file.text.replaceAll("\t", " ") : file.text, context.report)
}

const DRAFT = /^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/

function judge(schema: JsonObject, node: Node, name: string, context: Context): boolean {
  const draft = schema["$schema"]
  if (draft !== undefined && (typeof draft !== "string" || !DRAFT.test(draft))) {
    context.report.error(
      nodeAt(node, ["$schema"]).at,
      `the schema of ${name} is of another draft`,
      "use https://json-schema.org/draft/2020-12/schema",
    )
    return false
  }
  const faults = faultsOfSchema(schema)
  if (faults.length > 0) {
    // Alternatives that failed too say less than the one that names the allowed values.
    const errors = faults.filter((e) => !["allOf", "anyOf", "$ref"].includes(e.keyword))
    const listed = new Set(errors.filter((e) => e.keyword === "enum").map((e) => e.instancePath))
    for (const error of errors.filter((e) => e.keyword === "enum" || !listed.has(e.instancePath)).slice(0, 5)) {
      const { message, hint } = explain(error, false)
      context.report.error(nodeAt(node, pointerOf(error)).at, `the schema of ${name}: ${message}`, hint ?? "see JSON Schema 2020-12")
    }
    return false
  }
  const properties = schema["properties"]
  if (typeof properties !== "object" || properties === null || Array.isArray(properties)) {
    context.report.error(
      node.kind === "map" ? (node.entries[0]?.keyAt ?? node.at) : node.at,
      `the schema of ${name} has no properties`,
      "list the fields of the entity under properties",
    )
    return false
  }
  return true
}
