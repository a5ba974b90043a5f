// The connector to PostgreSQL: wiring only.
import {
  FaultError,
  noHttp,
  type CallOptions,
  type Connector,
  type ConnectorDefinition,
  type Page,
  type PullRequest,
} from "@syncline/connector"
import { check, makeKeysTable } from "./check.ts"
import { configSchema, settingsOf, type Settings } from "./config.ts"
import { expired, readCursor, type PgCursor } from "./cursor.ts"
import { openDatabase, type Database } from "./database.ts"
import { describe } from "./describe.ts"
import { lookup } from "./lookup.ts"
import { pullLog } from "./pull-log.ts"
import { followPoll, pullPoll } from "./pull-poll.ts"
import { pullSnapshot, type Following } from "./pull-snapshot.ts"
import { push } from "./push.ts"
import { followLog } from "./replication.ts"
import { tableOf, type Table } from "./table.ts"

const nothingFollowed: Following = async () => null

function following(table: Table): { readonly from: Following; readonly delta: (since: string) => PgCursor } {
  const { changes } = table.settings
  if (changes === "replication") return { from: followLog(table), delta: (at) => ({ scan: "log", at }) }
  if (changes === "none") return { from: nothingFollowed, delta: (from) => ({ scan: "poll", from }) }
  return { from: followPoll(table), delta: (from) => ({ scan: "poll", from }) }
}

async function pull(database: Database, settings: Settings, table: Table, request: PullRequest, options: CallOptions): Promise<Page> {
  const cursor = readCursor(request.cursor)
  // without a position to follow from, changes begin with all that is there
  if (request.mode === "snapshot" || cursor === null || cursor.scan === "snapshot") {
    const { from, delta } = following(table)
    return pullSnapshot(database, table, cursor?.scan === "snapshot" ? cursor : null, request, from, delta, options)
  }
  const way = table.settings.changes === "replication" ? "log" : "poll"
  if (cursor.scan === "log" && way === "log") return pullLog(database, settings, table, cursor, request, options)
  if (cursor.scan === "poll" && way === "poll" && table.settings.changes !== "none")
    return pullPoll(database, table, cursor, request, options)
  throw expired("Changes cannot be followed from this cursor: the table is read in full")
}

export const postgres: ConnectorDefinition = {
  name: "postgres",
  configSchema,
  describe,
  http: () => noHttp,
  open: (config): Connector => {
    const settings = settingsOf(config)
    const database = openDatabase(settings)
    const tables = new Map([...settings.tables].map(([name, table]) => [name, tableOf(table)]))
    const tableNamed = (resource: string): Table => {
      const table = tables.get(resource)
      if (table === undefined)
        throw new FaultError({
          class: "invalid",
          message: `The configuration names no table ${JSON.stringify(resource)}; it has ${[...tables.keys()].join(", ")}`,
        })
      return table
    }
    let ready: Promise<void> | null = null
    return {
      check: (options = {}) => check(database, settings, options),
      pull: async (resource, request, options = {}) => pull(database, settings, tableNamed(resource), request, options),
      lookup: async (resource, by, values, options = {}) => lookup(database, tableNamed(resource), by, values, options),
      push: async (resource, ops, options = {}) => {
        const table = tableNamed(resource)
        // a failure is not kept: the next call tries again
        ready ??= makeKeysTable(database, settings).catch((error: unknown) => {
          ready = null
          throw error
        })
        await ready
        return push(database, settings, table, ops, options)
      },
      listen: async (resources, heard, { signal }) => {
        const channels = new Map(resources.map((resource) => [`syncline_${tableNamed(resource).settings.table}`, resource]))
        await database.listen([...channels.keys()], (channel) => heard(channels.get(channel) ?? channel), signal)
      },
      close: () => database.close(),
    }
  },
}
