// What an item may be at most to be stored and handled: plain JSON of bounded depth, size and number of values. One that
// is more enters as a cut: a few of its plain values and the reason, under a name that survives the store. Pure.
import type { Json, JsonObject } from "./value.ts"

/** Deeper than any real item; shallow enough for every recursive function, `JSON.stringify` among them. */
const MAX_DEPTH = 100
/** Characters of all texts and names. A contact with a long history has some ten thousand. */
const MAX_CHARACTERS = 1_000_000
/** Members and elements at any depth. */
const MAX_VALUES = 10_000
/** An id is part of keys, of addresses and of file rows. */
const MAX_ID_LENGTH = 1_000

/** What a cut keeps for a person to recognise the item by. */
const CUT_VALUES = 20
const CUT_LENGTH = 200

const CUT = "syncline:cut"

interface Budget {
  values: number
  characters: number
}

const TOO_LARGE = `it holds more than ${MAX_CHARACTERS} characters of text`
const TOO_MANY = `it holds more than ${MAX_VALUES} values`
const TOO_DEEP = `it is nested deeper than ${MAX_DEPTH} levels`

/** Why an item cannot be taken as it is; null where it can. */
export const whyInadmissible = (item: unknown): string | null =>
  typeof item !== "object" || item === null || Array.isArray(item)
    ? "it is no JSON object"
    : judge(item, 0, { values: MAX_VALUES, characters: MAX_CHARACTERS })

function judge(value: unknown, depth: number, left: Budget): string | null {
  switch (typeof value) {
    case "string":
      return (left.characters -= value.length) < 0 ? TOO_LARGE : null
    case "number":
      return Number.isFinite(value) ? null : "it holds a number that JSON does not know"
    case "boolean":
    case "undefined":
      return null
    case "object":
      return value === null ? null : judgeParts(value, depth, left)
    default:
      return "it holds something that JSON does not know"
  }
}

function judgeParts(value: object, depth: number, left: Budget): string | null {
  if (depth >= MAX_DEPTH) return TOO_DEEP
  if (Array.isArray(value)) {
    if ((left.values -= value.length) < 0) return TOO_MANY
    for (const each of value as readonly unknown[]) {
      const why = judge(each, depth + 1, left)
      if (why !== null) return why
    }
    return null
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return "it holds something that JSON does not know"
  for (const name in value) {
    if (--left.values < 0) return TOO_MANY
    if ((left.characters -= name.length) < 0) return TOO_LARGE
    const why = judge((value as Readonly<Record<string, unknown>>)[name], depth + 1, left)
    if (why !== null) return why
  }
  return null
}

/** Whether something can name an item: ids are texts. */
export const isUsableId = (id: unknown): id is string => typeof id === "string" && id !== "" && id.length <= MAX_ID_LENGTH

/** What stands for an item that cannot be taken: some of its short plain values, and why. */
export function cutItem(item: unknown, reason: string): JsonObject {
  const kept: [string, Json][] = [[CUT, reason]]
  if (typeof item === "object" && item !== null && !Array.isArray(item)) {
    for (const name in item) {
      if (kept.length > CUT_VALUES) break
      const value: unknown = (item as Readonly<Record<string, unknown>>)[name]
      const plain = typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))
      if (name === CUT || name.length > CUT_LENGTH) continue
      if (plain) kept.push([name, value])
      else if (typeof value === "string") kept.push([name, value.length > CUT_LENGTH ? `${value.slice(0, CUT_LENGTH)}…` : value])
    }
  }
  // entries are defined, not assigned: `__proto__` is a name like any other
  return Object.fromEntries(kept)
}

/** Why this stands for an item that could not be taken; undefined for an item. */
export const cutReason = (item: JsonObject): string | undefined => {
  const reason = Object.hasOwn(item, CUT) ? item[CUT] : undefined
  return typeof reason === "string" ? reason : undefined
}
