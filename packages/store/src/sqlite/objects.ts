// Objects in rows: the number of their shape and the text of their values, or, without a shape, the whole text.
// In: the objects of records and links. Out: the same objects, at about half the bytes.
import type { JsonObject } from "@syncline/core/model"
import { joiner, split } from "./shape.ts"
import type { Joiner } from "./shape.ts"
import type { Sqlite } from "./sqlite.ts"
import { openWords } from "./words.ts"

/** Sparse objects can have many shapes; past this number a new one is not worth remembering. */
const SHAPES_MAX = 2000

export type Objects = ReturnType<typeof openObjects>

export function openObjects(db: Sqlite) {
  const shapes = openWords(db, "shape")
  const joiners = new Map<number, Joiner>()

  return {
    forget: shapes.forget,
    /** Only inside a writing transaction. */
    encode: (object: JsonObject): { readonly shape: number | null; readonly text: string } => {
      const parts = split(object)
      if (parts === null) return { shape: null, text: JSON.stringify(object) }
      const known = shapes.known(parts.shape)
      if (known !== null) return { shape: known, text: parts.values }
      if (shapes.count() >= SHAPES_MAX) return { shape: null, text: JSON.stringify(object) }
      return { shape: shapes.number(parts.shape), text: parts.values }
    },
    decode: (shape: number | null, text: string): JsonObject => {
      // Both texts were written by `encode`.
      if (shape === null) return JSON.parse(text) as JsonObject
      let join = joiners.get(shape)
      if (join === undefined) {
        join = joiner(shapes.text(shape))
        joiners.set(shape, join)
      }
      return join(text)
    },
  }
}
