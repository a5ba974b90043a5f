// What systems do to values, and the form in which the oracle compares them: all that rewriting may change is ironed out.
import type { Json, JsonObject } from "@syncline/connector"
import { canonicalText } from "@syncline/core"

export const truncated = (at: number, resolutionMs: number): number => Math.floor(at / resolutionMs) * resolutionMs

export function rewrite(value: Json, steps: readonly string[]): Json {
  if (typeof value !== "string") return value
  let text = value
  for (const step of steps) {
    if (step === "trim") text = text.trim()
    else if (step === "lower") text = text.toLowerCase()
    else if (step.startsWith("truncate:")) text = [...text].slice(0, Number(step.slice("truncate:".length))).join("")
  }
  return text
}

/** No rewriting of any simulated system changes this. Blank is "". */
export function plain(value: Json | undefined): string {
  if (value === undefined || value === null) return ""
  if (typeof value === "string")
    return value
      .trim()
      .toLowerCase()
      .slice(0, 6 + (value.includes("@") ? 100 : 0))
  if (Array.isArray(value)) return value.length === 0 ? "" : canonicalText([...value].map((one: Json) => plain(one)).sort())
  return canonicalText(value)
}

/** Whether an item reads otherwise than what was seen of it; what was blank is not named there. */
export const moved = (seen: JsonObject, set: JsonObject, item: JsonObject): boolean =>
  [...Object.keys(seen), ...Object.keys(set)].some(
    (path) => path !== "uid" && canonicalText(seen[path]) !== canonicalText(item[path]) && !(blank(seen[path]) && blank(item[path])),
  )

const blank = (value: Json | undefined): boolean => value === undefined || value === null || (Array.isArray(value) && value.length === 0)
