// A schema of OpenAPI 3.0 or 3.1 -> JSON Schema 2020-12 of an item: parts joined, what only OpenAPI knows left out, circles cut.
import { isObject, type Json, type JsonObject, type JsonSchema } from "@syncline/connector"
import { listAt, objectAt } from "./document.ts"

/** Deeper than any item that a mapping reaches into; recursive schemas end here. */
const DEEPEST = 5
/** Schemas that refer to everything there is would grow without end before they are deep. */
const MOST_NODES = 3000
const KEPT = new Set(
  "type enum const format pattern title description minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems uniqueItems required readOnly writeOnly default examples additionalProperties".split(
    " ",
  ),
)

export const schemaOf = (schema: Json | undefined): JsonSchema => read(schema, 0, { left: MOST_NODES })

function read(schema: Json | undefined, depth: number, budget: { left: number }): JsonSchema {
  if (!isObject(schema) || depth > DEEPEST || "$ref" in schema || budget.left-- <= 0) return {}
  const whole = joinedParts(schema)
  const result: Record<string, Json> = {}
  for (const [name, value] of Object.entries(whole)) {
    if (!KEPT.has(name)) continue
    // 3.0 says with a boolean what is a number since.
    if ((name === "exclusiveMinimum" || name === "exclusiveMaximum") && typeof value !== "number") continue
    if (name === "additionalProperties") {
      if (typeof value === "boolean") result[name] = value
      continue
    }
    result[name] = value
  }
  const { type } = whole
  if (whole["nullable"] === true && typeof type === "string") result["type"] = [type, "null"]
  if (whole["nullable"] === true && Array.isArray(result["enum"])) result["enum"] = [...new Set([...result["enum"], null])]
  const { example } = whole
  if (example !== undefined && result["examples"] === undefined) result["examples"] = [example]
  if (isObject(whole["properties"])) {
    result["properties"] = Object.fromEntries(
      Object.entries(whole["properties"]).map(([name, property]) => [name, read(property, depth + 1, budget)]),
    )
  }
  if (whole["items"] !== undefined) result["items"] = read(whole["items"], depth + 1, budget)
  return result
}

/** `allOf` as one; of `oneOf` and `anyOf` the first that is more than null. */
function joinedParts(schema: JsonObject, depth = 0): JsonObject {
  if (depth > DEEPEST) return schema
  const choice = [...listAt(schema, "oneOf"), ...listAt(schema, "anyOf")].filter(isObject)
  const first = choice.find((each) => each["type"] !== "null")
  const nullable = choice.some((each) => each["type"] === "null") ? { nullable: true } : {}
  const parts = [...listAt(schema, "allOf").filter(isObject), ...(first === undefined ? [] : [first])]
  return parts
    .map((part) => joinedParts(part, depth + 1))
    .reduce<JsonObject>(
      (joined, part) => ({
        ...part,
        ...joined,
        ...nullable,
        ...(isObject(part["properties"]) || isObject(joined["properties"])
          ? { properties: { ...objectAt(part, "properties"), ...objectAt(joined, "properties") } }
          : {}),
        ...(Array.isArray(part["required"]) || Array.isArray(joined["required"])
          ? { required: [...new Set([...listAt(part, "required"), ...listAt(joined, "required")])] }
          : {}),
      }),
      schema,
    )
}

export const propertiesOf = (schema: JsonSchema): readonly (readonly [name: string, schema: JsonObject])[] =>
  Object.entries(objectAt(schema, "properties")).flatMap(([name, property]) => (isObject(property) ? [[name, property] as const] : []))

export const typesOf = (schema: JsonObject): readonly string[] => {
  const { type } = schema
  if (typeof type === "string") return [type]
  return Array.isArray(type)
    ? type.filter((each): each is string => typeof each === "string")
    : isObject(schema["properties"])
      ? ["object"]
      : []
}

export const is = (schema: JsonObject, type: string): boolean => typesOf(schema).includes(type)
