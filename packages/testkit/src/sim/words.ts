// What systems do to values, and the form in which the oracle compares them: all that rewriting may change is ironed out.
import type { Json, JsonObject } from "@syncline/connector"
import { canonicalText } from "@syncline/core"

export const truncated = (at: number, resolutionMs: number): number => Math.floor(at / resolutionMs) * resolutionMs

export const rewrite = (value: Json, steps: readonly string[]): Json => steps.reduce(rewritten, value)

/** Looks like a number, and is written as one would be. */
const isNumeral = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text) && String(Number(text)) === text

const inCents = (value: number): number => (Number.isInteger(value) ? value : Math.round(value * 100) / 100)

function rewritten(value: Json, step: string): Json {
  switch (step) {
    case "noBlankText":
      return value === "" ? null : value
    case "blankText":
      return value === null ? "" : value
    case "cents":
      return typeof value === "number" ? inCents(value) : value
    case "asText":
      return typeof value === "number" ? String(value) : value
    case "asNumber":
      return typeof value === "string" && isNumeral(value) ? Number(value) : value
    case "belowZero":
      return value === 0 ? -0 : value
  }
  if (typeof value !== "string") return value
  switch (step) {
    case "trim":
      return value.trim()
    case "lower":
      return value.toLowerCase()
    case "nfc":
      return value.normalize("NFC")
  }
  return step.startsWith("truncate:") ? [...value].slice(0, Number(step.slice("truncate:".length))).join("") : value
}

/** An address in the spelling in which addresses are compared. */
export const addressOf = (item: JsonObject): string =>
  String(item["email"] ?? "")
    .trim()
    .toLowerCase()

/** No rewriting of any simulated system changes this. Blank is "". */
export function plain(value: Json | undefined): string {
  if (value === undefined || value === null) return ""
  if (typeof value === "number") return canonicalText(inCents(value))
  if (typeof value === "string" && isNumeral(value)) return plain(Number(value))
  if (typeof value === "string")
    return value
      .normalize("NFC")
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

/** An item as a system shows it that leaves out what is blank. */
export const withoutBlanks = (item: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== "" && !blank(value)))

const blank = (value: Json | undefined): boolean => value === undefined || value === null || (Array.isArray(value) && value.length === 0)
