// Whether two states of an item mean different things in a field: what the lens cannot see is no difference.
import { type CompiledField, LensFailure } from "../model/pipeline.ts"
import { equal, type JsonObject } from "../model/value.ts"

/** `null`: one of them cannot be read, so nobody can tell. */
export function readsOtherwise(field: CompiledField, before: JsonObject, now: JsonObject): boolean | null {
  const [was, is] = [field.get(before), field.get(now)]
  return was instanceof LensFailure || is instanceof LensFailure ? null : !equal(was, is)
}
