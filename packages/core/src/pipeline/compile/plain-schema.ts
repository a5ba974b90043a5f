// Schemas that are sound beyond doubt, known without the schema of schemas, whose compilation takes longer than that of a
// whole pipeline. Enters any JSON; `true` only for JSON Schema 2020-12 that uses plain keywords with plain values.
// `false` says nothing: such a schema is judged the long way.
import type { Json, JsonObject } from "../../model/value.ts"

type Judge = (value: Json) => boolean

const TYPES: ReadonlySet<Json> = new Set(["array", "boolean", "integer", "null", "number", "object", "string"])

const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value)
const text: Judge = (value) => typeof value === "string"
const flag: Judge = (value) => typeof value === "boolean"
const number: Judge = (value) => typeof value === "number"
const count: Judge = (value) => Number.isInteger(value) && Number(value) >= 0
const anything: Judge = () => true
const listOf =
  (judge: Judge, least: number): Judge =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.every(judge)
const apart =
  (judge: Judge): Judge =>
  (value) =>
    Array.isArray(value) && new Set(value).size === value.length && value.every(judge)
const mapOf =
  (judge: Judge): Judge =>
  (value) =>
    isObject(value) && Object.values(value).every(judge)

const type: Judge = (value) => TYPES.has(value) || (Array.isArray(value) && value.length > 0 && apart((one) => TYPES.has(one))(value))

const expression: Judge = (value) => {
  // as long as it may be one that only the long way knows
  if (typeof value !== "string" || !/^[\w ^$.*+?@\-[\](){},:/|]*$/.test(value)) return false
  try {
    return new RegExp(value, "u") instanceof RegExp
  } catch {
    return false
  }
}

const schema: Judge = (value) =>
  typeof value === "boolean" ||
  (isObject(value) && Object.entries(value).every(([keyword, each]) => KEYWORDS.get(keyword)?.(each) === true))

const TABLE: readonly (readonly [Judge, string])[] = [
  [type, "type"],
  [schema, "additionalProperties propertyNames items not if then else"],
  [mapOf(schema), "properties $defs"],
  [listOf(schema, 1), "allOf anyOf oneOf"],
  [listOf(anything, 0), "enum examples"],
  [anything, "const default"],
  [apart(text), "required"],
  [text, "title description $comment format"],
  [expression, "pattern"],
  [count, "minLength maxLength minItems maxItems minProperties maxProperties"],
  [number, "minimum maximum exclusiveMinimum exclusiveMaximum"],
  [flag, "uniqueItems readOnly writeOnly deprecated"],
  [(value) => typeof value === "string" && /^#(?:\/[\w-]+)*$/.test(value), "$ref"],
  [(value) => value === "https://json-schema.org/draft/2020-12/schema", "$schema"],
]
const KEYWORDS: ReadonlyMap<string, Judge> = new Map(
  TABLE.flatMap(([judge, keywords]) => keywords.split(" ").map((keyword): [string, Judge] => [keyword, judge])),
)

export const isPlainlySound: Judge = schema
