// Whether a value came back as the system declares that it rewrites values.
import type { ResourceSpec } from "@syncline/connector"
import type { CompiledField } from "../model/pipeline.ts"
import { equal, type Json, type JsonObject } from "../model/value.ts"
import { segmentsOf, valueAt } from "../model/path.ts"

/** One declared step (`trim`, `lower`, `truncate:50` …) on a value; lists are rewritten member by member. */
export function normalise(value: Json, step: string): Json {
  if (Array.isArray(value)) return value.map((member: Json) => normalise(member, step))
  if (typeof value !== "string") return value
  const [name, argument] = step.split(":")
  switch (name) {
    case "trim":
      return value.trim()
    case "lower":
      return value.toLowerCase()
    case "upper":
      return value.toUpperCase()
    case "nfc":
      return value.normalize("NFC")
    case "truncate": {
      const most = Number(argument)
      return Number.isInteger(most) ? [...value].slice(0, most).join("") : value
    }
    default:
      return value
  }
}

const asSorted = (value: Json): Json =>
  Array.isArray(value) ? [...value].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : value

export function asDeclared(spec: ResourceSpec, field: CompiledField, set: JsonObject, item: JsonObject): boolean {
  return field.writes.every((path) => {
    const steps = spec.normalises?.[path]
    if (steps === undefined) return false
    const expected = steps.reduce((value, step) => normalise(value, step), valueAt(set, segmentsOf(path)))
    return equal(asSorted(expected), asSorted(valueAt(item, segmentsOf(path))))
  })
}

/** The item as the system would hold it after its declared rewriting: what a rehearsal answers. */
export function normaliseItem(spec: ResourceSpec, item: JsonObject): JsonObject {
  const rewrite = (value: JsonObject, prefix: string): JsonObject =>
    Object.fromEntries(
      Object.entries(value).map(([key, part]) => {
        const path = prefix === "" ? key : `${prefix}.${key}`
        const steps = spec.normalises?.[path]
        if (steps !== undefined) return [key, steps.reduce((v, step) => normalise(v, step), part)]
        return [key, typeof part === "object" && part !== null && !Array.isArray(part) ? rewrite(part as JsonObject, path) : part]
      }),
    )
  return rewrite(item, "")
}
