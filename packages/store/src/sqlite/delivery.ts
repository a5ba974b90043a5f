// What delivery and the scans ask: links that are due, to be read again or not seen, each found by its own index.
import type { Intent, Link, RecordRow, ScanState } from "@syncline/core/model"
import type { DueCounts, Loaded } from "@syncline/core/store"
import { LINK } from "./base.ts"
import type { Base } from "./base.ts"
import { decodeLink } from "./link-row.ts"
import type { StoredLink } from "./link-row.ts"
import { openLinkCounts } from "./link-counts.ts"
import type { Load } from "./load.ts"
import { decodeRecord } from "./record-row.ts"
import type { StoredRecord } from "./record-row.ts"
import { pairWord } from "./words.ts"

interface Counted {
  readonly place: number
  readonly creates: number
  readonly updates: number
  readonly deletes: number
}

export function openDelivery(base: Base, load: Load) {
  const { db, words, objects } = base
  const due = db.prepare<[number, 0 | 1, number, number], StoredLink>(`
    SELECT ${LINK} FROM link l WHERE l.place = ? AND (l.owes IS 1) = ? AND l.due_at IS NOT NULL AND l.due_at <= ?
      AND NOT EXISTS (SELECT 1 FROM intent i WHERE i.link = l.id)
    ORDER BY l.due_at, l.id LIMIT ?`)
  const dueCounts = db.prepare<[number], Counted>(`
    SELECT place, total(owes IS NOT 1 AND NOT (remote_id IS NOT NULL)) AS creates, total(owes IS NOT 1 AND (remote_id IS NOT NULL)) AS updates,
      total(owes IS 1) AS deletes
    FROM link INDEXED BY link_owed WHERE (owed IS NOT NULL OR owes IS NOT NULL) AND due_at <= ? GROUP BY place`)
  const linkCounts = openLinkCounts(base)
  const intents = db.prepare<[number], string>("SELECT body FROM intent ORDER BY opened_at, id LIMIT ?").pluck()
  const toReread = db.prepare<[number, number, number], StoredLink>(`
    SELECT ${LINK} FROM link l WHERE l.place = ? AND l.reread_at IS NOT NULL AND l.reread_at <= ? AND l.remote_id IS NOT NULL
    ORDER BY l.reread_at, l.id LIMIT ?`)
  const unsighted = db.prepare<[string, number, number, number], StoredLink>(`
    SELECT ${LINK} FROM link l WHERE l.id > ? AND +l.place = ? AND l.remote_id IS NOT NULL AND l.state <> 3 AND l.seen_at < ?
    ORDER BY l.id LIMIT ?`)
  const scans = db.prepare<[], string>("SELECT body FROM scan ORDER BY place").pluck()
  const records = db.prepare<[string, number, number], StoredRecord>(
    "SELECT * FROM record WHERE id > ? AND entity = ? AND deleted IS NULL ORDER BY id LIMIT ?",
  )

  const decode = (rows: readonly StoredLink[]): Link[] => rows.map((row) => decodeLink(row, words, objects))
  const placeOf = (entity: string, binding: string): number | null => words.known(pairWord(entity, binding))

  return {
    due: (binding: string, entity: string, now: number, limit: number): { readonly due: readonly Link[]; readonly loaded: Loaded } => {
      const place = placeOf(entity, binding)
      if (place === null) return { due: [], loaded: load.load(new Set()) }
      const rows = due.all(place, 0, now, limit)
      if (rows.length < limit) rows.push(...due.all(place, 1, now, limit - rows.length))
      return { due: decode(rows), loaded: load.load(new Set(rows.map((row) => row.record))) }
    },
    dueCounts: (now: number): readonly DueCounts[] => {
      const counted = new Map(dueCounts.all(now).map((row) => [row.place, row]))
      return [...linkCounts()]
        .map(([place, { linked }]) => {
          const [entity, binding] = words.pair(place)
          const owing = counted.get(place)
          return { entity, binding, create: owing?.creates ?? 0, update: owing?.updates ?? 0, delete: owing?.deletes ?? 0, linked }
        })
        .sort(byPlace)
    },
    openIntents: (limit: number): readonly Intent[] => intents.all(limit).map((body) => JSON.parse(body) as Intent),
    toReread: (binding: string, entity: string, now: number, limit: number): readonly Link[] => {
      const place = placeOf(entity, binding)
      return place === null ? [] : decode(toReread.all(place, now, limit))
    },
    unsighted: (binding: string, entity: string, before: number, afterId: string, limit: number): readonly Link[] => {
      const place = placeOf(entity, binding)
      return place === null ? [] : decode(unsighted.all(afterId, place, before, limit))
    },
    scans: (): readonly ScanState[] => scans.all().map((body) => JSON.parse(body) as ScanState),
    records: (entity: string, afterId: string, limit: number): readonly RecordRow[] => {
      const no = words.known(entity)
      return no === null ? [] : records.all(afterId, no, limit).map((row) => decodeRecord(row, words, objects))
    },
  }
}

interface Placed {
  readonly entity: string
  readonly binding: string
}

export const byPlace = (a: Placed, b: Placed): number =>
  a.entity < b.entity ? -1 : a.entity > b.entity ? 1 : a.binding < b.binding ? -1 : a.binding > b.binding ? 1 : 0
