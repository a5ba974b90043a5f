// Erasing a person: rows of theirs go, rows that only name them are blotted, keyed hashes of what they are known by stay, and
// what SQLite keeps of deleted rows is cleared from the file and its log.
import {
  askedForgotten,
  blockedKeys,
  blotted,
  fold,
  hashed,
  holdsText,
  leftOf,
  mentions,
  mergedAway,
  personIn,
  StoreError,
} from "@syncline/core/store"
import type { Blocked, Erased, Erasure, PageQuery } from "@syncline/core/store"
import type { Forgotten, Json, JsonObject, RecordRow, Review } from "@syncline/core/model"
import { createHmac, randomBytes } from "node:crypto"
import { list } from "./base.ts"
import type { Base } from "./base.ts"
import { decodeRecord } from "./record-row.ts"
import type { StoredRecord } from "./record-row.ts"
import { fromTextOrNull, toTextOrNull } from "./text.ts"

const KEY_BYTES = 32
const ID_LENGTH = 32
/** A reader that takes a copy holds the log back for a moment. */
const CHECKPOINTS_MOST = 20
const CHECKPOINT_PAUSE_MS = 100

export const forgottenId = (key: Buffer, entity: string, name: string, value: string): string =>
  `fgt_${createHmac("sha256", key)
    .update(hashed(entity, name, value))
    .digest("hex")
    .slice(0, ID_LENGTH)}`

export function openForget({ db, words, objects }: Base) {
  const anyForgotten = db.prepare<[], number>("SELECT 1 FROM forgotten LIMIT 1").pluck()
  const isForgotten = db.prepare<[string], number>("SELECT 1 FROM forgotten WHERE id = ?").pluck()
  const readKey = db.prepare<[], Buffer>("SELECT key FROM hash_key").pluck()
  const putKey = db.prepare<[Buffer]>("INSERT INTO hash_key (one, key) VALUES (1, ?)")
  const block = db.prepare<[string, string, string, number, string]>(
    "INSERT OR REPLACE INTO forgotten (id, entity, key, at, person) VALUES (?, ?, ?, ?, ?)",
  )
  // what an older version kept stands for itself
  const allow = db.prepare<[string]>(
    "DELETE FROM forgotten WHERE id IN (SELECT other.id FROM forgotten one JOIN forgotten other ON other.id = one.id OR other.person = one.person WHERE one.id = ?)",
  )

  const strings = (sql: string) => db.prepare<[string], string>(sql).pluck()
  const linksOf = strings("SELECT l.id FROM json_each(?) j JOIN record r ON r.id = j.value JOIN link l ON l.record = r.no")
  const itemsOf = db.prepare<[string], { place: number; remote_id: string | null; secondary_id: string | null }>(
    "SELECT l.place, l.remote_id, l.secondary_id FROM json_each(?) j JOIN record r ON r.id = j.value JOIN link l ON l.record = r.no",
  )
  const isCalledSo = db
    .prepare<[number, string], number>("SELECT 1 FROM link WHERE place = ? AND secondary_id = ? AND state <> 3 LIMIT 1")
    .pluck()
  const deleted = db.prepare<[], StoredRecord>("SELECT * FROM record WHERE deleted IS NOT NULL")
  const earlierLives = (recordIds: readonly string[], folded: readonly string[]): readonly string[] => {
    const found = [...recordIds]
    const merged: RecordRow[] = []
    for (const stored of deleted.iterate()) {
      const row = decodeRecord(stored, words, objects)
      if (folded.some((text) => holdsText(row.fields, text))) found.push(row.id)
      if (row.deleted?.mergedInto !== undefined) merged.push(row)
    }
    return [...found, ...mergedAway(merged, found)]
  }
  const count = (sql: string, ids: string): number => db.prepare<[string]>(sql).run(ids).changes

  /** Bodies of a table, parsed, one at a time: there may be many. */
  function* bodies(
    table: "review" | "quarantine" | "decision" | "run" | "scan" | "system",
    id: string,
  ): Generator<readonly [string, JsonObject]> {
    // `db.iterate` would hold the connection while rows are changed, so ids come first.
    const ids = db.prepare<[], string>(`SELECT ${id} FROM ${table}`).pluck().all()
    const body = db.prepare<[string], string>(`SELECT body FROM ${table} WHERE ${id} = ?`).pluck()
    for (const one of ids) {
      const text = body.get(one)
      // Written by this store.
      if (text !== undefined) yield [one, JSON.parse(text) as JsonObject]
    }
  }
  const drop = (table: string, test: Iterable<string>): number =>
    count(`DELETE FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`, list(test))
  const matching = (table: "review" | "quarantine" | "decision", test: (body: JsonObject) => boolean): readonly string[] =>
    [...bodies(table, "id")].filter(([, body]) => test(body)).map(([id]) => id)

  function blot(table: "run" | "system", id: string, person: ReadonlySet<string>): number {
    const put = db.prepare<[string, string]>(`UPDATE ${table} SET body = ? WHERE ${id} = ?`)
    let done = 0
    for (const [one, body] of bodies(table, id)) {
      if (!mentions(body, person)) continue
      put.run(JSON.stringify(blotted(body, person)), one)
      done++
    }
    return done
  }

  function blotScans(person: ReadonlySet<string>): number {
    const put = db.prepare<[string, string]>("UPDATE scan SET body = ? WHERE place = ?")
    let done = 0
    for (const [place, body] of bodies("scan", "place")) {
      if (!mentions(body["cursor"], person) && !mentions(body["scan"], person)) continue
      put.run(JSON.stringify({ ...body, cursor: null, scan: null }), place)
      done++
    }
    return done
  }

  function blotJournal(ids: ReadonlySet<string>, here: (binding: string | null) => ReadonlySet<string>): number {
    const rows = db.prepare<
      [number],
      { seq: number; record: string | null; binding: number | null; remote_id: string | null; changes: string | null; note: string | null }
    >("SELECT seq, record, binding, remote_id, changes, note FROM journal WHERE seq > ? ORDER BY seq LIMIT 1000")
    const put = db.prepare<[string | null, string | null, string | null, string | null, number]>(
      "UPDATE journal SET record = ?, remote_id = ?, changes = ?, note = ? WHERE seq = ?",
    )
    let done = 0
    for (let after = 0; ;) {
      const page = rows.all(after)
      for (const row of page) {
        const text = {
          recordId: row.record,
          remoteId: fromTextOrNull(row.remote_id),
          // Written by this store.
          changes: row.changes === null ? [] : (JSON.parse(row.changes) as readonly Json[]),
          note: fromTextOrNull(row.note),
        }
        const left = leftOf(text, ids, here(row.binding === null ? null : words.text(row.binding)))
        if (left === null) continue
        const { recordId, remoteId, changes, note } = left
        put.run(recordId, toTextOrNull(remoteId), changes.length === 0 ? null : JSON.stringify(changes), toTextOrNull(note), row.seq)
        done++
      }
      const last = page.at(-1)
      if (last === undefined) return done
      after = last.seq
    }
  }

  const hashKey = (): Buffer => {
    const known = readKey.get()
    if (known !== undefined) return known
    const fresh = randomBytes(KEY_BYTES)
    putKey.run(fresh)
    return fresh
  }

  return {
    /** Which of these keys are of people who were forgotten. */
    among: (query: PageQuery): readonly Forgotten[] => {
      if (anyForgotten.get() === undefined) return []
      const secret = readKey.get()
      if (secret === undefined) return []
      const { entity } = query
      return askedForgotten(query).flatMap(({ key, value }) => {
        const id = forgottenId(secret, entity, key, value)
        return isForgotten.get(id) === undefined ? [] : [{ id, key, value }]
      })
    },

    /** Inside a writing transaction. */
    erase: (erasure: Erasure): Erased => {
      const { recordIds, alike, names, at } = erasure
      const ids = new Set(earlierLives(recordIds, alike.map(fold)))
      const links = new Set(linksOf.all(list(ids)))
      const theirs = itemsOf.all(list(ids)).map(({ place, remote_id, secondary_id }) => {
        const [entity, binding] = words.pair(place)
        const isAnothers = (): boolean => secondary_id !== null && isCalledSo.get(place, secondary_id) !== undefined
        return { entity, binding, remoteId: fromTextOrNull(remote_id), secondaryId: fromTextOrNull(secondary_id), isAnothers }
      })
      const items = theirs.flatMap(({ binding, remoteId, secondaryId }) =>
        [remoteId, secondaryId].flatMap((id) => (id === null ? [] : [{ binding, id }])),
      )
      const person = new Set([...names, ...ids, ...links, ...items.map(({ id }) => id)])
      const inBinding = personIn(person, items, alike)
      const text = (value: Json | undefined): string | null => (typeof value === "string" ? value : null)
      const here = (body: JsonObject): ReadonlySet<string> => inBinding(text(body["binding"]))
      const isOwn = (value: Json | undefined): boolean => ids.has(text(value) ?? "")
      const own = list(ids)
      const inOwn = "IN (SELECT no FROM record WHERE id IN (SELECT value FROM json_each(?)))"
      const intents = count("DELETE FROM intent WHERE link IN (SELECT value FROM json_each(?))", list(links))
      count(`DELETE FROM claim WHERE record ${inOwn}`, own)
      count(`DELETE FROM link WHERE record ${inOwn}`, own)
      const records = count("DELETE FROM record WHERE id IN (SELECT value FROM json_each(?))", own)
      const reviews = drop(
        "review",
        matching("review", (body) => {
          const { candidates } = body as unknown as Review
          const parked = body["item"] !== null && (mentions(body["item"], here(body)) || here(body).has(text(body["remoteId"]) ?? ""))
          return isOwn(body["recordId"]) || candidates.some((id) => ids.has(id)) || parked
        }),
      )
      const quarantine = drop(
        "quarantine",
        matching(
          "quarantine",
          (body) =>
            isOwn(body["recordId"]) ||
            (body["linkId"] === null && (mentions(body["item"], here(body)) || mentions(body["remoteId"], here(body)))),
        ),
      )
      const known = (table: string, id: string | null): boolean =>
        id !== null && db.prepare<[string], number>(`SELECT 1 FROM ${table} WHERE id = ?`).pluck().get(id) !== undefined
      const decisions = drop(
        "decision",
        matching("decision", (body) => {
          const answered =
            body["kind"] === "resolve" ? known("review", text(body["reviewId"])) : known("quarantine", text(body["quarantineId"]))
          return !answered || mentions(body, person)
        }),
      )
      const journal = blotJournal(ids, inBinding)
      const blots = blot("run", "id", person) + blot("system", "name", person) + blotScans(person)
      const secret = hashKey()
      // theirs are gone by now: whoever goes by such a name still is another
      const keys = blockedKeys(
        erasure,
        theirs.map(({ isAnothers, ...item }) => (isAnothers() ? { ...item, secondaryId: null } : item)),
      )
      const blocked = keys.map(({ entity, key, value }): Blocked => ({ id: forgottenId(secret, entity, key, value), entity, key }))
      const together = blocked[0]?.id ?? ""
      for (const { id, entity, key } of blocked) block.run(id, entity, key, at, together)
      return { blocked, records, links: links.size, intents, reviews, quarantine, decisions, journal, blotted: blots }
    },

    /** After the commit, outside of any transaction: nothing of what was deleted stays in free pages or in the log. */
    clear: (path: string): void => {
      db.exec("VACUUM")
      for (let tries = 0; tries < CHECKPOINTS_MOST; tries++) {
        const [state] = db.pragma("wal_checkpoint(TRUNCATE)") as readonly { readonly busy: number }[]
        if (state === undefined || state.busy === 0) return
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, CHECKPOINT_PAUSE_MS)
      }
      const message = `${path} is being read by another process, so its log could not be cleared. The person is erased; forget again once it is closed, to clear the log.`
      throw new StoreError({ reason: "locked", message })
    },

    allow: (id: string): boolean => allow.run(id).changes > 0,
  }
}
