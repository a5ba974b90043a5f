// What a value looks like in a cell: text as it is, nothing as empty text, lists and objects as JSON.
import type { Json } from "@syncline/connector"

export const asText = (value: Json | undefined): string => {
  if (value === null || value === undefined) return ""
  return typeof value === "string" ? value : typeof value === "object" ? JSON.stringify(value) : String(value)
}
