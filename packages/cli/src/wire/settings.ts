// Settings of a connector: made-up ones where nothing will be called, and which of them are never shown.
import { isObject, type Json, type JsonObject, type JsonSchema } from "@syncline/connector"

/** Settings that a description can be asked for with: given ones, defaults, and a stand-in for whatever is required. */
export function standIns(schema: JsonSchema, given: JsonObject): JsonObject {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {}
  const required = Array.isArray(schema["required"]) ? schema["required"] : []
  const made: Record<string, Json> = {}
  for (const [name, property] of Object.entries(properties)) {
    if (!isObject(property)) continue
    if (property["default"] !== undefined) made[name] = property["default"]
    else if (required.includes(name)) made[name] = standIn(name, property)
  }
  return { ...made, ...given }
}

const standIn = (name: string, { type, enum: choices, examples }: JsonObject): Json => {
  if (Array.isArray(choices) && choices[0] !== undefined) return choices[0]
  if (Array.isArray(examples) && examples[0] !== undefined) return examples[0]
  if (type === "boolean") return false
  if (type === "number" || type === "integer") return 1
  if (type === "array") return []
  if (type === "object") return {}
  return /url|uri|host/i.test(name) ? "http://127.0.0.1" : name
}

/** Values that are never shown. */
export const secretsIn = (schema: JsonSchema, config: JsonObject): readonly string[] => {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {}
  return Object.entries(properties).flatMap(([name, property]) => {
    const value = config[name]
    return isObject(property) && property["writeOnly"] === true && typeof value === "string" && value.length > 3 ? [value] : []
  })
}
