// A schema -> a valid value, with `{unique}` in its texts; and which of an item's texts can be edited freely.
import type { Json, JsonObject, JsonSchema } from "@syncline/connector"
import { listAt } from "./document.ts"
import { is, propertiesOf } from "./schema.ts"

const DEEPEST = 4
/** Besides what is required. */
const MOST_EXTRA = 4

const FORMATS: Readonly<Record<string, string>> = {
  email: "{unique}@example.com",
  "idn-email": "{unique}@example.com",
  "date-time": "2026-01-02T03:04:05Z",
  date: "2026-01-02",
  time: "03:04:05Z",
  uri: "https://example.com/{unique}",
  url: "https://example.com/{unique}",
  uuid: "7f2c1b1e-5d0b-4c57-9a44-0c8a0a8a9d11",
  hostname: "{unique}.example.com",
  ipv4: "192.0.2.7",
}

export function sampleOf(name: string, schema: JsonObject, depth = 0): Json {
  const [choice] = listAt(schema, "enum")
  if (choice !== undefined) return choice
  if (schema["const"] !== undefined) return schema["const"]
  if (is(schema, "string")) return textOf(name, schema)
  if (is(schema, "integer") || is(schema, "number")) return numberOf(schema)
  if (is(schema, "boolean")) return false
  if (is(schema, "array")) return Number(schema["minItems"] ?? 0) > 0 ? [sampleOf(name, itemsOf(schema), depth + 1)] : []
  if (is(schema, "object")) return depth > DEEPEST ? {} : objectOf(schema, depth)
  return null
}

const itemsOf = (schema: JsonObject): JsonObject => {
  const { items } = schema
  return typeof items === "object" && items !== null && !Array.isArray(items) ? (items as JsonObject) : {}
}

const textOf = (name: string, schema: JsonObject): string => {
  const { format, pattern, maxLength, minLength } = schema
  const known = typeof format === "string" ? FORMATS[format] : undefined
  if (known !== undefined) return known
  if (/e-?mail/i.test(name)) return "{unique}@example.com"
  const [example] = listAt(schema, "examples")
  // A pattern is met by the document's own example or by nobody's guess.
  if (typeof pattern === "string") return typeof example === "string" ? example : `DECIDE: a text that fits ${pattern}`
  if (/phone|mobile|fax/i.test(name)) return "+1 202 555 0101"
  const most = typeof maxLength === "number" ? maxLength : 200
  if (most < 12) return typeof example === "string" ? example : "x".repeat(Math.max(1, Math.min(most, Number(minLength ?? 1))))
  return most < 30 ? "{unique}" : `${name.replace(/[^A-Za-z]+/g, " ").trim()} {unique}`
}

const numberOf = (schema: JsonObject): number => {
  const { minimum, exclusiveMinimum, maximum } = schema
  const least = typeof minimum === "number" ? minimum : typeof exclusiveMinimum === "number" ? exclusiveMinimum + 1 : 1
  return typeof maximum === "number" && least > maximum ? maximum : least
}

export function objectOf(schema: JsonSchema, depth = 0, leaveOut: readonly string[] = []): JsonObject {
  const required = listAt(schema, "required")
  let extra = 0
  return Object.fromEntries(
    propertiesOf(schema).flatMap(([name, property]) => {
      if (leaveOut.includes(name) || property["readOnly"] === true) return []
      if (!required.includes(name) && (depth > 0 || !is(property, "string") || extra++ >= MOST_EXTRA)) return []
      return [[name, sampleOf(name, property, depth + 1)] as const]
    }),
  )
}

/** Texts that nothing restricts, the roomiest first. */
export const freeTexts = (schema: JsonSchema, leaveOut: readonly string[]): readonly string[] =>
  propertiesOf(schema)
    .filter(
      ([name, property]) =>
        !leaveOut.includes(name) &&
        property["readOnly"] !== true &&
        is(property, "string") &&
        ["enum", "const", "format", "pattern"].every((word) => property[word] === undefined) &&
        !/e-?mail|phone|mobile|url|uri|locale|language|currency|country|zone|code|status|state|type|_id$|Id$/i.test(name) &&
        Number(property["maxLength"] ?? 200) >= 60,
    )
    .map(([name]) => name)
