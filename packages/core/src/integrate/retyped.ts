// The address of an item that went, while its record lives on, is free, and whoever adds an item under it again has not seen
// what it had before. In: the item as it was known and as it is. Out: the fields in which the two meet for the first time.
import type { Binding } from "../model/pipeline.ts"
import { type Link, NO_BASE, type Owed } from "../model/link.ts"
import type { JsonObject } from "../model/value.ts"
import { readsOtherwise } from "./reads-otherwise.ts"

/** Where ids are not made from addresses, what comes back under one is what went, and was edited by who saw it. */
export function retyped(binding: Binding, { seen }: Link, item: JsonObject): Owed {
  if (binding.spec.id.stable || seen === null) return {}
  const others = binding.fields.filter((field) => field.direction !== "in" && readsOtherwise(field, seen, item) === true)
  return Object.fromEntries(others.map(({ name }) => [name, NO_BASE]))
}
