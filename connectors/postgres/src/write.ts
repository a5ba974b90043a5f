// Carries out operations inside a transaction that the caller holds. Rows are locked and compared before they are written:
// nothing is written over a version that the change was not computed from. Out: one outcome an operation.
import { isObject, mergePatch, type Fault, type JsonObject, type Op, type Outcome } from "@syncline/connector"
import type { Session } from "./database.ts"
import { rowsByKey } from "./lookup.ts"
import { changeOf, keyOf, quoted, rowOf, type Row, type Table } from "./table.ts"

const failed = (op: Op, fault: Fault): Outcome => ({ ref: op.ref, status: "failed", fault })

function applied(op: Op, row: Row): Outcome {
  const { kind: _, ...facts } = { item: row.item, ...changeOf(row) }
  return {
    ref: op.ref,
    status: "applied",
    id: facts.id,
    item: row.item,
    ...(facts.version === undefined ? {} : { version: facts.version }),
    ...(facts.at === undefined ? {} : { at: facts.at }),
  }
}

/** Whole columns as they shall be: an object in `set` says only what changes inside a JSON column. */
const columnsOf = (op: Op, row: Row | null): JsonObject =>
  Object.fromEntries(
    Object.entries(op.set).map(([column, value]) => [column, isObject(value) ? mergePatch(row?.item[column], value) : value]),
  )

interface Due {
  readonly op: Op
  readonly key: JsonObject
  readonly columns: JsonObject
}

/** What stands in the way of a change to a row, or null. */
function obstacle(op: Op, row: Row | undefined): Outcome | null {
  const id = op.id ?? ""
  const missing = row === undefined || row.deleted
  if (missing && op.kind === "delete") return { ref: op.ref, status: "applied", id }
  if (row === undefined) return failed(op, { class: "notFound", message: `There is no row ${JSON.stringify(id)}` })
  if (row.deleted) return failed(op, { class: "gone", message: `The row ${JSON.stringify(id)} was deleted` })
  if (op.version !== undefined && op.version !== row.version)
    return failed(op, { class: "conflict", message: `The row ${JSON.stringify(id)} has changed since it was read` })
  return null
}

/** Columns that every write moves, beside those it is asked to. */
function moved(table: Table): string[] {
  const { updatedAt, touch, version } = table.settings
  return [
    ...(touch && updatedAt !== null ? [`${quoted(updatedAt)} = now()`] : []),
    ...(version !== null ? [`${quoted(version)} = t.${quoted(version)} + 1`] : []),
  ]
}

async function update(session: Session, table: Table, due: readonly Due[]): Promise<Outcome[]> {
  const columns = Object.keys(due[0]?.columns ?? {})
  const sets = [...columns.map((column) => `${quoted(column)} = k.${quoted(column)}`), ...moved(table)]
  const rows = await session.rows(
    sets.length === 0
      ? `SELECT ${table.row} FROM jsonb_populate_recordset(NULL::${table.name}, $1::jsonb) AS k JOIN ${table.name} AS t ON ${table.sameKey}`
      : `UPDATE ${table.name} AS t SET ${sets.join(", ")} FROM jsonb_populate_recordset(NULL::${table.name}, $1::jsonb) AS k WHERE ${table.sameKey} RETURNING ${table.row}`,
    [JSON.stringify(due.map(({ key, columns: values }) => ({ ...values, ...key })))],
  )
  const byId = new Map(rows.map(rowOf).map((row) => [row.id, row]))
  return due.map(({ op }) => {
    const row = byId.get(op.id ?? "")
    // locked and seen a moment ago: a rule or a trigger of the table keeps it from being written
    return row === undefined
      ? failed(op, {
          class: "invalid",
          message: "The database took the change and wrote nothing: is there a rule, a trigger or row security?",
        })
      : applied(op, row)
  })
}

async function remove(session: Session, table: Table, due: readonly Due[]): Promise<Outcome[]> {
  if (due.length === 0) return []
  const { deletedAt } = table.settings
  const keys = `jsonb_populate_recordset(NULL::${table.name}, $1::jsonb) AS k`
  await session.rows(
    deletedAt === null
      ? `DELETE FROM ${table.name} AS t USING ${keys} WHERE ${table.sameKey}`
      : `UPDATE ${table.name} AS t SET ${[`${quoted(deletedAt)} = now()`, ...moved(table)].join(", ")} FROM ${keys} WHERE ${table.sameKey}`,
    [JSON.stringify(due.map(({ key }) => key))],
  )
  return due.map(({ op }) => ({ ref: op.ref, status: "applied", id: op.id ?? "" }))
}

async function create(session: Session, table: Table, op: Op, keysTable: string | null): Promise<Outcome> {
  if (keysTable !== null) {
    const known = await session.rows(`SELECT id FROM ${keysTable} WHERE key = $1 AND resource = $2`, [
      op.idempotencyKey,
      table.settings.resource,
    ])
    const id = known[0]?.["id"]
    if (typeof id === "string") return replayed(session, table, op, id)
  }
  const values = columnsOf(op, null)
  const columns = Object.keys(values).map(quoted).join(", ")
  const into = `INSERT INTO ${table.name} AS t`
  const rows = await session.rows(
    columns === ""
      ? `${into} DEFAULT VALUES RETURNING ${table.row}`
      : `${into} (${columns}) SELECT ${columns} FROM jsonb_populate_record(NULL::${table.name}, $1::jsonb) RETURNING ${table.row}`,
    columns === "" ? [] : [JSON.stringify(values)],
  )
  const [raw] = rows
  if (raw === undefined)
    return failed(op, {
      class: "invalid",
      message: "The database took the row and kept nothing: is there a rule, a trigger or row security?",
    })
  const row = rowOf(raw)
  if (keysTable !== null)
    await session.rows(`INSERT INTO ${keysTable} (key, resource, id) VALUES ($1, $2, $3)`, [
      op.idempotencyKey,
      table.settings.resource,
      row.id,
    ])
  return applied(op, row)
}

/** The same create again: the row that the first one made, as it is now. */
async function replayed(session: Session, table: Table, op: Op, id: string): Promise<Outcome> {
  const key = keyOf(table, id)
  const [row] = key === null ? [] : await rowsByKey(session, table, [key])
  return row === undefined ? { ref: op.ref, status: "applied", id } : applied(op, row)
}

export async function write(session: Session, table: Table, ops: readonly Op[], keysTable: string | null): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const changes = ops.flatMap((op) => {
    if (op.kind === "create") return []
    const key = keyOf(table, op.id ?? "")
    if (key === null) outcomes.push(failed(op, { class: "notFound", message: `There is no row ${JSON.stringify(op.id)}` }))
    return key === null ? [] : [{ op, key }]
  })
  const rows = await rowsByKey(
    session,
    table,
    changes.map(({ key }) => key),
    true,
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  // one statement for all that write the same columns
  const updates = new Map<string, Due[]>()
  const deletes: Due[] = []
  for (const { op, key } of changes) {
    const row = byId.get(op.id ?? "")
    const refused = obstacle(op, row)
    if (refused !== null) outcomes.push(refused)
    else if (op.kind === "delete") deletes.push({ op, key, columns: {} })
    else {
      const columns = columnsOf(op, row ?? null)
      const same = Object.keys(columns).sort().join("\0")
      updates.set(same, [...(updates.get(same) ?? []), { op, key, columns }])
    }
  }
  for (const due of updates.values()) outcomes.push(...(await update(session, table, due)))
  outcomes.push(...(await remove(session, table, deletes)))
  for (const op of ops) if (op.kind === "create") outcomes.push(await create(session, table, op, keysTable))
  return outcomes
}
