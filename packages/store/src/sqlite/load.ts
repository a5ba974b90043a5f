// Set-wise reads: all that is known about the records a page touches, in a handful of statements however long the page.
// In: ids, keys, or numbers of records. Out: a Loaded that is complete for each of its records.
import type { Intent, Link, Quarantined, RecordRow, Review } from "@syncline/core/model"
import type { Loaded, PageQuery } from "@syncline/core/store"
import { list, LINK } from "./base.ts"
import type { Base } from "./base.ts"
import { claimHash } from "./claim-hash.ts"
import { decodeLink } from "./link-row.ts"
import type { StoredLink } from "./link-row.ts"
import { decodeRecord } from "./record-row.ts"
import type { StoredRecord } from "./record-row.ts"
import { fromText, toText } from "./text.ts"
import { pairWord } from "./words.ts"

interface StoredClaim {
  readonly key: number
  readonly value: string
  readonly record: number
}

/** What is read where nothing was asked for. */
const NOTHING: Loaded = { records: [], links: [], claims: [], intents: [], reviews: [], quarantine: [] }

export type Load = ReturnType<typeof openLoad>

export function openLoad({ db, words, objects }: Base) {
  const numbers = (sql: string) => db.prepare<[string, number], number>(sql).pluck()
  const about = (sql: string) => db.prepare<[{ known: string; asked: string; binding: string; entity: string }], string>(sql).pluck()

  const byRemote = numbers("SELECT l.record FROM json_each(?) j CROSS JOIN link l ON l.place = ? AND l.remote_id = j.value")
  const bySecondary = numbers("SELECT l.record FROM json_each(?) j CROSS JOIN link l ON l.place = ? AND l.secondary_id = j.value")
  const byClaim = db
    .prepare<[string], number>(
      "SELECT c.record FROM json_each(?) j CROSS JOIN claim c ON c.hash = j.value ->> 0 AND c.key = j.value ->> 1 AND c.value = j.value ->> 2",
    )
    .pluck()
  const byId = db.prepare<[string], number>("SELECT r.no FROM json_each(?) j CROSS JOIN record r ON r.id = j.value").pluck()

  const records = db.prepare<[string], StoredRecord>("SELECT r.* FROM json_each(?) j CROSS JOIN record r ON r.no = j.value")
  const links = db.prepare<[string], StoredLink>(`SELECT ${LINK} FROM json_each(?) j CROSS JOIN link l ON l.record = j.value`)
  const claims = db.prepare<[string], StoredClaim>(
    "SELECT c.record, c.key, c.value FROM json_each(?) j CROSS JOIN claim c ON c.record = j.value",
  )
  const intents = db.prepare<[string], string>("SELECT i.body FROM json_each(?) j CROSS JOIN intent i ON i.link = j.value").pluck()
  const reviews = about(`
    SELECT body FROM review WHERE id IN (
      SELECT v.id FROM json_each(@known) j CROSS JOIN review v ON v.open = 1 AND v.record = j.value
      UNION SELECT v.id FROM json_each(@asked) j CROSS JOIN review v ON v.open = 1 AND v.binding = @binding AND v.remote_id = j.value AND v.entity = @entity)`)
  const quarantine = about(`
    SELECT body FROM quarantine WHERE id IN (
      SELECT q.id FROM json_each(@known) j CROSS JOIN quarantine q ON q.link IS NOT NULL AND q.link = j.value
      UNION SELECT q.id FROM json_each(@asked) j CROSS JOIN quarantine q ON q.binding = @binding AND q.remote_id = j.value AND q.entity = @entity)`)

  const load = (nos: ReadonlySet<number>, asked?: PageQuery): Loaded => {
    if (nos.size === 0 && (asked?.remoteIds.length ?? 0) === 0) return NOTHING
    const wanted = list(nos)
    const ids = new Map<number, string>()
    const loadedRecords: RecordRow[] = []
    for (const row of records.all(wanted)) {
      ids.set(row.no, row.id)
      loadedRecords.push(decodeRecord(row, words, objects))
    }
    const loadedLinks: Link[] = links.all(wanted).map((row) => decodeLink(row, words, objects))
    const linkIds = list(loadedLinks.map((link) => link.id))
    const page = { asked: list((asked?.remoteIds ?? []).map(toText)), binding: asked?.binding ?? "", entity: asked?.entity ?? "" }
    // Bodies are the rows' own texts, written by commit.
    return {
      records: loadedRecords,
      links: loadedLinks,
      claims: claims.all(wanted).map((row) => {
        const [of, key] = words.pair(row.key)
        return { entity: of, key, value: fromText(row.value), recordId: ids.get(row.record) ?? "" }
      }),
      intents: (loadedLinks.length === 0 ? [] : intents.all(linkIds)).map((body) => JSON.parse(body) as Intent),
      reviews: reviews.all({ known: list(ids.values()), ...page }).map((body) => JSON.parse(body) as Review),
      quarantine: quarantine.all({ known: linkIds, ...page }).map((body) => JSON.parse(body) as Quarantined),
    }
  }

  return {
    load,
    page: (query: PageQuery): Loaded => {
      const nos = new Set<number>()
      const add = (found: readonly number[]): void => found.forEach((no) => nos.add(no))
      const place = words.known(pairWord(query.entity, query.binding))
      if (place !== null) {
        add(byRemote.all(list(query.remoteIds.map(toText)), place))
        add(bySecondary.all(list(query.secondaryIds.map(toText)), place))
      }
      const keys: (readonly [hash: number, key: number, value: string])[] = []
      for (const { key, value } of query.keys) {
        const no = words.known(pairWord(query.entity, key))
        if (no !== null) keys.push([claimHash(no, toText(value)), no, toText(value)])
      }
      if (keys.length > 0) add(byClaim.all(JSON.stringify(keys)))
      return load(nos, query)
    },
    records: (ids: readonly string[]): Loaded => load(new Set(byId.all(list(ids)))),
  }
}
