// Follows a table by a column that moves with every write: a timestamp or a growing number. Transactions that end late
// write values that lie behind those already seen, so each scan reads an overlap again and starts no later than the oldest
// transaction that was still open.
import type { CallOptions, Page, PullRequest } from "@syncline/connector"
import { cursorJson, type PgCursor } from "./cursor.ts"
import type { Database, Session } from "./database.ts"
import { beyond, clock, limitOf, type Following } from "./pull-snapshot.ts"
import { changeOf, quoted, rowOf, type Table } from "./table.ts"

/** Rows up to which counting them all costs little beside the scan itself. */
const COUNTED = 1_000_000

const columnOf = (table: Table): string => {
  const { changes, updatedAt, sequence } = table.settings
  return `t.${quoted((changes === "sequence" ? sequence : updatedAt) ?? "")}`
}

/** Where the next scan may start: nothing before it can still appear, as far as the server shows its transactions. */
async function hereNow(session: Session, table: Table): Promise<string> {
  const [row] = await session.rows(
    table.settings.changes === "sequence"
      ? `SELECT coalesce(max(${columnOf(table)}), 0)::text AS here FROM ${table.name} AS t`
      : "SELECT least(now(), (SELECT min(xact_start) FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname = current_database()))::text AS here",
  )
  return String(row?.["here"])
}

export const followPoll =
  (table: Table): Following =>
  (session) =>
    hereNow(session, table)

/** Fewer rows than before are a hint that some were deleted; a table too big to count gives none. */
async function totalOf(session: Session, table: Table): Promise<{ readonly total?: number }> {
  const [row] = await session.rows(
    `SELECT CASE WHEN c.reltuples > ${COUNTED} THEN NULL ELSE (SELECT count(*) FROM ${table.name}) END::text AS total FROM pg_class c WHERE c.oid = $1::regclass`,
    [table.name],
  )
  const total = row?.["total"]
  return typeof total === "string" ? { total: Number(total) } : {}
}

export async function pullPoll(
  database: Database,
  table: Table,
  cursor: Extract<PgCursor, { scan: "poll" }>,
  request: PullRequest,
  options: CallOptions,
): Promise<Page> {
  const column = columnOf(table)
  const { changes: kind, overlap } = table.settings
  return database.session(async (session) => {
    const upTo = cursor.upTo ?? (await hereNow(session, table))
    const asOf = cursor.asOf ?? (await clock(session))
    const limit = limitOf(request)
    const { after } = cursor
    const [where, values] =
      after === undefined
        ? kind === "sequence"
          ? [`${column} > $1::numeric - $2::numeric`, [cursor.from, overlap]]
          : [`${column} >= $1::timestamptz - make_interval(secs => $2)`, [cursor.from, overlap]]
        : [beyond(`${column}, ${table.key}`, after.length), after]
    const rows = await session.rows(
      `SELECT ${table.row}, ${column}::text AS moved FROM ${table.name} AS t WHERE ${where} ORDER BY ${column}, ${table.key} LIMIT ${limit}`,
      values,
    )
    const read = rows.map(rowOf)
    const last = read.at(-1)
    const more = read.length === limit && last !== undefined
    const next: PgCursor = more
      ? { scan: "poll", from: cursor.from, after: [String(rows.at(-1)?.["moved"]), ...last.key], upTo, asOf }
      : { scan: "poll", from: upTo }
    const total = cursor.after === undefined && !more ? await totalOf(session, table) : {}
    return { changes: read.map(changeOf), next: cursorJson(next), more, complete: !more, asOf, ...total }
  }, options)
}
