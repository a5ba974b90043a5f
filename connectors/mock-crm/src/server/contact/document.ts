// A contact's own fields: what may be written into them, and the shape in which they are kept.
// Values are kept as they were given; only fields that every contact has are filled in when they are missing.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { Problem, type FieldProblem } from "../protocol/problem.ts"
import { readOnlyFields, type FieldRules, type FieldType } from "./schema-rules.ts"

/** Nothing in a CRM nests deeper; bounds the recursion over hostile input. */
const maxDepth = 16
const maxText = 10_000
const maxName = 100

const tooDeep = (value: Json, depth: number): boolean =>
  typeof value === "object" && value !== null && (depth === 0 || Object.values(value).some((child) => tooDeep(child, depth - 1)))

const expectations: Readonly<Record<FieldType, string>> = {
  string: `text of at most ${maxText} characters`,
  number: "a number",
  boolean: "true or false",
  object: "an object",
  list: "a list of texts",
  any: "a value",
}

const isText = (value: Json): boolean => typeof value === "string" && value.length <= maxText

const fits = (type: FieldType, value: Json): boolean => {
  switch (type) {
    case "string":
      return isText(value)
    case "number":
      return typeof value === "number"
    case "boolean":
      return typeof value === "boolean"
    case "object":
      return isObject(value)
    case "list":
      return Array.isArray(value) && value.every(isText)
    case "any":
      return true
  }
}

const faultOf = (name: string, value: Json, rules: FieldRules): FieldProblem[] => {
  if (readOnlyFields.includes(name)) return [{ path: name, message: "is set by the server" }]
  if (rules.removed.includes(name)) return [{ path: name, message: "no such field" }]
  if (name === "" || name === "__proto__" || name.length > maxName)
    return [{ path: name.slice(0, maxName), message: "is not a field name" }]
  if (value === null) return []
  if (tooDeep(value, maxDepth)) return [{ path: name, message: `nests deeper than ${maxDepth} levels` }]
  if (!fits(rules.fields[name] ?? "any", value))
    return [{ path: name, message: `must be ${expectations[rules.fields[name] ?? "any"]}, or null` }]
  if (name === "account" && isObject(value)) {
    const inner = value["name"]
    if (inner !== undefined && inner !== null && !isText(inner))
      return [{ path: "account.name", message: `must be ${expectations.string}, or null` }]
  }
  return []
}

/** Every fault of a body that is about to be written, create or merge patch. */
export const faultsOf = (body: JsonObject, rules: FieldRules): FieldProblem[] =>
  Object.entries(body).flatMap(([name, value]) => faultOf(name, value, rules))

export const asDocument = (body: unknown): JsonObject => {
  // the body came out of the JSON parser, so an object of it is a JsonObject
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as JsonObject
  throw new Problem(422, "invalid-contact", "A contact is a JSON object")
}

const blank: Readonly<Record<FieldType, Json>> = { string: null, number: null, boolean: null, object: {}, list: [], any: null }

/** Adds what every contact has. */
export const complete = (document: JsonObject, rules: FieldRules): JsonObject => {
  const result: Record<string, Json> = {}
  for (const [name, type] of Object.entries(rules.fields)) result[name] = document[name] ?? blank[type]
  const account = result["account"]
  if (isObject(account) && rules.fields["account"] === "object") result["account"] = { name: null, ...account }
  for (const [name, value] of Object.entries(document)) if (!(name in result)) result[name] = value
  return result
}

/** What a new contact gets where its creator says nothing. */
export const withDefaults = (document: JsonObject, rules: FieldRules): JsonObject => ({
  ...(rules.fields["stage"] === "string" ? { stage: "lead" } : {}),
  ...(rules.fields["email_opt_out"] === "boolean" ? { email_opt_out: false } : {}),
  ...document,
})

/** The key under which a contact is found by its address. */
export const emailKeyOf = (email: Json | undefined): string | null => {
  const key = typeof email === "string" ? email.trim().toLowerCase() : ""
  return key === "" ? null : key
}
