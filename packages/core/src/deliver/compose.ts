// A remote item after some of its paths were set: nested, sparse, as the system would hold it.
import type { Json, JsonObject } from "../model/value.ts"

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value)

/** `a.b` -> ["a", "b"]; a backslash keeps a dot. */
export const pathParts = (path: string): readonly string[] =>
  path.includes("\\") ? path.split(/(?<!\\)\./).map((part) => part.replaceAll("\\.", ".")) : path.split(".")

export function setPath(item: JsonObject, parts: readonly string[], value: Json): JsonObject {
  const [head, ...rest] = parts
  if (head === undefined) return item
  const child = item[head]
  return { ...item, [head]: rest.length === 0 ? value : setPath(isObject(child) ? child : {}, rest, value) }
}

/** Everything of `over` wins; objects are joined, lists and values replaced. */
export function overlay(under: JsonObject, over: JsonObject): JsonObject {
  const joined: Record<string, Json> = { ...under }
  for (const [key, value] of Object.entries(over)) {
    const below = joined[key]
    joined[key] = isObject(value) && isObject(below) ? overlay(below, value) : value
  }
  return joined
}
