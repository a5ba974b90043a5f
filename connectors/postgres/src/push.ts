// Writes in transactions: all operations of a batch at once, and if the database refuses any of them, each within its own
// savepoint, so that only the one to blame fails. A commit whose answer is lost is asked about by its transaction id.
import { FaultError, type CallOptions, type Fault, type Op, type Outcome } from "@syncline/connector"
import type { Settings } from "./config.ts"
import type { Database, Session } from "./database.ts"
import { maxBatch } from "./describe.ts"
import { DatabaseFault } from "./fault.ts"
import { lookup } from "./lookup.ts"
import { quoted, type Table } from "./table.ts"
import { write } from "./write.ts"

/** The server answered, and said no: the connection is fine and so are the other operations. */
const refusal = (error: unknown): DatabaseFault | null =>
  error instanceof DatabaseFault && error.code !== null && error.fault.class !== "auth" && error.fault.class !== "transient" ? error : null

/** `committed`, `aborted`, or null where the server does not say. */
async function statusOf(database: Database, xid: string): Promise<string | null> {
  try {
    const [row] = await database.rows("SELECT pg_xact_status($1::xid8) AS status", [xid])
    return typeof row?.["status"] === "string" ? row["status"] : null
  } catch {
    return null
  }
}

/** Runs `work` in a transaction; `lost` says what its outcomes are where no answer to the commit came. */
async function transact(
  database: Database,
  work: (session: Session) => Promise<readonly Outcome[]>,
  lost: (fault: Fault, status: string | null) => readonly Outcome[],
  options: CallOptions,
): Promise<readonly Outcome[]> {
  let outcomes: readonly Outcome[] | null = null
  let xid: string | null = null
  try {
    return await database.session(async (session) => {
      await session.rows("BEGIN")
      const done = await work(session)
      const [row] = await session.rows("SELECT pg_current_xact_id_if_assigned()::text AS xid")
      xid = typeof row?.["xid"] === "string" ? row["xid"] : null
      outcomes = done
      await session.rows("COMMIT")
      return done
    }, options)
  } catch (error) {
    const unanswered = error instanceof DatabaseFault && error.code === null && outcomes !== null
    if (!unanswered || !(error instanceof FaultError)) throw error
    // nothing was written, so there was nothing to commit
    if (xid === null) return outcomes ?? []
    const status = await statusOf(database, xid)
    return status === "committed" ? (outcomes ?? []) : lost(error.fault, status)
  }
}

const lostCommit =
  (ops: readonly Op[]) =>
  (fault: Fault, status: string | null): readonly Outcome[] =>
    ops.map((op) =>
      status === "aborted"
        ? { ref: op.ref, status: "failed", fault }
        : { ref: op.ref, status: "unknown", fault: { class: "unknown", message: `No answer to the commit: ${fault.message}` } },
    )

/** A unique value that is taken names the row that has it, if one of the known columns tells. */
async function explained(database: Database, table: Table, op: Op, fault: Fault, options: CallOptions): Promise<Fault> {
  if (fault.class !== "duplicate") return fault
  for (const { column } of table.settings.unique) {
    const value = op.set[column]
    if (typeof value !== "string") continue
    const [answer] = await lookup(database, table, column, [value], options)
    if (answer !== undefined && "found" in answer && answer.found.id !== op.id)
      return { ...fault, existingId: answer.found.id, fields: { [column]: fault.message } }
  }
  return fault
}

async function oneByOne(
  database: Database,
  table: Table,
  ops: readonly Op[],
  keysTable: string | null,
  options: CallOptions,
): Promise<readonly Outcome[]> {
  const outcomes = await transact(
    database,
    async (session) => {
      const done: Outcome[] = []
      for (const op of ops) {
        await session.rows("SAVEPOINT op")
        try {
          done.push(...(await write(session, table, [op], keysTable)))
          // what is checked at the commit only must be blamed on this operation, too
          await session.rows("SET CONSTRAINTS ALL IMMEDIATE")
          await session.rows("RELEASE SAVEPOINT op")
        } catch (error) {
          const refused = refusal(error)
          if (refused === null) throw error
          await session.rows("ROLLBACK TO SAVEPOINT op")
          done.push({ ref: op.ref, status: "failed", fault: refused.fault })
        }
      }
      return done
    },
    lostCommit(ops),
    options,
  )
  const byRef = new Map(ops.map((op) => [op.ref, op]))
  return Promise.all(
    outcomes.map(async (outcome) => {
      const op = byRef.get(outcome.ref)
      if (outcome.status !== "failed" || op === undefined) return outcome
      return { ...outcome, fault: await explained(database, table, op, outcome.fault, options) }
    }),
  )
}

async function batch(
  database: Database,
  table: Table,
  ops: readonly Op[],
  keysTable: string | null,
  options: CallOptions,
): Promise<readonly Outcome[]> {
  try {
    return await transact(database, (session) => write(session, table, ops, keysTable), lostCommit(ops), options)
  } catch (error) {
    if (refusal(error) === null) throw error
    return oneByOne(database, table, ops, keysTable, options)
  }
}

export async function push(
  database: Database,
  settings: Settings,
  table: Table,
  ops: readonly Op[],
  options: CallOptions,
): Promise<readonly Outcome[]> {
  if (table.settings.readOnly) throw new FaultError({ class: "forbidden", message: `${table.name} is read-only in this pipeline` })
  const keysTable = settings.idempotencyTable === null ? null : quoted(settings.idempotencyTable)
  const outcomes: Outcome[] = []
  for (let at = 0; at < ops.length; at += maxBatch) {
    try {
      outcomes.push(...(await batch(database, table, ops.slice(at, at + maxBatch), keysTable, options)))
    } catch (error) {
      // an earlier batch of this call was carried out, so the call as a whole must answer
      if (at === 0 || !(error instanceof FaultError)) throw error
      const { fault } = error
      return [...outcomes, ...ops.slice(at).map((op): Outcome => ({ ref: op.ref, status: "failed", fault }))]
    }
  }
  return outcomes
}
