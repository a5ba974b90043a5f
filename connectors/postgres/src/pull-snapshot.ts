// Reads a whole table in the order of its key, page by page. Before the first page it notes where changes will be followed
// from, so that what happens meanwhile is told by the first delta.
import type { CallOptions, Page, PullRequest } from "@syncline/connector"
import { cursorJson, type PgCursor } from "./cursor.ts"
import type { Database, Session } from "./database.ts"
import { maxPage } from "./describe.ts"
import { changeOf, rowOf, type Table } from "./table.ts"

/** What the delta reader of a table must know before a snapshot begins. */
export type Following = (session: Session) => Promise<string | null>

export const limitOf = (request: PullRequest): number => Math.max(1, Math.min(Math.trunc(request.limit), maxPage))

/** `(t."a", t."b") > ($1, $2)`, with the parameters from `first` on. */
export const beyond = (columns: string, count: number, first = 1): string =>
  `(${columns}) > (${Array.from({ length: count }, (_, index) => `$${first + index}`).join(", ")})`

export const clock = async (session: Session): Promise<string> => {
  const [row] = await session.rows('SELECT to_char(now(), \'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"\') AS now')
  return String(row?.["now"])
}

export async function pullSnapshot(
  database: Database,
  table: Table,
  cursor: Extract<PgCursor, { scan: "snapshot" }> | null,
  request: PullRequest,
  following: Following,
  deltaFrom: (since: string) => PgCursor,
  options: CallOptions,
): Promise<Page> {
  return database.session(async (session) => {
    const since = cursor === null ? await following(session) : cursor.since
    const asOf = cursor?.asOf ?? (await clock(session))
    const limit = limitOf(request)
    const after = cursor?.after ?? []
    const rows = await session.rows(
      `SELECT ${table.row} FROM ${table.name} AS t ${after.length === 0 ? "" : `WHERE ${beyond(table.key, after.length)} `}ORDER BY ${table.key} LIMIT ${limit}`,
      after,
    )
    const read = rows.map(rowOf)
    const last = read.at(-1)
    const more = read.length === limit && last !== undefined
    const next: PgCursor | null = more ? { scan: "snapshot", after: last.key, since, asOf } : since === null ? null : deltaFrom(since)
    return {
      changes: read.map(changeOf),
      next: next === null ? null : cursorJson(next),
      more,
      complete: !more,
      asOf,
    }
  }, options)
}
