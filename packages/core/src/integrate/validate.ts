// Whether a canonical record may exist: its JSON Schema, then the rules across fields.
import { LensFailure, type Entity } from "../model/pipeline.ts"
import type { Fields } from "../model/record.ts"

export interface Verdicts {
  /** Why the record may not pass; empty when it may. */
  readonly refusals: readonly string[]
  readonly warnings: readonly string[]
}

export function validate(entity: Entity, fields: Fields): Verdicts {
  // a blank field is an absent one to the schema, so that `required` and `format` mean what people expect
  const present = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
  const refusals = entity.validate(present).map((problem) => problem.message)
  const warnings: string[] = []
  for (const rule of entity.rules) {
    const holds = rule.check(fields)
    if (holds === true) continue
    const message = holds instanceof LensFailure ? `${rule.message} (${holds.message})` : rule.message
    if (rule.else === "warn") warnings.push(message)
    else refusals.push(message)
  }
  return { refusals, warnings }
}
