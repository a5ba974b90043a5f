// What must go when a record is forgotten: the match keys by which it would come in again, and every text that names the
// person in rows that are about somebody else. Pure.
import { LensFailure, type Entity, type Pipeline } from "../model/pipeline.ts"
import { namesKeys } from "../model/forgotten-id.ts"
import type { Loaded } from "../model/loaded.ts"
import { segmentsOf, valueAt } from "../model/path.ts"
import type { Fields, KeyValue, RecordRow } from "../model/record.ts"
import type { Json } from "../model/value.ts"
import { keysOf } from "../integrate/claims.ts"
import type { Erasure } from "../store/erasure.ts"
import { keysOfItem, textsOf, type WaitingItem } from "./waiting.ts"

export function erasureOf(entity: Entity, record: RecordRow, loaded: Loaded, at: number): Erasure {
  const links = loaded.links.filter((link) => link.recordId === record.id)
  const keys = new Map<string, KeyValue>()
  const names = new Set<string>([record.id])
  const alike = new Set<string>()
  const addParts = (value: string): void => {
    const [part, ...more] = partsOf(value)
    // half of a key, a family name say, is nobody's alone
    if (part === undefined || more.length > 0) return
    names.add(part)
    alike.add(part)
  }
  const add = (fields: Fields): void => {
    for (const pair of keysOf(entity, fields)) {
      keys.set(`${pair.key}\n${pair.value}`, pair)
      addParts(pair.value)
    }
  }
  add(record.fields)
  for (const claim of loaded.claims) {
    if (claim.recordId !== record.id) continue
    keys.set(`${claim.key}\n${claim.value}`, claim)
    addParts(claim.value)
  }
  for (const link of links) {
    names.add(link.id)
    if (link.remoteId !== null) names.add(link.remoteId)
    if (link.secondaryId !== null) names.add(link.secondaryId)
    const binding = entity.bindings.find((candidate) => candidate.key === link.binding)
    if (binding === undefined || link.seen === null) continue
    // a system may have another address than the record, in dispute or on its way
    const { seen } = link
    add(
      Object.fromEntries(
        binding.fields.flatMap((field): [string, Json][] => {
          const value = field.get(seen)
          return value instanceof LensFailure ? [] : [[field.name, value]]
        }),
      ),
    )
    for (const { paths } of binding.spec.keys)
      if (paths.length === 1) for (const path of paths) for (const part of stringsOf(valueAt(seen, segmentsOf(path)))) names.add(part)
  }
  return {
    recordIds: [record.id],
    alike: [...alike],
    keys: [...keys.values()].map(({ key, value }) => ({ entity: entity.name, key, value })),
    stableIn: stableIn(entity),
    names: [...names].filter((name) => name !== ""),
    at,
  }
}

/** Bindings where nobody else will ever have an item's id. */
const stableIn = ({ bindings }: Entity): readonly string[] => bindings.flatMap(({ key, spec }) => (spec.id.stable ? [key] : []))

/** Of an item that has no record: its keys, and the names by which it would come again. */
export function erasureOfItem(entity: Entity, pipeline: Pipeline, item: WaitingItem, at: number): Erasure {
  const binding = entity.bindings.find((candidate) => candidate.key === item.binding)
  const keys = binding === undefined ? [] : keysOfItem(entity, binding, item.item)
  const texts = textsOf(pipeline, item)
  // an id that may be another's one day stands for it only where nothing else does
  const isTold = keys.length > 0 && binding?.spec.id.stable !== true
  return {
    recordIds: [],
    alike: texts,
    keys: [...keys, ...namesKeys(item.binding, { remoteId: isTold ? null : item.remoteId, secondaryId: item.secondary })].map(
      ({ key, value }) => ({ entity: entity.name, key, value }),
    ),
    stableIn: stableIn(entity),
    names: [item.remoteId, ...texts],
    at,
  }
}

const stringsOf = (value: Json): readonly string[] => (typeof value === "string" ? [value] : [])

/** A key's value is canonical text: `["jane@x.com","Smith"]`. */
function partsOf(value: string): readonly string[] {
  const parsed: unknown = JSON.parse(value)
  return Array.isArray(parsed) ? parsed.filter((part): part is string => typeof part === "string") : []
}
