// A JSON Schema in which the same part stands many times -> the same with each such part once, under `$defs`.
// A description stays where it was said: the part is the same without it.
import { isObject, type Json, type JsonObject } from "../../json.ts"

/** Smaller parts read better where they stand. */
const MIN_CHARACTERS = 200

export function foldSchema(schema: JsonObject): JsonObject {
  const counts = new Map<string, number>()
  count(schema, counts)
  const names = new Map<string, string>()
  const parts: [string, Json][] = []
  const fold = (value: Json, top: boolean): Json => {
    if (Array.isArray(value)) return value.map((item: Json) => fold(item, false))
    if (!isObject(value)) return value
    const { description, ...body } = value
    const text = JSON.stringify(body)
    const said: JsonObject = description === undefined ? {} : { description }
    if (top || text.length < MIN_CHARACTERS || (counts.get(text) ?? 0) < 2) return each(value, (inner) => fold(inner, false))
    let name = names.get(text)
    if (name === undefined) {
      name = nameFor(description, names.size + 1)
      names.set(text, name)
      parts.push([name, each(body, (inner) => fold(inner, false))])
    }
    return { ...said, $ref: `#/$defs/${name}` }
  }
  const folded = fold(schema, true)
  return isObject(folded) ? { ...folded, $defs: Object.fromEntries(parts) } : schema
}

function count(value: Json, counts: Map<string, number>): void {
  if (Array.isArray(value)) for (const item of value) count(item, counts)
  else if (isObject(value)) {
    const { description: _, ...body } = value
    const text = JSON.stringify(body)
    const before = counts.get(text) ?? 0
    counts.set(text, before + 1)
    // What is in it was counted with the first of its kind.
    if (before === 0 || text.length < MIN_CHARACTERS) for (const inner of Object.values(body)) count(inner, counts)
  }
}

const each = (value: JsonObject, change: (inner: Json) => Json): JsonObject =>
  Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]))

const nameFor = (description: Json | undefined, number: number): string => {
  const words = typeof description === "string" ? description.toLowerCase().match(/[a-z]+/g) : null
  return `${(words ?? ["part"]).slice(0, 3).join("-")}-${number}`
}
