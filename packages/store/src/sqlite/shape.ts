// Objects of one kind repeat their keys in every row. Here an object is split into its shape (the keys, nested, as one text
// that is stored once) and its values (a JSON list without its brackets); joined again it is the same object.
// A shape is `["id", ["name", ["first", "last"]]]`: a key, or a key with the shape of the object under it.
import type { Json, JsonObject } from "@syncline/core/model"

type Shape = readonly (string | readonly [key: string, under: Shape])[]

/** Deeper objects are kept as values: remote data may nest as deep as it likes. */
const DEPTH_MAX = 4
/** Texts longer than this are rare keys, not a kind of thing: such an object is stored whole. */
const SHAPE_LENGTH_MAX = 2000

/** `null`: not worth splitting. */
export function split(object: JsonObject): { readonly shape: string; readonly values: string } | null {
  const values: Json[] = []
  const shape = JSON.stringify(shapeOf(object, values, DEPTH_MAX))
  return shape.length > SHAPE_LENGTH_MAX ? null : { shape, values: JSON.stringify(values).slice(1, -1) }
}

function shapeOf(object: JsonObject, values: Json[], depth: number): Shape {
  const shape: (string | readonly [string, Shape])[] = []
  for (const key of Object.keys(object)) {
    const value = object[key]
    if (value === undefined) continue
    if (depth > 1 && isBranch(value)) shape.push([key, shapeOf(value, values, depth - 1)])
    else {
      shape.push(key)
      values.push(value)
    }
  }
  return shape
}

/** An empty object is a value: as a branch it would be lost among its siblings' values. */
const isBranch = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0

export type Joiner = (values: string) => JsonObject

/** Prepares a stored shape once, for the many rows that have it. */
export function joiner(shape: string): Joiner {
  // The text was written by `split` above.
  const parsed = JSON.parse(shape) as Shape
  return (text) => {
    const values = JSON.parse(`[${text}]`) as readonly Json[]
    let next = 0
    const build = (level: Shape): JsonObject => {
      const object: Record<string, Json> = {}
      for (const part of level) {
        const key = typeof part === "string" ? part : part[0]
        const value = typeof part === "string" ? (values[next++] as Json) : build(part[1])
        // An assignment to `__proto__` would set the prototype instead of the key.
        if (key === "__proto__") Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true })
        else object[key] = value
      }
      return object
    }
    return build(parsed)
  }
}
