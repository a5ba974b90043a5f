// Follows a table by PostgreSQL's own log of changes. The log says which keys changed and which are gone; the rows are then
// read as they are now, so that large values and types come out as everywhere else. Reading does not consume: the slot is
// moved on by the next scan, when the store has kept what this one told.
import type { CallOptions, Change, Page, PullRequest } from "@syncline/connector"
import type { Settings } from "./config.ts"
import { cursorJson, expired, type PgCursor } from "./cursor.ts"
import type { Database, Session } from "./database.ts"
import { rowsByKey } from "./lookup.ts"
import { readMessage, type LogMessage, type Tuple } from "./pgoutput.ts"
import { clock, limitOf } from "./pull-snapshot.ts"
import { confirm, publicationOf } from "./replication.ts"
import { changeOf, idOf, keyOf, type Row, type Table } from "./table.ts"

/** What the log says happened to a key, the last word of it. */
interface Told {
  readonly gone: boolean
  /** The id it had before, where the key itself was changed. */
  readonly was?: string
}

interface Part {
  readonly told: ReadonlyMap<string, Told>
  /** Messages in this part, and of those how many belong to transactions whose rows are visible. */
  readonly count: number
  readonly whole: boolean
  /** Where the last transaction ended that was taken, if one did. */
  readonly endLsn: string | null
}

/**
 * Messages `done`+1 … `done`+`limit` behind the cursor; beginnings and relations before them, too, for what they say of these.
 * The slot may stand further back than the cursor: whatever ended (bytes 11 to 18 of a commit) before it is left out.
 */
const MESSAGES = `
  WITH told AS MATERIALIZED (
    SELECT data, place FROM pg_logical_slot_peek_binary_changes($1, $2::pg_lsn, NULL, 'proto_version', '1', 'publication_names', $3)
      WITH ORDINALITY AS m(lsn, xid, data, place)
  ), known AS (
    SELECT coalesce(max(place), 0) + $5::bigint AS last FROM told
      WHERE get_byte(data, 0) = 67 AND ('x' || encode(substring(data from 11 for 8), 'hex'))::bit(64)::bigint <= ($4::pg_lsn - '0/0'::pg_lsn)
  )
  SELECT data, place > last AS wanted FROM told, known
    WHERE place <= last + $6::bigint AND (place > last OR get_byte(data, 0) IN (66, 82)) ORDER BY place`

/** `100:105:101,103`: from the second on nothing is visible, and of those between not the ones named. */
function invisibleIn(snapshot: string): (xid: number) => boolean {
  const [, max = "0", open = ""] = snapshot.split(":")
  // the log names transactions by 32 bits, and is never 2^31 of them away from the present
  const short = (xid: string): number => Number(BigInt.asUintN(32, BigInt(xid)))
  const end = short(max)
  const pending = new Set(open === "" ? [] : open.split(",").map(short))
  return (xid) => pending.has(xid) || (xid - end) >> 0 >= 0
}

const textOf = (table: Table, columns: readonly string[], values: Tuple): string | null => {
  const key = table.settings.key.map((name) => values[columns.indexOf(name)] ?? null)
  return key.every((each) => each !== null) ? idOf(key) : null
}

function read(table: Table, rows: readonly Record<string, unknown>[], invisible: (xid: number) => boolean): Part {
  const told = new Map<string, Told>()
  const columnsOf = new Map<number, readonly string[]>()
  let count = 0
  let endLsn: string | null = null
  const tell = (id: string, what: Told): void => {
    told.delete(id)
    told.set(id, what)
  }
  const keyIn = (relation: number, values: Tuple): string | null => {
    const columns = columnsOf.get(relation)
    return columns === undefined ? null : textOf(table, columns, values)
  }
  const apply = (message: LogMessage): void => {
    if (message.kind === "relation" && message.schema === table.settings.schema && message.table === table.settings.table)
      columnsOf.set(message.relation, message.columns)
    else if (message.kind === "commit") endLsn = message.endLsn
    else if (message.kind === "truncate" && message.relations.some((each) => columnsOf.has(each)))
      throw expired(`${table.name} was truncated: it is read in full`)
    else if (message.kind === "delete") {
      const id = keyIn(message.relation, message.old)
      if (id !== null) tell(id, { gone: true })
    } else if (message.kind === "write") {
      const id = keyIn(message.relation, message.now)
      const was = message.old === null ? null : keyIn(message.relation, message.old)
      if (id !== null) tell(id, { gone: false, ...(was === null || was === id ? {} : { was }) })
    }
  }
  for (const row of rows) {
    const message = Buffer.isBuffer(row["data"]) ? readMessage(row["data"]) : null
    if (message === null) continue
    const wanted = row["wanted"] === true
    if (message.kind === "begin" && invisible(message.xid)) return { told, count, whole: false, endLsn }
    if (wanted) count++
    if (wanted || message.kind === "relation") apply(message)
  }
  return { told, count, whole: true, endLsn }
}

/** A key that was changed is a new id for the same row; a key whose row is gone by now is told when the log says so. */
function changesOf(told: ReadonlyMap<string, Told>, rows: readonly Row[]): Change[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return [...told].flatMap(([id, { gone, was }]): Change[] => {
    const row = byId.get(id)
    const rekey: Change[] = was === undefined ? [] : [{ kind: "rekey", id, was }]
    if (row !== undefined) return [...rekey, changeOf(row)]
    return gone ? [{ kind: "delete", id, soft: false }] : rekey
  })
}

export async function pullLog(
  database: Database,
  settings: Settings,
  table: Table,
  cursor: Extract<PgCursor, { scan: "log" }>,
  request: PullRequest,
  options: CallOptions,
): Promise<Page> {
  const publication = publicationOf(settings)
  return database.session(async (session) => {
    const { upTo, asOf } = await bounds(session, table, cursor, settings.keepLogBytes)
    const done = cursor.done ?? 0
    const limit = limitOf(request)
    const messages = await session.rows(MESSAGES, [table.settings.slot, upTo, publication, cursor.at, done, limit])
    // the log may show a transaction a moment before its rows can be seen: those wait for the next scan
    await session.rows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    const [seen] = await session.rows("SELECT pg_current_snapshot()::text AS snapshot")
    const part = read(table, messages, invisibleIn(String(seen?.["snapshot"])))
    const keys = [...part.told.keys()].map((id) => keyOf(table, id)).filter((key) => key !== null)
    const rows = await rowsByKey(session, table, keys)
    await session.rows("COMMIT")
    const more = part.whole && part.count >= limit
    const end = part.whole ? upTo : (part.endLsn ?? cursor.at)
    const next: PgCursor = more ? { scan: "log", at: cursor.at, done: done + part.count, upTo, asOf } : { scan: "log", at: end }
    return { changes: changesOf(part.told, rows), next: cursorJson(next), more, complete: !more, asOf }
  }, options)
}

async function bounds(
  session: Session,
  table: Table,
  cursor: Extract<PgCursor, { scan: "log" }>,
  keepLogBytes: number,
): Promise<{ upTo: string; asOf: string }> {
  if (cursor.upTo !== undefined && cursor.asOf !== undefined) return { upTo: cursor.upTo, asOf: cursor.asOf }
  await confirm(session, table, cursor.at, keepLogBytes)
  // where the next record will begin: nothing that commits before it is half within
  const [row] = await session.rows("SELECT pg_current_wal_insert_lsn()::text AS here")
  // what lies before it may not be written yet, and then would not be told: a commit of ours waits until it is
  await session.rows("SELECT pg_logical_emit_message(true, 'syncline', '')")
  return { upTo: String(row?.["here"]), asOf: await clock(session) }
}
