// What is still known by now-lost addresses of a person, as an erasure of its own; without keys that somebody else has today.
import * as Effect from "effect/Effect"
import type { Entity } from "../model/pipeline.ts"
import type { RecordRow } from "../model/record.ts"
import type { Erasure } from "../store/erasure.ts"
import type { StoreError } from "../store/error.ts"
import type { Store } from "../store/port.ts"
import { formerKeys } from "./former-keys.ts"

const MOST_ROWS = 100_000

export const formerLife = (
  store: Store,
  entity: Entity,
  records: readonly RecordRow[],
): Effect.Effect<Pick<Erasure, "keys" | "names">, StoreError> =>
  Effect.gen(function* () {
    const rows = yield* Effect.forEach(records, ({ id }) => store.journal({ recordId: id, limit: MOST_ROWS }))
    const keys = formerKeys(
      entity,
      records,
      rows.flat().sort((a, b) => a.seq - b.seq),
    )
    const [binding] = entity.bindings
    if (keys.length === 0 || binding === undefined) return { keys: [], names: [] }
    const { claims } = yield* store.loadPage({ entity: entity.name, binding: binding.key, remoteIds: [], secondaryIds: [], keys })
    const own = new Set(records.map(({ id }) => id))
    const free = keys.filter(
      ({ key, value }) => !claims.some((claim) => claim.key === key && claim.value === value && !own.has(claim.recordId)),
    )
    return {
      keys: free.map(({ key, value }) => ({ entity: entity.name, key, value })),
      names: free.flatMap(({ value }) => alone(value)),
    }
  })

/** The text of a key of one field: half of a key, a family name say, is nobody's alone. */
function alone(value: string): readonly string[] {
  const parsed: unknown = JSON.parse(value)
  return Array.isArray(parsed) && parsed.length === 1 && typeof parsed[0] === "string" && parsed[0] !== "" ? [parsed[0]] : []
}
