// I13 and I3 where systems rewrite values: what a system does to a value as it said that it would is no edit of anybody, and it
// is given only such kinds of values as it declares. Judged at the commit, and at the write.
import { type Json, isObject, type Op } from "@syncline/connector"
import { type Changes, canonicalText, LensFailure } from "@syncline/core"
import { ITEM_SCHEMA } from "../shape.ts"
import type { SimSystem } from "../system.ts"
import { plain, rewrite } from "../words.ts"
import type { World } from "../world.ts"

/** What is wrong with taking a value for an edit: it is the record's own, as that system is known to rewrite it. */
export function* judgeRewritten(world: World, changes: Changes): Generator<string> {
  if (changes.decided.length > 0) return
  for (const { kind, binding: key, changes: fields } of changes.journal) {
    if (kind !== "accepted" || key === null) continue
    const binding = world.pipeline.entities.flatMap((entity) => entity.bindings).find((one) => one.key === key)
    const { shape, name } = world.system(key.split(".")[0] ?? "")
    for (const { field, before, after } of shape.declares ? fields : []) {
      const [path = ""] = binding?.field(field)?.writes ?? []
      const steps = shape.normalises[path]
      if (steps === undefined || plain(before) === "" || plain(before) !== plain(after) || same(before, after)) continue
      const expected = binding?.field(field)?.get({ [path]: rewrite(before, steps) })
      if (expected !== undefined && !(expected instanceof LensFailure) && same(expected, after))
        yield `${JSON.stringify(after)} is what ${name} makes of ${field} ${JSON.stringify(before)}, as it says, and is taken for an edit`
    }
  }
}

/** A value of a kind that the system does not take; null: none. */
export function strangeKind({ shape }: SimSystem, { set }: Op): string | null {
  const properties = ITEM_SCHEMA["properties"]
  for (const [path, value] of Object.entries(set)) {
    const schema = path === "score" ? shape.score : isObject(properties) ? properties[path] : undefined
    const types = isObject(schema) ? schema["type"] : undefined
    if (Array.isArray(types) && !types.includes(kindOf(value)))
      return `${path} is to be ${JSON.stringify(value)}, and may be ${types.join(" or ")}`
  }
  return null
}

const kindOf = (value: Json): string => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value)

const same = (one: Json, other: Json): boolean => canonicalText(one) === canonicalText(other)
