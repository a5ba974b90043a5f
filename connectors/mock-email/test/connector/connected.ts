// The connector, open on a running platform with the real HTTP client, and shapes that the tests share.
import {
  openHttpClient,
  type Change,
  type Connector,
  type HttpSettings,
  type JsonObject,
  type Op,
  type Outcome,
  type Page,
  type PullRequest,
} from "@syncline/connector"
import { mockEmail } from "../../src/index.ts"
import { demoKey, type MockEmailOptions } from "../../src/server/index.ts"
import { startPlatform, type Platform } from "../platform.ts"

export interface Connected {
  readonly platform: Platform
  readonly connector: Connector
  close(): Promise<void>
}

export const connect = async (
  options: MockEmailOptions = {},
  config: JsonObject = {},
  http: Partial<HttpSettings> = {},
): Promise<Connected> => {
  const platform = await startPlatform(options)
  const full = { baseUrl: platform.url, apiKey: demoKey, ...config }
  // Waiting moves the client's clock instead of taking time.
  let waitedMs = 0
  const now = (): number => Date.now() + waitedMs
  const sleep = async (ms: number): Promise<void> => {
    waitedMs += ms
  }
  const client = openHttpClient({ ...mockEmail.http(full), ...http }, { now, sleep })
  const connector = mockEmail.open(full, { system: "email", http: client, now })
  return {
    platform,
    connector,
    async close() {
      await client.close()
      await platform.close()
    },
  }
}

/** Reads a whole scan, and lets something happen after the first page. */
export const readAll = async (
  connector: Connector,
  request: PullRequest,
  afterFirst: () => Promise<unknown> = async () => {},
): Promise<{ changes: Change[]; last: Page; pages: number }> => {
  const changes: Change[] = []
  let cursor = request.cursor
  for (let pages = 1; ; pages++) {
    const page = await connector.pull("members", { ...request, cursor })
    changes.push(...page.changes)
    // As a restart would bring it back.
    cursor = JSON.parse(JSON.stringify(page.next))
    if (!page.more) return { changes, last: page, pages }
    if (pages === 1) await afterFirst()
  }
}

export const addressesOf = (changes: readonly Change[]): unknown[] =>
  changes.map((change) => (change.kind === "upsert" ? change["item"]["email_address"] : change.kind))

let number = 0
const op = (fields: Omit<Op, "ref" | "idempotencyKey">): Op => {
  number += 1
  return { ref: `op-${number}`, idempotencyKey: `key-${number}`, ...fields }
}

export const create = (set: JsonObject): Op => op({ kind: "create", id: null, set, seen: null })

const target = (outcome: Outcome): { id: string; secondary?: string } => {
  if (outcome.status !== "applied") throw new Error(`not applied: ${outcome.fault.message}`)
  return { id: outcome.id, ...(outcome.secondary === undefined ? {} : { secondary: outcome.secondary }) }
}

export const update = (of: Outcome, set: JsonObject, seen: JsonObject | null = null): Op => op({ kind: "update", ...target(of), set, seen })

export const remove = (of: Outcome, seen: JsonObject | null = null): Op => op({ kind: "delete", ...target(of), set: {}, seen })

/** Outcomes in the order of their operations. */
export const pushAll = async (connector: Connector, ops: readonly Op[]): Promise<Outcome[]> => {
  const outcomes = await connector.push("members", ops)
  if (outcomes.length !== ops.length) throw new Error(`${outcomes.length} outcomes for ${ops.length} operations`)
  return ops.map(({ ref }) => {
    const outcome = outcomes.find((each) => each.ref === ref)
    if (outcome === undefined) throw new Error(`no outcome for ${ref}`)
    return outcome
  })
}
