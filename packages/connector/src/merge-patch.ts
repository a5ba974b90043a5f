// RFC 7396 JSON Merge Patch: `null` takes a member away, objects are merged, everything else replaces. Inputs stay as they are.
import { isObject, type Json } from "./json.ts"

/** A name that would reach an object's prototype; the JSON parser refuses it, what comes from elsewhere is filtered here. */
const isSafe = (name: string): boolean => name !== "__proto__"

export const mergePatch = (target: Json | undefined, patch: Json): Json => {
  if (!isObject(patch)) return patch
  const result: Record<string, Json> = { ...(isObject(target) ? target : {}) }
  for (const [name, value] of Object.entries(patch)) {
    if (!isSafe(name)) continue
    if (value === null) delete result[name]
    else result[name] = mergePatch(result[name], value)
  }
  return result
}
