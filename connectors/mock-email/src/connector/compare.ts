// Read-compare: does a member still read as it did when the change was computed?
import { isObject, type Json, type JsonObject } from "@syncline/connector"

const same = (a: Json | undefined, b: Json | undefined): boolean => {
  if (a === b || (a == null && b == null)) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each: Json, index) => same(each, b[index]))
  if (!isObject(a) || !isObject(b)) return false
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => same(a[key], b[key]))
}

/** Paths of `seen` at which the item reads otherwise now. What `seen` does not name does not count. */
export const movedPaths = (seen: JsonObject, item: JsonObject, prefix = ""): string[] =>
  Object.entries(seen).flatMap(([key, value]) => {
    const now = item[key]
    if (isObject(value) && (isObject(now) || now == null)) return movedPaths(value, now ?? {}, `${prefix}${key}.`)
    return same(value, now) ? [] : [`${prefix}${key}`]
  })
