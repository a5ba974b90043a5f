// Is `actual` what `expected` describes a part of? Every difference in words, with its path; none means yes.
// Lists of texts are sets, as tags are; a field that is missing equals null.
import { isObject, type JsonObject, type Json } from "@syncline/connector"
import type { Amount } from "./scenario.ts"

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)
const sortKey = (value: Json): string => JSON.stringify(value)
const show = (value: Json | undefined): string => (value === undefined ? "nothing" : JSON.stringify(value))

/** `/…/` or the text itself. */
export const patternOf = (text: string): RegExp | null => {
  const source = /^\/(?<source>.+)\/$/s.exec(text)?.groups?.["source"]
  return source === undefined ? null : new RegExp(source, "u")
}

export const differences = (expected: Json, actual: Json | undefined, path = ""): readonly string[] => {
  const differ = [`${path === "" ? "" : `${path}: `}expected ${show(expected)}, found ${show(actual)}`]
  if (isObject(expected)) {
    if (!isObject(actual)) return differ
    return Object.entries(expected).flatMap(([key, value]) => differences(value, actual[key], path === "" ? key : `${path}.${key}`))
  }
  if (isList(expected)) {
    if (!isList(actual) || actual.length !== expected.length) return differ
    const texts = [...expected, ...actual].every((value) => typeof value === "string")
    const [left, right] = texts ? [expected.toSorted(bySortKey), actual.toSorted(bySortKey)] : [expected, actual]
    return left.some((value, at) => differences(value, right[at]).length > 0) ? differ : []
  }
  if (typeof expected === "string" && typeof actual === "string" && patternOf(expected)?.test(actual) === true) return []
  return expected === (actual ?? null) ? [] : differ
}

const bySortKey = (a: Json, b: Json): number => (sortKey(a) < sortKey(b) ? -1 : 1)

/** `2`, or `at least 1, at most 3`. */
export const amountText = (amount: Amount): string => {
  if (typeof amount === "number") return String(amount)
  const { at_least: low, at_most: high } = amount
  return [...(low === undefined ? [] : [`at least ${low}`]), ...(high === undefined ? [] : [`at most ${high}`])].join(", ")
}

export const amountDiffers = (expected: Amount, actual: number): string | null => {
  const { at_least: low, at_most: high } = typeof expected === "number" ? { at_least: expected, at_most: expected } : expected
  return actual >= (low ?? 0) && actual <= (high ?? Number.POSITIVE_INFINITY) ? null : `expected ${amountText(expected)}, found ${actual}`
}

/** A list as a number of things, or as a part of each of them in any order. */
export const listDiffers = (expected: Amount | readonly JsonObject[], actual: readonly Json[]): readonly string[] => {
  if (!Array.isArray(expected)) {
    const differ = amountDiffers(expected as Amount, actual.length)
    return differ === null ? [] : [`${differ}${actual.length === 0 ? "" : `:\n    ${actual.map(show).join("\n    ")}`}`]
  }
  const left = [...actual]
  const missing = (expected as readonly JsonObject[]).filter((one) => {
    const at = left.findIndex((candidate) => differences(one, candidate).length === 0)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  return [...missing.map((one) => `expected ${show(one)}, found none like it`), ...left.map((one) => `did not expect ${show(one)}`)]
}
