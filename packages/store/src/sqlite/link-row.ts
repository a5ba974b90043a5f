// A link as a row, and back: states as small numbers, nothing where nothing is owed.
// Guarantees that what is read equals what was written.
import type { JsonObject, Link, LinkState, Owed, Owes } from "@syncline/core/model"
import type { Objects } from "./objects.ts"
import { fromText, fromTextOrNull, toText, toTextOrNull } from "./text.ts"
import { pairWord } from "./words.ts"
import type { Words } from "./words.ts"

export interface StoredLink {
  readonly no: number
  readonly id: string
  readonly record: number
  readonly record_id: string
  readonly place: number
  readonly state: number
  readonly generation: number
  readonly attempts: number
  readonly owes: number | null
  readonly seen_at: number | null
  readonly due_at: number | null
  readonly reread_at: number | null
  readonly doubted_at: number | null
  readonly shape: number | null
  readonly remote_id: string | null
  readonly secondary_id: string | null
  readonly version: string | null
  readonly seen: string | null
  readonly owed: string | null
  readonly means: string | null
  readonly blocked: string | null
}

/** The place in these lists is what is stored: append only. */
const STATES: readonly LinkState[] = ["live", "parked", "kept", "gone"]
const OWES: readonly Owes[] = [null, "delete", "archive"]

export const stateOf = (code: number): LinkState => {
  const state = STATES[code]
  if (state === undefined) throw new Error(`a link has the unknown state ${code}`)
  return state
}

const filled = (object: object): string | null => (Object.keys(object).length === 0 ? null : JSON.stringify(object))

export function encodeLink(link: Link, words: Words, objects: Objects) {
  const seen = link.seen === null ? null : objects.encode(link.seen)
  return {
    id: link.id,
    recordId: link.recordId,
    place: words.number(pairWord(link.entity, link.binding)),
    state: STATES.indexOf(link.state),
    generation: link.generation,
    attempts: link.attempts,
    owes: link.owes === null ? null : OWES.indexOf(link.owes),
    seenAt: link.seenAt,
    dueAt: link.dueAt,
    rereadAt: link.rereadAt,
    doubtedAt: link.doubtedAt,
    shape: seen?.shape ?? null,
    remoteId: toTextOrNull(link.remoteId),
    secondaryId: toTextOrNull(link.secondaryId),
    version: toTextOrNull(link.version),
    seen: seen?.text ?? null,
    owed: filled(link.owed),
    means: filled(link.means),
    blocked: link.blocked === null ? null : toText(link.blocked),
  }
}

export function decodeLink(row: StoredLink, words: Words, objects: Objects): Link {
  const [entity, binding] = words.pair(row.place)
  return {
    id: row.id,
    recordId: row.record_id,
    entity,
    binding,
    state: stateOf(row.state),
    remoteId: fromTextOrNull(row.remote_id),
    secondaryId: fromTextOrNull(row.secondary_id),
    generation: row.generation,
    seen: row.seen === null ? null : objects.decode(row.shape, row.seen),
    // Both written by `encodeLink`.
    owed: row.owed === null ? {} : (JSON.parse(row.owed) as Owed),
    owes: row.owes === null ? null : (OWES[row.owes] ?? null),
    means: row.means === null ? {} : (JSON.parse(row.means) as JsonObject),
    version: fromTextOrNull(row.version),
    seenAt: row.seen_at,
    dueAt: row.due_at,
    attempts: row.attempts,
    rereadAt: row.reread_at,
    doubtedAt: row.doubted_at,
    blocked: row.blocked === null ? null : fromText(row.blocked),
  }
}
