// Looks whether the tables are as the pipeline says, before a run finds out: columns, unique indexes, and for the log of
// changes the server's settings, the publication and the right to replicate. Makes the table of idempotency keys.
import { FaultError, type CallOptions } from "@syncline/connector"
import type { Settings, TableSettings } from "./config.ts"
import type { Database, Session } from "./database.ts"
import { publicationOf } from "./replication.ts"
import { quoted, tableOf } from "./table.ts"

const refuse = (message: string): never => {
  throw new FaultError({ class: "invalid", message })
}

const named = (table: TableSettings): readonly string[] => [
  ...table.key,
  ...table.unique.map(({ column }) => column),
  ...[table.updatedAt, table.sequence, table.deletedAt, table.version].flatMap((column) => column ?? []),
  ...Object.keys(table.columns ?? {}),
]

async function columns(session: Session, table: TableSettings): Promise<void> {
  const { name } = tableOf(table)
  const [found] = await session.rows("SELECT to_regclass($1)::text AS found", [name])
  if (found?.["found"] === null) return refuse(`There is no table ${name} in the database, or this user may not see it`)
  const rows = await session.rows(
    "SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped",
    [name],
  )
  const there = new Set(rows.map((row) => String(row["name"])))
  const missing = [...new Set(named(table))].filter((column) => !there.has(column))
  if (missing.length > 0) return refuse(`${name} has no column ${missing.join(", ")}; it has ${[...there].slice(0, 30).join(", ")}`)
  const unique = await session.rows(
    `SELECT bool_or(i.indisprimary OR (i.indisunique AND i.indisvalid)) AS unique FROM pg_index i
     WHERE i.indrelid = $1::regclass AND i.indisunique AND i.indpred IS NULL AND
       (SELECT array_agg(a.attname::text ORDER BY a.attname::text) FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)) = $2::text[]`,
    [name, [...table.key].sort()],
  )
  if (unique[0]?.["unique"] !== true) return refuse(`The key ${table.key.join(", ")} of ${name} is neither its primary key nor unique`)
}

async function replication(session: Session, settings: Settings, table: TableSettings): Promise<void> {
  const publication = publicationOf(settings)
  const [server] = await session.rows(
    "SELECT current_setting('wal_level') AS level, (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user) AS may",
  )
  if (server?.["level"] !== "logical")
    return refuse(`changes: replication needs wal_level = logical on the server; it is ${String(server?.["level"])}`)
  if (server["may"] !== true) return refuse("changes: replication needs a user with the REPLICATION right: ALTER ROLE … REPLICATION")
  const published = await session.rows("SELECT 1 FROM pg_publication_tables WHERE pubname = $1 AND schemaname = $2 AND tablename = $3", [
    publication,
    table.schema,
    table.table,
  ])
  if (published.length === 0)
    return refuse(
      `The publication ${publication} does not name the table: CREATE PUBLICATION ${quoted(publication)} FOR TABLE ${tableOf(table).name}, or ALTER PUBLICATION … ADD TABLE`,
    )
}

const keysTable = (name: string): string =>
  `CREATE TABLE IF NOT EXISTS ${quoted(name)} (key text NOT NULL, resource text NOT NULL, id text NOT NULL, at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (key, resource))`

export async function check(database: Database, settings: Settings, options: CallOptions): Promise<void> {
  await database.session(async (session) => {
    for (const table of settings.tables.values()) {
      await columns(session, table)
      if (table.changes === "replication") await replication(session, settings, table)
    }
    if (settings.idempotencyTable !== null) await session.rows(keysTable(settings.idempotencyTable))
  }, options)
}

/** Before the first write: `check` may never have been called. */
export const makeKeysTable = async (database: Database, settings: Settings): Promise<void> => {
  if (settings.idempotencyTable !== null) await database.rows(keysTable(settings.idempotencyTable))
}
