// Functions that expressions of a manifest have beside those of every expression: over JSON, pure, bounded by the purse.
import { createHash } from "node:crypto"
import { RE2JS } from "re2js"
import { isAffordable, spendCharacters, spendSteps, type JsonFunction } from "../../language/index.ts"
import { isObject, type Json, type JsonObject } from "../../json.ts"

const MAX_PATTERNS = 200
const patterns = new Map<string, RE2JS>()

/** The first group of the first match, or the match; null where there is none. */
function firstMatch(text: string, pattern: string): string | null {
  let compiled = patterns.get(pattern)
  if (compiled === undefined) {
    if (patterns.size >= MAX_PATTERNS) patterns.clear()
    compiled = RE2JS.compile(pattern)
    patterns.set(pattern, compiled)
  }
  if (!isAffordable(compiled.programSize(), text)) throw new Error("the text is too long for this pattern")
  const matcher = compiled.matcher(text)
  if (!matcher.find()) return null
  return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group()
}

const NONE: JsonObject = {}

const mappingOf = (value: Json | undefined): JsonObject => {
  if (value === null || value === undefined) return NONE
  if (isObject(value)) return value
  throw new Error("a mapping is needed here")
}

const textOf = (value: Json | undefined): string => {
  if (value === null || value === undefined) return ""
  if (typeof value === "object") throw new Error("a text is needed here")
  return String(value)
}

const listOf = (value: Json | undefined): readonly Json[] => {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return value
  throw new Error("a list is needed here")
}

/** Never assigned under that one name: it would change a prototype. */
function define(object: Record<string, Json>, key: string, value: Json): void {
  if (key === "__proto__") Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true })
  else object[key] = value
}

function made(entries: Iterable<readonly [string, Json]>): JsonObject {
  const object: Record<string, Json> = {}
  for (const [key, value] of entries) {
    spendSteps(1)
    define(object, key, value)
  }
  return object
}

/** Runs per record, so it makes nothing on the way. */
function kept(value: Json | undefined, names: Json | undefined, wanted: boolean): JsonObject {
  const object = mappingOf(value)
  const listed = listOf(names)
  const keys = Object.keys(object)
  spendSteps(keys.length * listed.length)
  const rest: Record<string, Json> = {}
  for (const key of keys) if (listed.includes(key) === wanted) define(rest, key, object[key] ?? null)
  return rest
}

function* flatOf(object: JsonObject, prefix: string): Iterable<readonly [string, Json]> {
  for (const [key, inner] of Object.entries(object)) {
    const path = prefix === "" ? key : `${prefix}.${key}`
    if (isObject(inner) && Object.keys(inner).length > 0) yield* flatOf(inner, path)
    else yield [path, inner]
  }
}

const isBlank = (value: Json | undefined): boolean => value === undefined || value === null || value === ""

const instantOf = (value: Json | undefined): number => {
  const ms = Date.parse(textOf(value))
  if (!Number.isFinite(ms)) throw new Error("that is no time")
  return ms
}

const digest = (algorithm: string, value: Json | undefined): string => {
  const text = textOf(value)
  spendCharacters(text.length)
  return createHash(algorithm).update(text).digest("hex")
}

/** The same text gives the same UUID (RFC 9562, version 8): an id of our own for a create that may have to be repeated. */
function uuidOf(value: Json | undefined): string {
  const hex = digest("sha256", value)
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`
}

function parsed(value: Json | undefined): Json {
  const text = textOf(value)
  spendCharacters(text.length)
  try {
    // What JSON.parse gives is JSON.
    return JSON.parse(text) as Json
  } catch {
    throw new Error("that is no JSON")
  }
}

const one = (run: (value: Json | undefined) => Json): JsonFunction => ({ takes: 1, run })
const two = (run: (first: Json | undefined, second: Json | undefined) => Json): JsonFunction => ({ takes: 2, run })

export const FUNCTIONS: Readonly<Record<string, JsonFunction>> = {
  keys: one((value) => Object.keys(mappingOf(value))),
  entries: one((value) => Object.entries(mappingOf(value)).map(([key, inner]) => ({ key, value: inner }))),
  fromEntries: one((list) =>
    made(listOf(list).map((entry): [string, Json] => [textOf(mappingOf(entry)["key"]), mappingOf(entry)["value"] ?? null])),
  ),
  flatten: one((value) => made(flatOf(mappingOf(value), ""))),
  concat: one((value) => {
    const lists = listOf(value)
    for (const each of lists) spendSteps(Array.isArray(each) ? each.length : 1)
    return lists.flatMap((each): readonly Json[] => (Array.isArray(each) ? each : [each]))
  }),
  base64: one((value) => Buffer.from(textOf(value)).toString("base64")),
  hex: one((value) => Buffer.from(textOf(value)).toString("hex")),
  md5: one((value) => digest("md5", value)),
  sha256: one((value) => digest("sha256", value)),
  uuid: one(uuidOf),
  json: one((value) => JSON.stringify(value ?? null)),
  parseJson: one(parsed),
  encode: one((value) => encodeURIComponent(textOf(value).toWellFormed())),
  // no time is no time in any form
  epoch: one((value) => (isBlank(value) ? null : Math.floor(instantOf(value) / 1000))),
  epochMs: one((value) => (isBlank(value) ? null : instantOf(value))),
  iso: one((value) => (isBlank(value) ? null : new Date(typeof value === "number" ? value : instantOf(value)).toISOString())),
  // of a name that is only known when it runs; what is not there is null
  get: two((value, key) => {
    const object = mappingOf(value)
    return typeof key === "string" && Object.hasOwn(object, key) ? (object[key] ?? null) : null
  }),
  firstMatch: two((text, pattern) => (text === null || text === undefined ? null : firstMatch(textOf(text), textOf(pattern)))),
  merge: two((under, over) => {
    const object: Record<string, Json> = {}
    for (const part of [mappingOf(under), mappingOf(over)]) {
      const keys = Object.keys(part)
      spendSteps(keys.length)
      for (const key of keys) define(object, key, part[key] ?? null)
    }
    return object
  }),
  omit: two((value, names) => kept(value, names, false)),
  pick: two((value, names) => kept(value, names, true)),
}
