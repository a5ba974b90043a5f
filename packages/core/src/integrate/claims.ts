// The match keys that a record's values amount to, and those that its items still show where that matters.
import type { Link } from "../model/link.ts"
import { LensFailure, type Binding, type Entity } from "../model/pipeline.ts"
import type { Claim, Fields, KeyValue } from "../model/record.ts"
import { canonicalText, isBlank, type Json, type JsonObject } from "../model/value.ts"

/** A key with a blank part identifies nobody. */
export function keysOf(entity: Entity, fields: Fields): readonly KeyValue[] {
  const keys: KeyValue[] = []
  for (const names of entity.match) {
    if (names.some((name) => isBlank(fields[name]))) continue
    keys.push({ key: names.join("+"), value: canonicalText(names.map((name) => fields[name] ?? null)) })
  }
  return keys
}

export const claimsOf = (entity: Entity, fields: Fields, recordId: string): readonly Claim[] =>
  keysOf(entity, fields).map(({ key, value }) => ({ entity: entity.name, key, value, recordId }))

/** A create that finds its key taken there is an update of whatever has it. */
export const isUpsert = (binding: Binding): boolean => binding.spec.write.create?.idempotent === "naturalKey"

/** Name of a key as an item shows it in one place: it identifies nobody, and says only who would be overwritten there. */
export const keyThere = (key: string, binding: Binding): string => `${key} in ${binding.key}`

/** The match keys that an item shows. */
export function keysShown(entity: Entity, binding: Binding, seen: JsonObject): readonly KeyValue[] {
  const shown: Record<string, Json> = {}
  for (const name of entity.match.flat()) {
    const value = binding.field(name)?.get(seen)
    if (value !== undefined && !(value instanceof LensFailure)) shown[name] = value
  }
  return keysOf(entity, shown)
}

/** What an item shows is its own until it shows something else, whatever its record says by now. */
export function claimsThere(entity: Entity, binding: Binding, link: Link): readonly Claim[] {
  if (!isUpsert(binding) || link.seen === null || link.remoteId === null || link.state === "gone") return []
  return keysShown(entity, binding, link.seen).map(({ key, value }) => ({
    entity: entity.name,
    key: keyThere(key, binding),
    value,
    recordId: link.recordId,
  }))
}
