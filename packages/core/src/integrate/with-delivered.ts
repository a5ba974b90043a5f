// What is remembered of an item when only some of its fields may be taken as they are shown now.
import type { Binding } from "../model/pipeline.ts"
import type { Link } from "../model/link.ts"
import { segmentsOf, valueAt, withValues } from "../model/path.ts"
import type { JsonObject } from "../model/value.ts"

/** What was seen before, with some fields as they are shown now. */
export function withDelivered(binding: Binding, link: Link, names: readonly string[], shown: JsonObject): JsonObject {
  const paths = names.flatMap((name) => binding.field(name)?.reads ?? [])
  const values = Object.fromEntries(paths.map((path) => [path, valueAt(shown, segmentsOf(path))]))
  return binding.project(withValues(link.seen, values))
}
