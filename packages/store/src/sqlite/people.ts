// What people ask: status, reviews, quarantine, journal, and finding a record by whatever they know of it.
import { claimHolds, fold, holdsText } from "@syncline/core/store"
import type { JournalRow, Quarantined, Review } from "@syncline/core/model"
import type { BindingStatus, JournalFilter, QuarantineFilter, ReviewFilter } from "@syncline/core/store"
import type { Base } from "./base.ts"
import { byPlace } from "./delivery.ts"
import { decodeEntry } from "./journal-row.ts"
import type { StoredEntry } from "./journal-row.ts"
import { openLinkCounts } from "./link-counts.ts"
import { decodeRecord } from "./record-row.ts"
import type { StoredRecord } from "./record-row.ts"
import { fromText, toText } from "./text.ts"

interface Placed {
  readonly entity: string
  readonly binding: string
}

interface Owing {
  readonly place: number
  readonly owed: number
  readonly waiting: number
  readonly next: number | null
}

export function openPeople(base: Base) {
  const { db, words, objects } = base
  const linkCounts = openLinkCounts(base)
  const owing = db.prepare<[], Owing>(`
    SELECT place, count(*) AS owed, count(CASE WHEN attempts > 0 THEN due_at END) AS waiting, min(CASE WHEN attempts > 0 THEN due_at END) AS next
    FROM link INDEXED BY link_owed WHERE owed IS NOT NULL OR owes IS NOT NULL GROUP BY place`)
  const scanned = db.prepare<[], number>("SELECT place FROM scan").pluck()
  const held = db.prepare<[], Placed & { readonly count: number }>(
    "SELECT entity, binding, count(*) AS count FROM quarantine GROUP BY entity, binding",
  )
  const asked = db.prepare<[], Placed & { readonly count: number }>(
    "SELECT entity, binding, count(*) AS count FROM review WHERE open = 1 AND binding IS NOT NULL GROUP BY entity, binding",
  )
  const reviews = db
    .prepare<[{ open: number | null; kind: string | null; field: string | null; entity: string | null; limit: number }], string>(`
      SELECT body FROM review WHERE (@open IS NULL OR open = @open) AND (@kind IS NULL OR kind = @kind)
        AND (@field IS NULL OR field = @field) AND (@entity IS NULL OR entity = @entity) ORDER BY opened_at, id LIMIT @limit`)
    .pluck()
  const review = db.prepare<[string], string>("SELECT body FROM review WHERE id = ?").pluck()
  const reviewsFrom = db
    .prepare<[{ id: string }], string>("SELECT body FROM review WHERE id >= @id AND substr(id, 1, length(@id)) = @id ORDER BY id LIMIT 2")
    .pluck()
  const quarantined = db
    .prepare<[{ entity: string | null; binding: string | null; limit: number }], string>(`
      SELECT body FROM quarantine WHERE (@entity IS NULL OR entity = @entity) AND (@binding IS NULL OR binding = @binding)
      ORDER BY since, id LIMIT @limit`)
    .pluck()
  db.function("fold", { deterministic: true }, (text: unknown) => (typeof text === "string" ? toText(fold(fromText(text))) : null))
  db.function("claim_holds", { deterministic: true }, (value: unknown, folded: unknown) =>
    typeof value === "string" && typeof folded === "string" && claimHolds(fromText(value), fromText(folded)) ? 1 : 0,
  )
  const find = db
    .prepare<[{ text: string; limit: number }], string>(`
      SELECT id FROM record WHERE fold(id) = @text
      UNION SELECT id FROM record WHERE no IN (SELECT record FROM link WHERE fold(remote_id) = @text OR fold(secondary_id) = @text)
      UNION SELECT id FROM record WHERE no IN (SELECT record FROM claim WHERE claim_holds(value, @text))
      ORDER BY id LIMIT @limit`)
    .pluck()

  const deleted = db.prepare<[], StoredRecord>("SELECT * FROM record WHERE deleted IS NOT NULL ORDER BY id")
  const findDeleted = (folded: string, limit: number): readonly string[] => {
    const found: string[] = []
    for (const row of deleted.iterate()) {
      if (found.length >= limit) break
      if (holdsText(decodeRecord(row, words, objects).fields, folded)) found.push(row.id)
    }
    return found
  }

  return {
    status: (): readonly BindingStatus[] => {
      const rows = new Map<string, Mutable<BindingStatus>>()
      const at = ({ entity, binding }: Placed): Mutable<BindingStatus> => {
        const key = JSON.stringify([entity, binding])
        const row = rows.get(key) ?? { ...NOTHING, entity, binding }
        rows.set(key, row)
        return row
      }
      const place = (no: number): Placed => {
        const [entity, binding] = words.pair(no)
        return { entity, binding }
      }
      for (const no of scanned.all()) at(place(no))
      for (const [no, { states }] of linkCounts()) at(place(no)).links = states
      for (const row of owing.all()) Object.assign(at(place(row.place)), { owed: row.owed, waiting: row.waiting, nextDueAt: row.next })
      for (const row of held.all()) at(row).quarantined = row.count
      for (const row of asked.all()) at(row).reviews = row.count
      return [...rows.values()].sort(byPlace)
    },
    reviews: ({ status, kind, field, entity, limit }: ReviewFilter): readonly Review[] => {
      const open = status === undefined ? null : status === "open" ? 1 : 0
      const bodies = reviews.all({ open, kind: kind ?? null, field: field ?? null, entity: entity ?? null, limit })
      return bodies.map((body) => JSON.parse(body) as Review)
    },
    review: (id: string): Review | null => {
      const exact = review.get(id)
      if (exact !== undefined) return JSON.parse(exact) as Review
      const found = id === "" ? [] : reviewsFrom.all({ id })
      return found.length === 1 && found[0] !== undefined ? (JSON.parse(found[0]) as Review) : null
    },
    quarantined: ({ entity, binding, limit }: QuarantineFilter): readonly Quarantined[] =>
      quarantined.all({ entity: entity ?? null, binding: binding ?? null, limit }).map((body) => JSON.parse(body) as Quarantined),
    journal: (filter: JournalFilter): readonly JournalRow[] => journal(filter),
    find: (text: string, limit: number): readonly string[] => {
      const found = find.all({ text: toText(fold(text)), limit })
      return found.length > 0 ? found : findDeleted(fold(text), limit)
    },
  }

  /** One statement per set of filters: each can then use its own index. */
  function journal(filter: JournalFilter): readonly JournalRow[] {
    const conditions = ["seq > @after"]
    const values: Record<string, string | number> = { after: filter.afterSeq ?? 0, limit: filter.limit }
    if (filter.recordId !== undefined) {
      conditions.push("record = @record")
      values["record"] = filter.recordId
    }
    for (const [column, text] of [
      ["run", filter.run],
      ["binding", filter.binding],
    ] as const) {
      if (text === undefined) continue
      const no = words.known(text)
      if (no === null) return []
      conditions.push(`${column} = @${column}`)
      values[column] = no
    }
    const order = filter.newestFirst === true ? "DESC" : "ASC"
    const sql = `SELECT * FROM journal WHERE ${conditions.join(" AND ")} ORDER BY seq ${order} LIMIT @limit`
    return db
      .prepare<[typeof values], StoredEntry>(sql)
      .all(values)
      .map((row) => decodeEntry(row, words))
  }
}

type Mutable<A> = { -readonly [Key in keyof A]: A[Key] }

const NOTHING: Omit<BindingStatus, "entity" | "binding"> = {
  links: { live: 0, parked: 0, kept: 0, gone: 0 },
  owed: 0,
  waiting: 0,
  quarantined: 0,
  reviews: 0,
  nextDueAt: null,
}
