// Whether two documents are the same, and the leaf paths in which they differ.
import { isObject, type Json, type JsonObject } from "@syncline/connector"

export const sameJson = (a: Json | undefined, b: Json | undefined): boolean => {
  if (a === b) return true
  if (a === undefined || b === undefined) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item: Json, index) => sameJson(item, b[index]))
  if (!isObject(a) || !isObject(b)) return false
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => sameJson(a[name], b[name]))
}

/** Dotted paths of everything that is not an object; lists count as one value. */
export const leafPaths = (value: JsonObject, prefix = ""): string[] =>
  Object.entries(value).flatMap(([name, child]) => (isObject(child) ? leafPaths(child, `${prefix}${name}.`) : [prefix + name]))

/** Leaf paths that were set, changed or removed between two documents. */
export const changedPaths = (before: JsonObject, after: JsonObject, prefix = ""): string[] => {
  const paths: string[] = []
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const was = before[name]
    const is = after[name]
    if (sameJson(was, is)) continue
    if (isObject(was) && isObject(is)) paths.push(...changedPaths(was, is, `${prefix}${name}.`))
    else if (isObject(is)) paths.push(...leafPaths(is, `${prefix}${name}.`))
    else if (isObject(was)) paths.push(...leafPaths(was, `${prefix}${name}.`))
    else paths.push(prefix + name)
  }
  return paths
}
