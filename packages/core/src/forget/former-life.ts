// What a person was known by before, as an erasure of its own; without keys that somebody else has today, or had last.
import * as Effect from "effect/Effect"
import type { Entity } from "../model/pipeline.ts"
import type { KeyValue, RecordRow } from "../model/record.ts"
import { keysOf } from "../integrate/claims.ts"
import type { Erasure } from "../store/erasure.ts"
import type { StoreError } from "../store/error.ts"
import type { Store } from "../store/port.ts"
import { formerKeys } from "./former-keys.ts"

const MOST_ROWS = 100_000
const FEW = 20

export const formerLife = (
  store: Store,
  entity: Entity,
  records: readonly RecordRow[],
): Effect.Effect<Pick<Erasure, "keys" | "names">, StoreError> =>
  Effect.gen(function* () {
    const rows = yield* Effect.forEach(records, ({ id }) => store.journal({ recordId: id, limit: MOST_ROWS }))
    const former = formerKeys(
      entity,
      records,
      rows.flat().sort((a, b) => a.seq - b.seq),
    )
    const own = new Set(records.map(({ id }) => id))
    const keys: KeyValue[] = []
    for (const key of former) if (!(yield* isAnothers(store, entity, key, own))) keys.push(key)
    return {
      keys: keys.map(({ key, value }) => ({ entity: entity.name, key, value })),
      names: keys.flatMap(({ value }) => (partsOf(value).length === 1 ? partsOf(value) : [])),
    }
  })

/** A record that was deleted has no claims any more, and had the key all the same. */
const isAnothers = (store: Store, entity: Entity, { key, value }: KeyValue, own: ReadonlySet<string>): Effect.Effect<boolean, StoreError> =>
  Effect.gen(function* () {
    const [part] = partsOf(value)
    if (part === undefined) return false
    const { records } = yield* store.loadRecords(yield* store.find(part, FEW))
    return records.some(
      (record) => !own.has(record.id) && keysOf(entity, record.fields).some((other) => other.key === key && other.value === value),
    )
  })

/** Half of a key, a family name say, is nobody's alone. */
function partsOf(value: string): readonly string[] {
  const parsed: unknown = JSON.parse(value)
  return Array.isArray(parsed) ? parsed.filter((part): part is string => typeof part === "string" && part !== "") : []
}
