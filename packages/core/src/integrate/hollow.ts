// An item that came back without a single one of the values that are mapped, although it is known to have a key. A system
// that leaves out what is blank would at least show that; this is an answer that says nothing. Pure.
import { LensFailure, type Binding, type Entity } from "../model/pipeline.ts"
import { segmentsOf } from "../model/path.ts"
import { isBlank, type Json, type JsonObject } from "../model/value.ts"

export const HOLLOW = "it came without anything of what it held"

/**
 * `before`: what the item had, as far as is known. `held`: fields that are filled in from memory, since their schema drifted:
 * they say nothing about what came.
 */
export function isHollow(entity: Entity, binding: Binding, before: JsonObject | null, item: JsonObject, held: readonly string[]): boolean {
  if (before === null || tells(binding, item, held)) return false
  const had = (name: string): boolean => {
    const value = binding.field(name)?.get(before)
    return value !== undefined && !(value instanceof LensFailure) && !isBlank(value)
  }
  const keys = entity.match.flat().filter((name) => binding.field(name) !== undefined)
  // as long as a key is held, whatever else it had speaks for it
  const others = binding.fields.flatMap(({ name }) => (held.includes(name) ? [] : [name]))
  return (keys.some((name) => held.includes(name)) ? others : keys).some(had)
}

/** Whether it came with anything that is not filled in from memory, a blank at least: else nobody has read it. */
export const tells = (binding: Binding, item: JsonObject, held: readonly string[]): boolean =>
  binding.fields.some((field) => !held.includes(field.name) && field.reads.some((path) => isPresent(item, path)))

function isPresent(item: JsonObject, path: string): boolean {
  let here: Json | undefined = item
  for (const segment of segmentsOf(path)) {
    if (typeof here !== "object" || here === null || Array.isArray(here) || !Object.hasOwn(here, segment)) return false
    // a list has no names, and was sorted out above
    here = (here as JsonObject)[segment]
  }
  return true
}
