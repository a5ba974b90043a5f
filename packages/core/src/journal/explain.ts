// Why a value is what it is: the record, its stamps, every system's view of it, and the journal.
import * as Effect from "effect/Effect"
import { LensFailure, type Entity, type Pipeline } from "../model/pipeline.ts"
import type { JournalRow } from "../model/journal.ts"
import type { Link } from "../model/link.ts"
import type { RecordRow } from "../model/record.ts"
import type { Review } from "../model/review.ts"
import { equal, isBlank } from "../model/value.ts"
import type { StoreError } from "../store/error.ts"
import type { Store } from "../store/port.ts"
import type { Explanation, FieldInSystem } from "./explanation.ts"

const MOST_ROWS = 500

/** Null where there is no such record. `field`: only this one. */
export const explainRecord = (
  store: Store,
  pipeline: Pipeline,
  recordId: string,
  field: string | null,
): Effect.Effect<Explanation | null, StoreError> =>
  Effect.gen(function* () {
    const loaded = yield* store.loadRecords([recordId])
    const record = loaded.records.find((row) => row.id === recordId)
    const entity = pipeline.entities.find((candidate) => candidate.name === record?.entity)
    if (record === undefined || entity === undefined) return null
    const journal = yield* store.journal({ recordId, limit: MOST_ROWS, newestFirst: true })
    const names = entity.fields.filter((name) => field === null || name === field)
    return {
      recordId,
      entity: entity.name,
      label: labelOf(entity, record),
      deleted: record.deleted,
      links: loaded.links.map((link) => ({
        binding: link.binding,
        remoteId: link.remoteId,
        state: link.state,
        owed: Object.keys(link.owed),
        dueAt: link.dueAt,
        blocked: link.blocked,
      })),
      fields: names.map((name) => ({
        field: name,
        value: record.fields[name] ?? null,
        stamp: record.stamps[name] ?? null,
        systems: inSystems(entity, record, loaded.links, loaded.reviews, name),
        history: journal.filter((row: JournalRow) => row.changes.some((change) => change.field === name)),
      })),
      reviews: loaded.reviews,
      quarantine: loaded.quarantine,
    }
  })

export function labelOf(entity: Entity, record: RecordRow): string {
  for (const names of entity.match) {
    const values = names.map((name) => record.fields[name]).filter((value) => !isBlank(value))
    if (values.length === names.length) return values.map(String).join(" ")
  }
  return record.id
}

function inSystems(
  entity: Entity,
  record: RecordRow,
  links: readonly Link[],
  reviews: readonly Review[],
  name: string,
): readonly FieldInSystem[] {
  const rows: FieldInSystem[] = []
  for (const binding of entity.bindings) {
    const rule = binding.field(name)
    if (rule === undefined) continue
    const link = links.find((candidate) => candidate.binding === binding.key)
    const got = link === undefined || link.seen === null ? null : rule.get(link.seen)
    const value = got instanceof LensFailure ? null : got
    const held = reviews.some((review) => review.field === name && (review.kind === "conflict" || review.linkId === link?.id))
    const state: FieldInSystem["state"] =
      link === undefined || link.state === "gone"
        ? "not linked"
        : held && name in link.owed
          ? "held"
          : link.blocked !== null && name in link.owed
            ? "blocked"
            : name in link.owed
              ? "owed"
              : equal(value, record.fields[name]) || equal(link.means[name], record.fields[name])
                ? "agrees"
                : "differs"
    rows.push({ system: binding.system, binding: binding.key, value, direction: rule.direction, state })
  }
  return rows
}
