// A JSON value as a few words of a sentence: `phone "+1 …", tags ["vip"]`.
import { isObject, type Json } from "@syncline/connector"

export const brief = (value: Json): string =>
  isObject(value)
    ? Object.entries(value)
        .map(([key, inner]) => `${key} ${isObject(inner) ? `{ ${brief(inner)} }` : JSON.stringify(inner)}`)
        .join(", ")
    : JSON.stringify(value)
