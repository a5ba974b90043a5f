// Whether the value that a person decides may stand in the record: its JSON Schema and the rules across fields hold for
// decisions as they do for items. Asked where an answer is typed, and again where it is carried out.
import { validate } from "../integrate/validate.ts"
import type { Entity } from "../model/pipeline.ts"
import type { Fields } from "../model/record.ts"
import type { Choice, Review } from "../model/review.ts"
import type { Json } from "../model/value.ts"

/** The value that a choice stands for; null where it is no value. */
export function chosenValue(review: Review, choice: Choice): { readonly value: Json } | null {
  if (choice.take === "value") return { value: choice.value }
  if (choice.take !== "system") return null
  const side = review.sides.find((candidate) => candidate.system === choice.system)
  return side === undefined ? null : { value: side.value }
}

/** Why a record with this value may not be; null where it may. What is wrong with the record already is no answer's fault. */
export function refusalOf(entity: Entity, fields: Fields, field: string, value: Json): string | null {
  const before = new Set(validate(entity, fields).refusals)
  const refusals = validate(entity, { ...fields, [field]: value }).refusals.filter((refusal) => !before.has(refusal))
  return refusals.length === 0 ? null : refusals.join("; ")
}
