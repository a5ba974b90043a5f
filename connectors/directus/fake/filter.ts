// Filters as far as a sync needs them, with Directus' rule that a kind of field takes some operators and refuses the rest.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { refused } from "@syncline/testkit/fake"
import { problem } from "./problem.ts"

export type FieldType = "uuid" | "integer" | "string" | "timestamp" | "json"

const ANY = ["_eq", "_neq", "_in", "_nin", "_null", "_nnull"]
const OPERATORS: Readonly<Record<FieldType, readonly string[]>> = {
  // a UUID has no order
  uuid: ANY,
  integer: [...ANY, "_gt", "_gte", "_lt", "_lte"],
  timestamp: [...ANY, "_gt", "_gte", "_lt", "_lte"],
  string: [...ANY, "_contains", "_icontains"],
  json: ["_null", "_nnull"],
}

const text = (value: Json | undefined): string => String(value ?? "")
const order = (a: Json | undefined, b: Json): number =>
  typeof a === "number" ? a - Number(b) : text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0

const TESTS: Readonly<Record<string, (value: Json | undefined, operand: Json) => boolean>> = {
  _eq: (value, operand) => text(value) === text(operand),
  _neq: (value, operand) => text(value) !== text(operand),
  _in: (value, operand) => Array.isArray(operand) && operand.some((each: Json) => text(each) === text(value)),
  _nin: (value, operand) => Array.isArray(operand) && operand.every((each: Json) => text(each) !== text(value)),
  _null: (value, operand) => (value === null || value === undefined) === (operand === true),
  _nnull: (value, operand) => (value !== null && value !== undefined) === (operand === true),
  // what is null is neither before nor after anything
  _gt: (value, operand) => value !== null && value !== undefined && order(value, operand) > 0,
  _gte: (value, operand) => value !== null && value !== undefined && order(value, operand) >= 0,
  _lt: (value, operand) => value !== null && value !== undefined && order(value, operand) < 0,
  _lte: (value, operand) => value !== null && value !== undefined && order(value, operand) <= 0,
  _contains: (value, operand) => text(value).includes(text(operand)),
  _icontains: (value, operand) => text(value).toLowerCase().includes(text(operand).toLowerCase()),
}

const wrong = (reason: string) => refused(400, problem(400, "INVALID_QUERY", `Invalid query. ${reason}.`, { reason }).body)

export function matches(filter: JsonObject, item: JsonObject, types: Readonly<Record<string, FieldType>>): boolean {
  return Object.entries(filter).every(([name, test]) => {
    if (name === "_and" || name === "_or") {
      const parts = Array.isArray(test) ? test.filter(isObject) : []
      return name === "_and" ? parts.every((part) => matches(part, item, types)) : parts.some((part) => matches(part, item, types))
    }
    const type = types[name]
    if (type === undefined || !isObject(test))
      throw refused(403, problem(403, "FORBIDDEN", "You don't have permission to access this.").body)
    return Object.entries(test).every(([operator, operand]) => {
      const holds = TESTS[operator]
      if (holds === undefined || !OPERATORS[type].includes(operator))
        throw wrong(`"${type}" field type does not contain the "${operator}" filter operator`)
      return holds(item[name], operand)
    })
  })
}
