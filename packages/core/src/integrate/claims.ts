// The match keys that a record's values amount to.
import type { Entity } from "../model/pipeline.ts"
import type { Claim, Fields } from "../model/record.ts"
import { canonicalText, isBlank } from "../model/value.ts"

export interface KeyValue {
  readonly key: string
  readonly value: string
}

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
