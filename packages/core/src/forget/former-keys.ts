// Match keys that a person had before, as the journal tells: a late copy, or an item nobody found yet, may still show them.
// In: what was journalled about them, and their values now. Out: keys, the present ones left out. Pure.
import type { Entity } from "../model/pipeline.ts"
import type { JournalRow } from "../model/journal.ts"
import type { KeyValue, RecordRow } from "../model/record.ts"
import { canonicalText, type Json } from "../model/value.ts"
import { keysOf } from "../integrate/claims.ts"

/** A key of several fields is asked for in every mixture of what they were; beyond this many, of the latest. */
const MOST_MIXTURES = 200

/** `rows`: oldest first. */
export function formerKeys(entity: Entity, records: readonly RecordRow[], rows: readonly JournalRow[]): readonly KeyValue[] {
  const known = new Set(records.flatMap((record) => keysOf(entity, record.fields)).map(textOf))
  const had = valuesOf(entity, records, rows)
  const found = entity.match.flatMap((names) =>
    mixtures(names.map((name) => [...(had.get(name)?.values() ?? [])])).flatMap((values) =>
      keysOf({ ...entity, match: [names] }, Object.fromEntries(names.map((name, at) => [name, values[at] ?? null]))),
    ),
  )
  return found.filter((key) => !known.has(textOf(key)))
}

const textOf = ({ key, value }: KeyValue): string => JSON.stringify([key, value])

/** Latest first. */
function valuesOf(
  entity: Entity,
  records: readonly RecordRow[],
  rows: readonly JournalRow[],
): ReadonlyMap<string, ReadonlyMap<string, Json>> {
  const all = new Map(entity.match.flat().map((name) => [name, new Map<string, Json>()]))
  const add = (field: string, value: Json | undefined): void => {
    if (value !== undefined) all.get(field)?.set(canonicalText(value), value)
  }
  for (const { fields } of records) for (const [field, value] of Object.entries(fields)) add(field, value)
  for (const { changes } of rows.toReversed())
    for (const { field, after, lost, before } of changes) for (const value of [after, lost, before]) add(field, value)
  return all
}

function mixtures(lists: readonly (readonly Json[])[]): readonly (readonly Json[])[] {
  let found: readonly (readonly Json[])[] = [[]]
  for (const list of lists) found = found.flatMap((before) => list.map((value) => [...before, value])).slice(0, MOST_MIXTURES)
  return found
}
