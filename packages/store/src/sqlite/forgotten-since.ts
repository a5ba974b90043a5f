// People who were forgotten after a backup was made are in it still. In: the store that is there, and the copy that is to
// take its place. Out: the copy without them, knowing whom not to take in again.
import { idKey, namesKeys } from "@syncline/core/store"
import { canonicalText, type Json, type JsonObject, type RecordRow } from "@syncline/core/model"
import { existsSync } from "node:fs"
import { openBase } from "./base.ts"
import type { Base } from "./base.ts"
import { forgottenId, openForget } from "./forget.ts"
import { decodeRecord } from "./record-row.ts"
import type { StoredRecord } from "./record-row.ts"
import type { Constructor } from "./sqlite.ts"
import { fromText, fromTextOrNull } from "./text.ts"

export interface ForgottenSince {
  /** Match keys that are not taken in again, now in the copy as well. */
  readonly carried: number
  /** People who were in the copy and are erased again. */
  readonly erased: number
  /** The store that is there cannot be read: whom it forgot, nobody knows. */
  readonly unknown: boolean
}

interface Block {
  readonly id: string
  readonly entity: string
  readonly key: string
  readonly at: number
  /** What is lifted together; `null`: an older version kept it. */
  readonly person: string | null
}

interface Blocks {
  readonly secret: Buffer
  readonly rows: readonly Block[]
}

export function carryForgotten(sqlite: Constructor, from: string, to: string, at: number): ForgottenSince {
  const blocks = readBlocks(sqlite, from)
  if (blocks === "unknown") return { carried: 0, erased: 0, unknown: true }
  if (blocks === null) return { carried: 0, erased: 0, unknown: false }
  const db = new sqlite(to)
  try {
    db.pragma("foreign_keys = ON")
    const base = openBase(db)
    const forgetting = openForget(base)
    const known = db.prepare<[], Buffer>("SELECT key FROM hash_key").pluck().get()
    let erased = 0
    db.transaction(() => {
      if (known === undefined) db.prepare<[Buffer]>("INSERT INTO hash_key (one, key) VALUES (1, ?)").run(blocks.secret)
      // under another key the hashes of those who are not in the copy would mean nothing
      if (known === undefined || known.equals(blocks.secret)) {
        const put = db.prepare<[string, string, string, number, string | null]>(
          "INSERT OR IGNORE INTO forgotten (id, entity, key, at, person) VALUES (?, ?, ?, ?, ?)",
        )
        for (const { id, entity, key, at: when, person } of blocks.rows) put.run(id, entity, key, when, person)
      }
      const found = peopleIn(base, blocks)
      if (found.keys.length === 0 && found.recordIds.length === 0) return
      erased = found.people
      forgetting.erase({ ...found, at })
    })()
    if (erased > 0) forgetting.clear(to)
    return { carried: blocks.rows.length, erased, unknown: false }
  } finally {
    db.close()
  }
}

/** `null`: nobody was ever forgotten there. */
function readBlocks(sqlite: Constructor, from: string): Blocks | "unknown" | null {
  if (!existsSync(from)) return null
  try {
    const db = new sqlite(from, { fileMustExist: true })
    try {
      if (db.prepare<[], number>("SELECT 1 FROM sqlite_master WHERE name = 'hash_key'").pluck().get() === undefined) return null
      const secret = db.prepare<[], Buffer>("SELECT key FROM hash_key").pluck().get()
      const rows = db.prepare<[], Omit<Block, "person"> & Partial<Block>>("SELECT * FROM forgotten").all()
      return secret === undefined || rows.length === 0
        ? null
        : { secret, rows: rows.map((row) => ({ ...row, person: row.person ?? null })) }
    } finally {
      db.close()
    }
  } catch {
    return "unknown"
  }
}

interface Key {
  readonly entity: string
  readonly key: string
  readonly value: string
}

/** Whoever in the copy has a key that was forgotten: as a record, deleted ones too, or as an item that waits without one. */
function peopleIn({ db, words, objects }: Base, { secret, rows }: Blocks) {
  const ids = new Set(rows.map((row) => row.id))
  const isForgotten = ({ entity, key, value }: Key): boolean => ids.has(forgottenId(secret, entity, key, value))
  const recordIds = new Set<string>()
  const keys = new Map<string, Key>()
  const alike = new Set<string>()
  const names = new Set<string>()
  let items = 0
  const add = (key: Key): void => {
    keys.set(JSON.stringify([key.entity, key.key, key.value]), key)
    for (const part of partsOf(key)) alike.add(part)
  }
  const claims = db.prepare<[], { id: string; key: number; value: string }>(
    "SELECT r.id, c.key, c.value FROM claim c JOIN record r ON r.no = c.record",
  )
  const claimed = claims.all().map(({ id, key: no, value }) => {
    const [entity, key] = words.pair(no)
    return { id, claim: { entity, key, value: fromText(value) } }
  })
  for (const { id, claim } of claimed) if (isForgotten(claim)) recordIds.add(id)
  // a deleted record has no claims any more
  const kinds = [...new Map(rows.map(({ entity, key }) => [JSON.stringify([entity, key]), { entity, key }])).values()]
  const records = db.prepare<[], StoredRecord>("SELECT * FROM record WHERE deleted IS NOT NULL")
  for (const stored of records.all()) {
    const row = decodeRecord(stored, words, objects)
    for (const kind of kinds) {
      const claim = keyOf(row, kind)
      if (claim === null || !isForgotten(claim)) continue
      recordIds.add(row.id)
      add(claim)
    }
  }
  // one that had another address then is known by its item
  const links = db.prepare<[], { id: string; place: number; remote_id: string | null; secondary_id: string | null }>(
    "SELECT r.id, l.place, l.remote_id, l.secondary_id FROM link l JOIN record r ON r.no = l.record",
  )
  const stableIn = new Set<string>()
  for (const { id, place, remote_id, secondary_id } of links.iterate()) {
    const [entity, binding] = words.pair(place)
    if (kinds.some(({ key }) => key === idKey(binding))) stableIn.add(binding)
    const item = { remoteId: fromTextOrNull(remote_id), secondaryId: fromTextOrNull(secondary_id) }
    const names = namesKeys(binding, item).filter(({ key }) => kinds.some((kind) => kind.key === key))
    if (names.some((pair) => isForgotten({ entity, ...pair }))) recordIds.add(id)
  }
  for (const { id, claim } of claimed) if (recordIds.has(id)) add(claim)
  const bodies = db.prepare<[], string>("SELECT body FROM quarantine UNION ALL SELECT body FROM review WHERE open = 1").pluck()
  for (const text of bodies.all()) {
    // Written by this store.
    const body = JSON.parse(text) as JsonObject
    const { entity, binding, remoteId, item } = body
    if (typeof entity !== "string" || typeof binding !== "string" || typeof remoteId !== "string" || item === null) continue
    const asId = { entity, key: idKey(binding), value: remoteId }
    const asKey = kinds
      .filter((kind) => kind.entity === entity)
      .flatMap((kind) => textsOf(item).flatMap((value) => spellings(value).map((each) => ({ ...kind, value: canonicalText([each]) }))))
      .find(isForgotten)
    const found = asKey ?? (isForgotten(asId) ? asId : undefined)
    if (found === undefined) continue
    items++
    add(found)
    names.add(remoteId)
  }
  const people = recordIds.size > 0 ? recordIds.size : items
  return {
    recordIds: [...recordIds],
    alike: [...alike],
    keys: [...keys.values()],
    stableIn: [...stableIn],
    names: [...alike, ...names],
    people,
  }
}

function keyOf(row: RecordRow, { entity, key }: Omit<Key, "value">): Key | null {
  if (row.entity !== entity) return null
  const values = key.split("+").map((name) => row.fields[name] ?? null)
  return values.includes(null) ? null : { entity, key, value: canonicalText(values) }
}

/** How a mapping may have read what stands in an item as it came. */
const spellings = (text: string): readonly string[] => [...new Set([text, text.trim(), text.trim().toLowerCase()])]

function textsOf(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return [value]
  if (typeof value !== "object" || value === null) return []
  return Object.values(value).flatMap((each: Json) => textsOf(each))
}

/** The text of a key of one field; half of a key is nobody's alone, and an id says who only in its system. */
function partsOf({ value }: Key): readonly string[] {
  if (!value.startsWith("[")) return []
  const parsed: unknown = JSON.parse(value)
  return Array.isArray(parsed) && parsed.length === 1 && typeof parsed[0] === "string" ? [parsed[0]] : []
}
