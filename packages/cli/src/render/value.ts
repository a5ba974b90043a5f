// A canonical or remote value as one line: text as it is, lists with commas, nothing as a dash.
import type { Json } from "@syncline/core/model"
import { cleanText } from "./clean.ts"

export function showValue(value: Json | undefined): string {
  if (value === undefined || value === null) return "–"
  if (value === "") return '""'
  if (typeof value === "string") return cleanText(value)
  if (typeof value !== "object") return String(value)
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]"
    return value.map((each: Json) => (typeof each === "string" ? cleanText(each) : showValue(each))).join(", ")
  }
  return cleanText(JSON.stringify(value))
}
