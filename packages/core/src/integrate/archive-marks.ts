// Marks that archive an item, where they stand on fields that are mapped: what they mean there. They are our own words, and
// no mark may pass for what somebody says of a record that lives again.
import { LensFailure, type Binding } from "../model/pipeline.ts"
import type { Link, Owed } from "../model/link.ts"
import { withValues } from "../model/path.ts"
import type { Fields } from "../model/record.ts"
import { equal, type Json, type JsonObject } from "../model/value.ts"
import { owesEverything } from "./succeed.ts"

/** Remote path -> value; none where the system archives by itself. */
export const marksOf = ({ onDelete }: Binding): Readonly<Record<string, Json>> =>
  onDelete.kind === "archive" ? (onDelete.fields ?? {}) : {}

/** Field -> what it means on an item with the marks. */
export function markedFields(binding: Binding, item: JsonObject | null): Fields {
  const marks = marksOf(binding)
  const marked = withValues(item ?? {}, marks)
  const touches = (path: string): boolean =>
    Object.keys(marks).some((mark) => `${mark}.`.startsWith(`${path}.`) || path.startsWith(`${mark}.`))
  return Object.fromEntries(
    binding.fields.flatMap((field) => {
      const isMarked = field.direction !== "in" && field.reads.some(touches)
      const value = isMarked ? field.get(marked) : undefined
      return value === undefined || value instanceof LensFailure ? [] : [[field.name, value]]
    }),
  )
}

/**
 * The books of an item that was left in place, whose record lives again: what its archive marks stand on is put back as the
 * record has it, and all else meets anew. A mark that was changed since is somebody's word.
 */
export function livingAgain(binding: Binding, link: Link): Pick<Link, "owed" | "means"> {
  const { owed, means } = unmarked(binding, link)
  return { owed: { ...owesEverything(binding), ...owed }, means }
}

/** What an item owes for its archive marks, which stand for nothing any more once its record lives. */
export function unmarked(binding: Binding, link: Link): Pick<Link, "owed" | "means"> {
  const owed: Record<string, Owed[string]> = {}
  const means: Record<string, Json> = { ...link.means }
  for (const [name, value] of Object.entries(markedFields(binding, link.seen))) {
    if (!(name in means)) continue
    delete means[name]
    const shown = link.seen === null ? undefined : binding.field(name)?.get(link.seen)
    if (shown !== undefined && !(shown instanceof LensFailure) && equal(shown, value)) owed[name] = [value]
  }
  return { owed, means }
}
