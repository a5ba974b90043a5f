// Values on their way into CEL and back: whole numbers are its ints, a missing path is null, an empty text is a blank.
import { Failure, type Attempt } from "../../value/failure.ts"
import type { Json, JsonObject } from "../../json.ts"
import { Optional } from "@marcbachmann/cel-js"
import { UnsignedInt } from "@marcbachmann/cel-js/evaluator"
import { segmentsOf, valueAt, type Segments } from "../../value/path.ts"
import { spendCharacters, spendSteps } from "./budget.ts"
import type { ReadPath } from "./paths.ts"

/** `exact`: an empty text stays one, instead of being a blank. */
export function toCel(value: Json | undefined, exact = false): unknown {
  if (value === undefined || value === null || (value === "" && !exact)) return null
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value
  if (typeof value !== "object") return value
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => toCel(item, exact))
  // A map, not an object: CEL's types are told by constructor, and an item may have a key of that name.
  return new Map(Object.entries(value as JsonObject).map(([key, inner]) => [key, toCel(inner, exact)]))
}

export function fromCel(value: unknown, exact = false): Attempt<Json> {
  if (value === null || value === undefined || (value === "" && !exact)) return null
  if (typeof value === "string") {
    spendCharacters(value.length)
    return value
  }
  if (typeof value === "boolean") return value
  if (typeof value === "bigint" || typeof value === "number") {
    const number = Number(value)
    if (!Number.isFinite(number) || (typeof value === "bigint" && !Number.isSafeInteger(number)))
      return new Failure(`the number ${value} cannot be kept exactly`)
    // Adding 0 turns -0, which JSON does not know, into 0.
    return number + 0
  }
  if (value instanceof Optional) return value.hasValue() ? fromCel(value.value(), exact) : null
  if (value instanceof UnsignedInt) return fromCel(value.valueOf(), exact)
  if (value instanceof Date)
    return Number.isFinite(value.getTime()) ? value.toISOString() : new Failure("the expression gives no valid time")
  if (Array.isArray(value)) {
    spendSteps(value.length)
    const items: Json[] = []
    for (const item of value) {
      const inner = fromCel(item, exact)
      if (inner instanceof Failure) return inner
      items.push(inner)
    }
    return items
  }
  if (value instanceof Map || isPlain(value)) {
    spendSteps(value instanceof Map ? value.size : Object.keys(value).length)
    const object: [string, Json][] = []
    for (const [key, item] of value instanceof Map ? value : Object.entries(value)) {
      const inner = fromCel(item, exact)
      if (inner instanceof Failure) return inner
      object.push([String(key), inner])
    }
    return Object.fromEntries(object)
  }
  return new Failure("the expression gives a value that is no JSON (a duration, bytes or a type)")
}

const isPlain = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== "object" || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/** Builds the part of a value that an expression reads; compiled once for its paths. */
export function shaper(paths: readonly ReadPath[], exact = false): (value: JsonObject | null) => unknown {
  if (paths.some((read) => read.path === "")) return (value) => toCel(value, exact) ?? new Map()
  const known = new Map<string, { segments: Segments; maybe: boolean }>()
  for (const read of paths) {
    const before = known.get(read.path)
    known.set(read.path, { segments: segmentsOf(read.path), maybe: read.maybe && (before?.maybe ?? true) })
  }
  // Short paths first: what is below a path that is read as a whole is filled into it.
  const ordered = [...known.values()].sort((a, b) => a.segments.length - b.segments.length)
  return (value) => {
    const shaped: Shaped = new Map()
    for (const { segments, maybe } of ordered) {
      const found = toCel(valueAt(value, segments), exact)
      if (found !== null || !maybe) place(shaped, segments, found)
    }
    return shaped
  }
}

type Shaped = Map<unknown, unknown>

function place(target: Shaped, segments: Segments, value: unknown): void {
  let here = target
  for (let i = 0; i < segments.length - 1; i++) {
    const key = segments[i] as string
    let next = here.get(key)
    if (next === undefined) {
      next = new Map()
      here.set(key, next)
    }
    // A branch that is itself read as null stays null: the expression asks for that.
    if (!(next instanceof Map)) return
    here = next
  }
  const last = segments.at(-1)
  if (!here.has(last)) here.set(last, value)
}
