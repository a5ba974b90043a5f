// Finds rows by id or by a unique column, many in one query.
import { FaultError, type CallOptions, type JsonObject, type LookupAnswer } from "@syncline/connector"
import type { UniqueColumn } from "./config.ts"
import type { Database, Session } from "./database.ts"
import { DatabaseFault } from "./fault.ts"
import { changeOf, keyOf, quoted, rowOf, type Row, type Table } from "./table.ts"

const missing = (value: string): LookupAnswer => ({ fault: { class: "notFound", message: `There is no row ${JSON.stringify(value)}` } })

/** The rows with these keys; `lock` holds them for a write that follows in the same transaction. */
export async function rowsByKey(session: Session, table: Table, keys: readonly JsonObject[], lock = false): Promise<Row[]> {
  if (keys.length === 0) return []
  const rows = await session.rows(
    `SELECT ${table.row} FROM jsonb_populate_recordset(NULL::${table.name}, $1::jsonb) AS k JOIN ${table.name} AS t ON ${table.sameKey} ORDER BY ${table.key}${lock ? " FOR UPDATE OF t" : ""}`,
    [JSON.stringify(keys)],
  )
  return rows.map(rowOf)
}

const byUnique = async (
  session: Session,
  table: Table,
  { column, ignoreCase }: UniqueColumn,
  values: readonly string[],
): Promise<Map<string, Row>> => {
  const name = `t.${quoted(column)}`
  // the index of a column that ignores case is on lower(column)
  const rows = await session.rows(
    `SELECT ${table.row}, ${name}::text AS value FROM ${table.name} AS t WHERE ${ignoreCase ? `lower(${name})` : name} = ANY($1)`,
    [ignoreCase ? values.map((value) => value.toLowerCase()) : [...values]],
  )
  const found = new Map<string, Row>()
  for (const raw of rows) {
    const row = rowOf(raw)
    const value = String(raw["value"])
    found.set(ignoreCase ? value.toLowerCase() : value, row)
  }
  return found
}

async function answers(session: Session, table: Table, by: string, values: readonly string[]): Promise<LookupAnswer[]> {
  if (by === "id") {
    const keys = values.map((value) => keyOf(table, value))
    const rows = await rowsByKey(
      session,
      table,
      keys.filter((key) => key !== null),
    )
    const byId = new Map(rows.map((row) => [row.id, row]))
    return values.map((value) => {
      const row = byId.get(value)
      return row === undefined ? missing(value) : { found: changeOf(row) }
    })
  }
  const unique = table.settings.unique.find(({ column }) => column === by)
  if (unique === undefined)
    throw new FaultError({
      class: "invalid",
      message: `${table.name} cannot be looked up by ${JSON.stringify(by)}; name the column in "unique"`,
    })
  const rows = await byUnique(session, table, unique, values)
  return values.map((value) => {
    const row = rows.get(unique.ignoreCase ? value.toLowerCase() : value)
    return row === undefined ? missing(value) : { found: changeOf(row) }
  })
}

export async function lookup(
  database: Database,
  table: Table,
  by: string,
  values: readonly string[],
  options: CallOptions,
): Promise<readonly LookupAnswer[]> {
  if (values.length === 0) return []
  try {
    return await database.session((session) => answers(session, table, by, values), options)
  } catch (error) {
    // a value that cannot be of the column's type is not there; it must not hide the others
    if (!isTypeError(error)) throw error
    if (values.length === 1) return [missing(values[0] ?? "")]
    const half = Math.ceil(values.length / 2)
    const first = await lookup(database, table, by, values.slice(0, half), options)
    return [...first, ...(await lookup(database, table, by, values.slice(half), options))]
  }
}

/** "Data exception": the text is no uuid, no number, out of range. */
const isTypeError = (error: unknown): boolean => error instanceof DatabaseFault && error.code?.startsWith("22") === true
