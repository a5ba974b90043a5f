// An item that came back without a single one of the values that are mapped, although it is known to have a key. A system
// that leaves out what is blank would at least show that; this is an answer that says nothing. Pure.
import { LensFailure, type Binding, type Entity } from "../model/pipeline.ts"
import { segmentsOf } from "../model/path.ts"
import { isBlank, type Json, type JsonObject } from "../model/value.ts"

export const HOLLOW = "it came without anything of what it held"

/** `before`: what the item had, as far as is known. */
export function isHollow(entity: Entity, binding: Binding, before: JsonObject | null, item: JsonObject): boolean {
  if (before === null || binding.fields.some((field) => field.reads.some((path) => isPresent(item, path)))) return false
  return entity.match.flat().some((name) => {
    const value = binding.field(name)?.get(before)
    return value !== undefined && !(value instanceof LensFailure) && !isBlank(value)
  })
}

function isPresent(item: JsonObject, path: string): boolean {
  let here: Json | undefined = item
  for (const segment of segmentsOf(path)) {
    if (typeof here !== "object" || here === null || Array.isArray(here) || !Object.hasOwn(here, segment)) return false
    // a list has no names, and was sorted out above
    here = (here as JsonObject)[segment]
  }
  return true
}
