// What an item owes whose record moved on while nobody kept its books: all that differs from what it had when last seen.
import { LensFailure, type Binding } from "../model/pipeline.ts"
import { NO_BASE, type Base, type Link, type Owed } from "../model/link.ts"
import { equal } from "../model/value.ts"
import type { Draft } from "./draft.ts"

export function owedSince(draft: Draft, binding: Binding, link: Link): Owed {
  const { fields } = draft.record(link.recordId)
  const owed: Record<string, Base> = {}
  for (const field of binding.fields) {
    if (field.direction === "in") continue
    const known = link.owed[field.name]
    const was = link.seen === null ? undefined : (link.means[field.name] ?? field.get(link.seen))
    if (known?.length === 0 || was === undefined || was instanceof LensFailure) owed[field.name] = NO_BASE
    // what was last seen may have moved on beside what both knew: a person looked at it, and decided about its delete
    else if (!equal(was, fields[field.name]))
      owed[field.name] = known === undefined || equal(known[0], fields[field.name] ?? null) ? [was] : known
  }
  return owed
}
