// An item that waits for a person while a field of its system is held. In: the item as it came, with a blank filled in for what
// nobody can read. Out: the same with what it showed there when it began to wait; a value must not be forgotten by waiting.
import { cutReason } from "../model/admissible.ts"
import { segmentsOf, valueAt, withValues } from "../model/path.ts"
import type { Binding } from "../model/pipeline.ts"
import type { JsonObject } from "../model/value.ts"
import type { Draft } from "./draft.ts"
import type { Observed } from "./observed.ts"

/** `waiting`: what is kept of it, in a question or in quarantine. */
export function asRemembered(
  draft: Draft,
  binding: Binding,
  observed: Observed,
  waiting: { readonly item: JsonObject | null; readonly secondary?: string } | undefined,
): Observed {
  const held = draft.context.withheld?.(binding.key) ?? []
  const known = waiting?.item ?? null
  if (held.length === 0 || known === null || cutReason(known) !== undefined) return observed
  // another item may have the same id by now
  if (observed.secondary !== null && (waiting?.secondary ?? observed.secondary) !== observed.secondary) return observed
  const lacking = held
    .flatMap((name) => binding.field(name)?.reads ?? [])
    .filter((path) => valueAt(observed.item, segmentsOf(path)) === null && valueAt(known, segmentsOf(path)) !== null)
  if (lacking.length === 0) return observed
  const values = Object.fromEntries(lacking.map((path) => [path, valueAt(known, segmentsOf(path))]))
  return { ...observed, item: withValues(observed.item, values) }
}
