// Canonical values: JSON compared by meaning. Absent, null, "" and [] are all blank, but not equal unless the same.
import type { Json, JsonObject } from "../json.ts"

/** Structural equality; absent (`undefined`) equals null. Object key order does not matter. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (a === undefined || a === null) return b === undefined || b === null
  if (b === undefined || b === null) return false
  if (typeof a !== "object" || typeof b !== "object") return false
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    for (let i = 0; i < a.length; i++) if (!equal(a[i] as Json, b[i] as Json)) return false
    return true
  }
  const left = a as JsonObject
  const right = b as JsonObject
  // own members only: a member named `toString` is one like any other
  for (const key of Object.keys(left)) if (!equal(left[key], Object.hasOwn(right, key) ? right[key] : undefined)) return false
  for (const key of Object.keys(right)) if (!Object.hasOwn(left, key) && !equal(undefined, right[key])) return false
  return true
}

/** Nothing there for a person to read: null, absent, "", or an empty list. */
export const isBlank = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)

/** Equal, or blank both: nobody who reads them finds a difference. */
export const alike = (a: Json | undefined, b: Json | undefined): boolean => equal(a, b) || (isBlank(a) && isBlank(b))

/** One text per value, whatever the key order: for hashes and for keys of maps. */
export function canonicalText(value: Json | undefined): string {
  if (value === undefined || value === null) return "null"
  if (typeof value !== "object") return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((v: Json) => canonicalText(v)).join(",")}]`
  const object = value as JsonObject
  const parts = Object.keys(object)
    .sort()
    .filter((key) => object[key] !== null && object[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${canonicalText(object[key])}`)
  return `{${parts.join(",")}}`
}
