// How people's text is compared with what is stored: by letter case and composition blind, whole values only.
// A claim's value is canonical JSON text (`"a"`, `["a","b"]`) or plain text; every text inside it can be asked for.
import type { Json, JsonObject } from "../model/value.ts"

export const fold = (text: string): string => text.normalize("NFC").toLowerCase()

/** Whether a claim's value is, or holds, the folded text. */
export function claimHolds(value: string, folded: string): boolean {
  if (fold(value) === folded) return true
  if (!value.startsWith("[") && !value.startsWith('"')) return false
  let parsed: unknown
  try {
    parsed = JSON.parse(value)
  } catch {
    return false
  }
  const parts: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed]
  return parts.some((part) => (typeof part === "string" || typeof part === "number") && fold(String(part)) === folded)
}

/** Whether a value is, or holds at any depth, the folded text. */
export function holdsText(value: Json | undefined, folded: string): boolean {
  if (typeof value === "string") return fold(value) === folded
  if (typeof value !== "object" || value === null) return false
  if (Array.isArray(value)) return value.some((each: Json) => holdsText(each, folded))
  // what is neither null nor a list is an object
  return Object.values(value as JsonObject).some((each) => holdsText(each, folded))
}
