// Functions that expressions of a manifest have beside those of every expression.
import { createHash } from "node:crypto"
import type { Environment } from "@marcbachmann/cel-js"
import { RE2JS } from "re2js"
import { isAffordable, spendCharacters, spendSteps } from "../../language/index.ts"

export const FUNCTIONS: readonly string[] = [
  "firstMatch",
  "merge",
  "omit",
  "pick",
  "get",
  "keys",
  "entries",
  "fromEntries",
  "flatten",
  "concat",
  "base64",
  "hex",
  "md5",
  "sha256",
  "uuid",
  "json",
  "parseJson",
  "encode",
  "epoch",
  "epochMs",
  "iso",
]

type CelMap = ReadonlyMap<unknown, unknown>

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

/** What an expression writes itself is a plain object, what came from outside a map. */
const isMapping = (value: unknown): value is object => {
  if (value instanceof Map) return true
  const prototype: unknown = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined
  return prototype === Object.prototype || prototype === null
}

const mapOf = (value: unknown): CelMap => {
  if (value === null) return new Map()
  if (isMapping(value)) return value instanceof Map ? value : new Map(Object.entries(value))
  throw new Error("a mapping is needed here")
}

const textOf = (value: unknown): string => {
  if (value === null) return ""
  if (typeof value === "string") return value
  if (typeof value === "bigint" || typeof value === "number" || typeof value === "boolean") return String(value)
  throw new Error("a text is needed here")
}

const keysOf = (value: unknown): ReadonlySet<unknown> => new Set(Array.isArray(value) ? value : [])

const plain = (value: unknown): unknown => {
  spendSteps(1)
  if (typeof value === "bigint") return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  if (isMapping(value)) return Object.fromEntries([...mapOf(value)].map(([key, inner]) => [String(key), plain(inner)]))
  return value
}

const shaped = (value: unknown): unknown => {
  spendSteps(1)
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(shaped)
  if (typeof value === "object" && value !== null) return new Map(Object.entries(value).map(([key, inner]) => [key, shaped(inner)]))
  return value
}

function flatten(value: CelMap, prefix = "", into: Map<unknown, unknown> = new Map()): Map<unknown, unknown> {
  spendSteps(value.size)
  for (const [key, inner] of value) {
    const path = prefix === "" ? String(key) : `${prefix}.${String(key)}`
    const below = isMapping(inner) ? mapOf(inner) : null
    if (below !== null && below.size > 0) flatten(below, path, into)
    else into.set(path, inner)
  }
  return into
}

const instantOf = (value: unknown): number => {
  if (value instanceof Date) return value.getTime()
  const ms = Date.parse(textOf(value))
  if (!Number.isFinite(ms)) throw new Error("that is no time")
  return ms
}

const digest = (algorithm: string, value: unknown): string => {
  const text = textOf(value)
  spendCharacters(text.length)
  return createHash(algorithm).update(text).digest("hex")
}

/** The same text gives the same UUID (RFC 9562, version 8): an id of our own for a create that may have to be repeated. */
function uuidOf(value: unknown): string {
  const hex = digest("sha256", value)
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`
}

const parsed = (value: unknown): unknown => {
  try {
    return shaped(JSON.parse(textOf(value)))
  } catch {
    throw new Error("that is no JSON")
  }
}

const ONE: Readonly<Record<string, (value: unknown) => unknown>> = {
  keys: (value) => [...mapOf(value).keys()],
  entries: (value) =>
    [...mapOf(value)].map(
      ([key, inner]) =>
        new Map([
          ["key", key],
          ["value", inner],
        ]),
    ),
  flatten: (value) => flatten(mapOf(value)),
  concat: (value) => {
    const lists = Array.isArray(value) ? value : []
    for (const each of lists) spendSteps(Array.isArray(each) ? each.length : 1)
    return lists.flatMap((each: unknown) => each)
  },
  base64: (value) => Buffer.from(textOf(value)).toString("base64"),
  hex: (value) => Buffer.from(textOf(value)).toString("hex"),
  md5: (value) => digest("md5", value),
  sha256: (value) => digest("sha256", value),
  uuid: uuidOf,
  json: (value) => JSON.stringify(plain(value)),
  parseJson: parsed,
  encode: (value) => encodeURIComponent(textOf(value).toWellFormed()),
  epoch: (value) => BigInt(Math.floor(instantOf(value) / 1000)),
  epochMs: (value) => BigInt(instantOf(value)),
  iso: (value) => new Date(typeof value === "bigint" ? Number(value) : instantOf(value)).toISOString(),
}

const TWO: Readonly<Record<string, (one: unknown, other: unknown) => unknown>> = {
  // of a name that is only known when it runs; what is not there is null
  get: (value, key) => (key === null ? null : (mapOf(value).get(key) ?? null)),
  firstMatch: (text, pattern) => (text === null ? null : firstMatch(textOf(text), textOf(pattern))),
  merge: (under, over) => new Map([...mapOf(under), ...mapOf(over)]),
  omit: (value, keys) => {
    const without = keysOf(keys)
    return new Map([...mapOf(value)].filter(([key]) => !without.has(key)))
  },
  pick: (value, keys) => {
    const wanted = keysOf(keys)
    return new Map([...mapOf(value)].filter(([key]) => wanted.has(key)))
  },
}

const MIXED: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
}

export function register(environment: Environment): void {
  for (const [name, work] of Object.entries(ONE)) environment.registerFunction(`${name}(dyn): dyn`, work)
  // A number beside a text is written into it, and numbers go together whether they are whole or not: JSON knows one kind.
  for (const number of ["int", "double"]) {
    environment.registerOperator(`string + ${number}: string`, (text: string, value: bigint | number) => text + String(value))
    environment.registerOperator(`${number} + string: string`, (value: bigint | number, text: string) => String(value) + text)
  }
  for (const [operator, work] of Object.entries(MIXED)) {
    environment.registerOperator(`int ${operator} double: double`, (a: bigint, b: number) => work(Number(a), b))
    environment.registerOperator(`double ${operator} int: double`, (a: number, b: bigint) => work(a, Number(b)))
  }
  for (const [name, work] of Object.entries(TWO)) environment.registerFunction(`${name}(dyn, dyn): dyn`, work)
  environment.registerFunction("fromEntries(dyn): dyn", (list: unknown) =>
    Array.isArray(list)
      ? new Map(list.map((entry) => [textOf(mapOf(entry).get("key") ?? null), mapOf(entry).get("value") ?? null]))
      : new Map(),
  )
}
