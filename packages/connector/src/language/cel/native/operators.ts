// The operators of CEL on JSON, as exact vocabularies have them: nothing is larger or smaller than a blank, a number beside a
// text is written into it.
import { isObject, type Json } from "../../../json.ts"
import { spendCharacters, spendSteps } from "../budget.ts"

/** These values do not go together, as CEL says in other words. */
export class Refused extends Error {}

const kindOf = (value: Json): string =>
  value === null ? "null" : Array.isArray(value) ? "list" : typeof value === "object" ? "map" : typeof value

const refuse = (operator: string, left: Json, right: Json): never => {
  throw new Refused(`these kinds of value do not go together: ${kindOf(left)} ${operator} ${kindOf(right)}`)
}

export function add(left: Json, right: Json): Json {
  if (typeof left === "string" || typeof right === "string") {
    if (left === null || right === null) return left ?? right
    if (typeof left === "object" || typeof right === "object" || typeof left === "boolean" || typeof right === "boolean")
      return refuse("+", left, right)
    const text = `${left}${right}`
    spendCharacters(text.length)
    return text
  }
  if (left === null && right === null) return null
  if (Array.isArray(left) && Array.isArray(right)) {
    spendSteps(left.length + right.length)
    return [...left, ...right]
  }
  if (typeof left !== "number" || typeof right !== "number") return refuse("+", left, right)
  const sum = left + right
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right) && !Number.isSafeInteger(sum))
    throw new Refused(`the number ${sum} cannot be kept exactly`)
  return sum
}

export function compare(operator: "<" | "<=" | ">" | ">=", left: Json, right: Json): boolean {
  if (left === null && right === null) return refuse(operator, left, right)
  if (left === null || right === null)
    return typeof (left ?? right) === "object" || typeof (left ?? right) === "boolean" ? refuse(operator, left, right) : false
  const numbers = typeof left === "number" && typeof right === "number"
  if (!numbers && !(typeof left === "string" && typeof right === "string")) return refuse(operator, left, right)
  if (operator === "<") return left < right
  if (operator === "<=") return left <= right
  return operator === ">" ? left > right : left >= right
}

export function contains(value: Json, within: Json): boolean {
  if (within === null) return false
  if (typeof value === "object" && value !== null) throw new Refused("only single values are looked for with in")
  if (Array.isArray(within)) {
    spendSteps(within.length)
    return within.includes(value)
  }
  if (isObject(within)) return typeof value === "string" && Object.hasOwn(within, value)
  return refuse("in", value, within)
}
