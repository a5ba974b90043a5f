// Dotted remote paths: reading from and writing to nested items. Safe on hostile keys: `__proto__` is a key like any other.
import type { Json, JsonObject } from "../json.ts"

export type Segments = readonly string[]
export const segmentsOf = (path: string): Segments => path.split(".")

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value)

/** The value at a path; absent reads as null. */
export function valueAt(item: JsonObject | null, segments: Segments): Json {
  let here: Json | undefined = item
  for (const segment of segments) {
    if (!isObject(here) || !Object.hasOwn(here, segment)) return null
    here = here[segment]
  }
  return here ?? null
}

/** A copy of the item with values set at dotted paths; null clears. */
export function withValues(item: JsonObject | null, values: Readonly<Record<string, Json>>): JsonObject {
  let result: JsonObject = item ?? {}
  for (const path of Object.keys(values)) result = withValue(result, segmentsOf(path), values[path] ?? null)
  return result
}

function withValue(item: JsonObject, segments: Segments, value: Json): JsonObject {
  const [first = "", ...rest] = segments
  const inner = Object.hasOwn(item, first) ? item[first] : undefined
  const next = rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest, value)
  // Spreading and defining, never assigning: assigning `__proto__` would change the prototype.
  return Object.defineProperty({ ...item }, first, { value: next, enumerable: true, writable: true, configurable: true })
}

/** Everything of `over` wins; objects are joined, lists and values replaced. */
export function overlay(under: JsonObject, over: JsonObject): JsonObject {
  const joined: Record<string, Json> = {}
  for (const key of Object.keys(under)) put(joined, key, under[key] ?? null)
  for (const key of Object.keys(over)) {
    const value = over[key] ?? null
    const below = Object.hasOwn(under, key) ? under[key] : undefined
    put(joined, key, isObject(value) && isObject(below) ? overlay(below, value) : value)
  }
  return joined
}

interface Branch {
  readonly key: string
  /** `null`: the whole value is wanted. */
  readonly below: readonly Branch[] | null
}

/** A function that keeps the given paths of an item, nested and sparse. Compiled once, run per item. */
export function projection(paths: readonly string[]): (item: JsonObject) => JsonObject {
  const branches = branch(paths.map(segmentsOf))
  return (item) => keep(item, branches)
}

function branch(paths: readonly Segments[]): readonly Branch[] {
  const keys = [...new Set(paths.map((segments) => segments[0] ?? ""))].sort()
  return keys.map((key) => {
    const below = paths.filter((segments) => segments[0] === key).map((segments) => segments.slice(1))
    return { key, below: below.some((segments) => segments.length === 0) ? null : branch(below) }
  })
}

function keep(item: JsonObject, branches: readonly Branch[]): JsonObject {
  const kept: Record<string, Json> = {}
  for (const { key, below } of branches) {
    if (!Object.hasOwn(item, key)) continue
    const value = item[key]
    if (value === undefined || value === null) continue
    if (below === null) put(kept, key, value)
    else if (isObject(value)) {
      const inner = keep(value, below)
      for (const _ in inner) {
        put(kept, key, inner)
        break
      }
    }
  }
  return kept
}

function put(target: Record<string, Json>, key: string, value: Json): void {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
  else target[key] = value
}
