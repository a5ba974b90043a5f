// Dotted paths into items, and what a system may do to a text by its own declaration. Pure.
import { isObject, type Json, type JsonObject, type ResourceSpec } from "@syncline/connector"

export interface Leaf {
  readonly path: string
  readonly value: Json
}

/** Everything an item says, by path; lists are values. */
export const leavesOf = (item: JsonObject, prefix = ""): readonly Leaf[] =>
  Object.entries(item).flatMap(([key, value]): readonly Leaf[] =>
    isObject(value) && Object.keys(value).length > 0 ? leavesOf(value, `${prefix}${key}.`) : [{ path: `${prefix}${key}`, value }],
  )

/** Absent reads as null. */
export const at = (item: JsonObject, path: string): Json => {
  let here: Json | undefined = item
  for (const key of path.split(".")) here = isObject(here) && Object.hasOwn(here, key) ? here[key] : undefined
  return here ?? null
}

export const nest = (path: string, value: Json): JsonObject => {
  const [first = "", ...rest] = path.split(".")
  return { [first]: rest.length === 0 ? value : nest(rest.join("."), value) }
}

/** Objects are joined, everything else is replaced. */
export const joined = (under: JsonObject, over: JsonObject): JsonObject => {
  const result: Record<string, Json> = { ...under }
  for (const [key, value] of Object.entries(over)) {
    const below = result[key]
    result[key] = isObject(value) && isObject(below) ? joined(below, value) : value
  }
  return result
}

/** The item without everything but these paths. */
export const keepPaths = (item: JsonObject, paths: readonly string[]): JsonObject =>
  paths.reduce<JsonObject>((kept, path) => {
    const value = at(item, path)
    return value === null ? kept : joined(kept, nest(path, value))
  }, {})

/** Equal by meaning: absent and null are the same, the order of members means nothing. */
export const same = (a: Json | undefined, b: Json | undefined): boolean => {
  if (a === b || (a == null && b == null)) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each: Json, index) => same(each, b[index]))
  if (!isObject(a) || !isObject(b)) return false
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => same(a[key], b[key]))
}

export const blank = (value: Json): boolean =>
  value === null || value === "" || (Array.isArray(value) && value.length === 0) || (isObject(value) && Object.values(value).every(blank))

/** What the engine knows how to foresee. */
export const KNOWN_STEP = /^(?:trim|lower|upper|nfc|truncate:\d+)$/

/** A value after everything that the system declares to do at this path. */
export const normalised = (spec: ResourceSpec, path: string, value: Json): Json => {
  const steps = spec.normalises?.[path] ?? []
  if (typeof value === "string") return steps.reduce(normalise, value)
  if (Array.isArray(value)) return value.map((each: Json) => (typeof each === "string" ? steps.reduce(normalise, each) : each))
  return value
}

const normalise = (text: string, step: string): string => {
  const [name = "", argument = ""] = step.split(":")
  switch (name) {
    case "trim":
      return text.trim()
    case "lower":
      return text.toLowerCase()
    case "upper":
      return text.toUpperCase()
    case "nfc":
      return text.normalize("NFC")
    case "truncate":
      return [...text].slice(0, Number(argument)).join("")
    default:
      return text
  }
}

/** Where two items differ. */
export const differences = (before: JsonObject, after: JsonObject): readonly string[] =>
  [...new Set([...leavesOf(before), ...leavesOf(after)].map(({ path }) => path))].filter((path) => !same(at(before, path), at(after, path)))
