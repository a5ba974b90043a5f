// The replication slot of a table: made when it is first needed, moved on only to positions that the store has kept.
import { FaultError } from "@syncline/connector"
import { expired } from "./cursor.ts"
import type { Settings } from "./config.ts"
import type { Session } from "./database.ts"
import type { Following } from "./pull-snapshot.ts"
import type { Table } from "./table.ts"

interface Slot {
  /** Everything before it was confirmed, and is not told again. */
  readonly confirmed: string
  readonly lost: boolean
}

async function slotOf(session: Session, name: string): Promise<Slot | null> {
  const [row] = await session.rows(
    "SELECT confirmed_flush_lsn::text AS confirmed, coalesce(wal_status = 'lost', false) AS lost FROM pg_replication_slots WHERE slot_name = $1 AND database = current_database()",
    [name],
  )
  if (row === undefined) return null
  return { confirmed: String(row["confirmed"]), lost: row["lost"] === true }
}

export const publicationOf = (settings: Settings): string => {
  if (settings.publication === null)
    throw new FaultError({
      class: "invalid",
      message:
        'changes: replication needs the name of a publication: CREATE PUBLICATION syncline FOR TABLE …, then "publication: syncline"',
    })
  return settings.publication
}

/** The slot's own position: what was committed before it is in any snapshot that begins now, also what shows late. */
export const followLog =
  (table: Table): Following =>
  async (session) => {
    const name = table.settings.slot
    const known = await slotOf(session, name)
    if (known !== null && !known.lost) return known.confirmed
    if (known !== null) await session.rows("SELECT pg_drop_replication_slot($1)", [name])
    await session.rows("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [name])
    const made = await slotOf(session, name)
    if (made === null) throw new FaultError({ class: "transient", message: `The replication slot ${name} could not be made` })
    return made.confirmed
  }

/**
 * Lets the server forget what lies more than `keepBytes` before `at`, which the store has kept, and checks that nothing
 * behind it is lost. What is kept serves an older cursor: of a store that was restored from a backup.
 */
export async function confirm(session: Session, table: Table, at: string, keepBytes: number): Promise<void> {
  const name = table.settings.slot
  const slot = await slotOf(session, name)
  if (slot === null) throw expired(`The replication slot ${name} is gone`)
  if (slot.lost) throw expired(`The server has dropped log that the replication slot ${name} had not read yet`)
  const [row] = await session.rows(
    "SELECT $1::pg_lsn < $2::pg_lsn AS behind, $1::pg_lsn > pg_current_wal_insert_lsn() AS beyond, ($1::pg_lsn - $2::pg_lsn) > 2 * $3::numeric AS far",
    [at, slot.confirmed, keepBytes],
  )
  if (row?.["behind"] === true) throw expired(`The replication slot ${name} has moved beyond this cursor`)
  if (row?.["beyond"] === true) throw expired("The server's log ends before this cursor: was it restored from a backup?")
  if (row?.["far"] === true) await session.rows("SELECT pg_replication_slot_advance($1, $2::pg_lsn - $3::numeric)", [name, at, keepBytes])
}
