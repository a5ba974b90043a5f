// What a system took and does not show: a field that it no longer has, perhaps, and says nothing about. Such a write is
// neither settled nor read as an edit: the field stays owed and is held, until the system shows it again. Pure.
import type { Binding, CompiledField } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import type { Link } from "../model/link.ts"
import { overlay, segmentsOf, valueAt, withValues } from "../model/path.ts"
import { isBlank, type JsonObject } from "../model/value.ts"
import type { Draft } from "../integrate/draft.ts"
import { NOT_SHOWN, refuseWrite, TAKEN } from "../integrate/refusal.ts"
import { shapeAt } from "../session/schema-state.ts"
import { asDeclared } from "./normalised.ts"

/**
 * Fields of a write that the item does not have at all, or has as blank as before, or with a value of another make (an object
 * for a text), or that are held as gone by now.
 */
export function notShown(draft: Draft, binding: Binding, link: Link, intent: Intent, item: JsonObject): readonly string[] {
  const withheld = draft.context.withheld?.(binding.key) ?? []
  return Object.entries(intent.sent).flatMap(([name, sent]) => {
    const field = binding.field(name)
    // what is only written may well be shown nowhere
    if (field === undefined || field.direction !== "both" || field.reads.length === 0) return []
    if (withheld.includes(name)) return [name]
    if (isBlank(sent) || asDeclared(binding.spec, field, intent.set, item)) return []
    const written = field.reads.filter((path) => field.writes.includes(path))
    if (written.length === 0) return []
    const isBlankThere = written.every((path) => isBlank(valueAt(item, segmentsOf(path))))
    const wasBlank = written.every((path) => isBlank(valueAt(link.seen, segmentsOf(path))))
    return isAbsent(field, item) || (isBlankThere && wasBlank) || isOfAnotherMake(written, intent.set, item) ? [name] : []
  })
}

/** No normalisation turns a text into an object, or a list into a text: whatever shows there is not what was sent. */
function isOfAnotherMake(paths: readonly string[], set: JsonObject, item: JsonObject): boolean {
  const sent = overlay({}, set)
  return paths.some((path) => {
    const makes = [makeOf(shapeAt(sent, path)), makeOf(shapeAt(item, path))]
    return !makes.includes("null") && makes[0] !== makes[1]
  })
}

const makeOf = (shape: string): string => (shape === "absent" ? "null" : ["null", "array", "object"].includes(shape) ? shape : "plain")

const isAbsent = (field: CompiledField, item: JsonObject): boolean => field.reads.every((path) => shapeAt(item, path) === "absent")

/** The item as if it still had at these fields what was seen there last. */
export function withSeen(binding: Binding, link: Link, names: readonly string[], item: JsonObject): JsonObject {
  const paths = names.flatMap((name) => binding.field(name)?.reads ?? [])
  return paths.length === 0 ? item : withValues(item, Object.fromEntries(paths.map((path) => [path, valueAt(link.seen, segmentsOf(path))])))
}

/** Holds them, each with the reason. */
export function holdNotShown(
  draft: Draft,
  binding: Binding,
  linkId: string,
  intent: Intent,
  names: readonly string[],
  item: JsonObject,
): void {
  const withheld = draft.context.withheld?.(binding.key) ?? []
  for (const name of names) {
    const link = draft.link(linkId)
    if (link === undefined || !(name in link.owed) || withheld.includes(name)) continue
    const field = binding.field(name)
    const gone = field !== undefined && isAbsent(field, item)
    const shown = field?.reads.every((path) => isBlank(valueAt(item, segmentsOf(path)))) === false
    const said = shown ? "shows a value of another make" : "is as blank as before"
    const reason = gone ? `${NOT_SHOWN}: there is no ${field.reads.join(", ")}` : `${TAKEN} ${name} ${said}`
    refuseWrite(draft, link, intent, name, reason)
  }
}
