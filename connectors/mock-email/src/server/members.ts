// Members in SQLite, set-wise: pages, batched lookups, single writes inside a caller's transaction.
// Remembers what recently written members were before, so that a stale read can be played.
import type { Db } from "./database.ts"
import { isStatus, type Row, type Status } from "./member.ts"

export interface PageQuery {
  readonly list: string
  /** Epoch seconds, inclusive. */
  readonly since?: number
  readonly status?: Status
  readonly sort: "last_changed" | "created"
  readonly count: number
  readonly offset: number
}

export interface Members {
  page(query: PageQuery): { rows: Row[]; total: number }
  find(list: string, by: "id" | "contact_id", values: readonly string[]): Row[]
  one(list: string, id: string): Row | undefined
  all(): Row[]
  count(list: string): number
  nextSeq(): number
  insert(row: Row, planted?: boolean): void
  replace(was: Row, row: Row): void
  remove(row: Row): void
  clear(): void
  /** What the member was before its latest write; null: it did not exist. Undefined: no recent write. */
  before(row: Row): Row | null | undefined
  transaction<A>(work: () => A): A
}

interface Columns {
  seq: number
  list: string
  id: string
  contact_id: string
  address: string
  status: string
  merge_fields: string
  tags: string
  last_changed: number
}

const toRow = (record: Columns): Row => {
  if (!isStatus(record.status)) throw new Error(`the member file holds a status that does not exist: ${record.status}`)
  return {
    seq: record.seq,
    list: record.list,
    id: record.id,
    contactId: record.contact_id,
    address: record.address,
    status: record.status,
    mergeFields: JSON.parse(record.merge_fields), // written below, from a Row
    tags: JSON.parse(record.tags),
    lastChanged: record.last_changed,
  }
}

const toRecord = (row: Row): Columns => ({
  seq: row.seq,
  list: row.list,
  id: row.id,
  contact_id: row.contactId,
  address: row.address,
  status: row.status,
  merge_fields: JSON.stringify(row.mergeFields),
  tags: JSON.stringify(row.tags),
  last_changed: row.lastChanged,
})

/** Enough for every test of stale reads; old writes are forgotten first. */
const maxRemembered = 10_000

export const openMembers = (db: Db): Members => {
  const where = "list = :list and last_changed >= :since and (:status is null or status = :status)"
  // The plus keeps the index on `last_changed` out of it: this one is read in the order of joining.
  const byHand = where.replace("last_changed", "+last_changed")
  const byChange = db.prepare<object, Columns>(`select * from members where ${where} order by last_changed, id limit :count offset :offset`)
  const byJoining = db.prepare<object, Columns>(`select * from members where ${byHand} order by seq limit :count offset :offset`)
  const total = db.prepare<object, { n: number }>(`select count(*) as n from members where ${where}`)
  // `cross join` keeps the order: few asked for, each found by index.
  const byId = db.prepare<[string, string], Columns>("select m.* from json_each(?) k cross join members m on m.list = ? and m.id = k.value")
  const byContact = db.prepare<[string, string], Columns>(
    "select m.* from json_each(?) k cross join members m on m.list = ? and m.contact_id = k.value",
  )
  const single = db.prepare<[string, string], Columns>("select * from members where list = ? and id = ?")
  const everyone = db.prepare<[], Columns>("select * from members order by seq")
  const seq = db.prepare<[], { value: string }>(
    "insert into settings values ('seq', '1') on conflict (name) do update set value = cast(value as integer) + 1 returning value",
  )
  const insert = db.prepare<Columns>(
    "insert into members values (:seq, :list, :id, :contact_id, :address, :status, :merge_fields, :tags, :last_changed)",
  )
  const update = db.prepare<Columns>(
    "update members set id = :id, address = :address, status = :status, merge_fields = :merge_fields, tags = :tags, last_changed = :last_changed where seq = :seq",
  )
  const remove = db.prepare<[number]>("delete from members where seq = ?")

  const earlier = new Map<number, Row | null>()
  const remember = (key: number, was: Row | null): void => {
    earlier.delete(key)
    earlier.set(key, was)
    if (earlier.size > maxRemembered) for (const oldest of earlier.keys()) return void earlier.delete(oldest)
  }

  return {
    page(query) {
      const filter = { list: query.list, since: query.since ?? 0, status: query.status ?? null }
      const statement = query.sort === "created" ? byJoining : byChange
      return {
        rows: statement.all({ ...filter, count: query.count, offset: query.offset }).map(toRow),
        total: total.get(filter)?.n ?? 0,
      }
    },
    find: (list, by, values) => (by === "id" ? byId : byContact).all(JSON.stringify([...new Set(values)]), list).map(toRow),
    one(list, id) {
      const columns = single.get(list, id)
      return columns === undefined ? undefined : toRow(columns)
    },
    all: () => everyone.all().map(toRow),
    count: (list) => total.get({ list, since: 0, status: null })?.n ?? 0,
    nextSeq: () => Number(seq.get()?.value),
    insert(row, planted = false) {
      insert.run(toRecord(row))
      if (!planted) remember(row.seq, null)
    },
    replace(was, row) {
      update.run(toRecord(row))
      remember(row.seq, was)
    },
    remove(row) {
      remove.run(row.seq)
      earlier.delete(row.seq)
    },
    clear() {
      db.exec("delete from members; delete from settings")
      earlier.clear()
    },
    before: (row) => earlier.get(row.seq),
    transaction: (work) => db.transaction(work)(),
  }
}
