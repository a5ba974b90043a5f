// A connector opened as the engine would, for tests of its own facts: `openConnector(definition, { baseUrl, token })`.
// Waiting for a rate limit moves the clock instead of taking time; how long it was is told by `waitedMs`. A fake that counts
// calls shares its clock: `openConnector(definition, config, system.clock)`; frozen, it makes every wait the same each time.
import {
  openHttpClient,
  type Change,
  type Connector,
  type ConnectorDefinition,
  type Cursor,
  type JsonObject,
  type LookupAnswer,
  type Op,
  type Outcome,
} from "@syncline/connector"
import type { Clock } from "../fake/clock.ts"

export interface OpenConnector extends Connector {
  lookup(resource: string, by: string, values: readonly string[]): Promise<readonly LookupAnswer[]>
  /** Every page of a scan. */
  scan(resource: string, mode: "snapshot" | "delta", cursor: Cursor, limit?: number): Promise<Scanned>
  /** Operations with refs `1`, `2` …, and their outcomes in that order. */
  write(resource: string, ...ops: readonly WriteOp[]): Promise<readonly Outcome[]>
  readonly waitedMs: () => number
  close(): Promise<void>
}

export type WriteOp = Partial<Omit<Op, "ref">> & Pick<Op, "kind">

export interface Scanned {
  readonly changes: readonly Change[]
  readonly next: Cursor
  readonly pages: number
  readonly complete: boolean
}

/** No scan of a test is that long; one that is does not end. */
const MAX_PAGES = 500

export function openConnector(definition: ConnectorDefinition, config: JsonObject, clock?: Pick<Clock, "now" | "advance">): OpenConnector {
  let waitedMs = 0
  const now = clock?.now ?? ((): number => Date.now() + waitedMs)
  const sleep = async (ms: number): Promise<void> => {
    waitedMs += ms
    clock?.advance(ms)
  }
  const http = openHttpClient(definition.http(config), { now, sleep, random: () => 0 })
  const connector = definition.open(config, { system: "test", http, now })
  return {
    ...connector,
    lookup: async (resource, by, values) => {
      if (connector.lookup === undefined) throw new Error(`${definition.name} has no lookup`)
      return connector.lookup(resource, by, values)
    },
    async scan(resource, mode, cursor, limit = 100) {
      const changes: Change[] = []
      let here = cursor
      for (let pages = 1; pages <= MAX_PAGES; pages += 1) {
        // as the engine keeps it
        const page = await connector.pull(resource, { mode, cursor: JSON.parse(JSON.stringify(here)), limit })
        changes.push(...page.changes)
        here = page.next
        if (!page.more) return { changes, next: here, pages, complete: page.complete }
      }
      throw new Error("the scan does not end")
    },
    async write(resource, ...given) {
      const ops = given.map((op, at): Op => {
        const ref = String(at + 1)
        return { id: null, set: {}, seen: null, idempotencyKey: `key-${ref}`, ...op, ref }
      })
      const outcomes = await connector.push(resource, ops)
      return ops.map(({ ref }) => {
        const [own, ...others] = outcomes.filter((outcome) => outcome.ref === ref)
        if (own === undefined || others.length > 0)
          throw new Error(`operation ${ref} has ${others.length + (own === undefined ? 0 : 1)} outcomes`)
        return own
      })
    },
    waitedMs: () => waitedMs,
    close: async () => {
      await connector.close?.()
      await http.close()
    },
  }
}
