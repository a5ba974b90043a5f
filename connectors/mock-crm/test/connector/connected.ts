// A connector that talks to a test's own server through the real HTTP client.
import { openHttpClient, type Connector, type HttpStats, type JsonObject, type Op, type Page, type PullRequest } from "@syncline/connector"
import { onTestFinished } from "vitest"
import { mockCrm } from "../../src/index.ts"
import type { MockCrmOptions } from "../../src/server/index.ts"
import { startTestCrm, type RunningCrm } from "../running-crm.ts"

export interface Connected {
  readonly crm: RunningCrm
  readonly connector: Connector
  stats(): HttpStats
  /** Statuses of the calls the server has seen since the last time it was asked. */
  statuses(): Promise<unknown[]>
  /** Orders faults. */
  fault(...orders: object[]): Promise<void>
}

export const connect = async (options: MockCrmOptions = {}, credentials: JsonObject = { token: "demo-token" }): Promise<Connected> => {
  const crm = await startTestCrm(options)
  const config = { baseUrl: crm.url, ...credentials }
  // calls are repeated without waiting: what is tested here are answers, not patience
  const http = openHttpClient(mockCrm.http(config), { now: Date.now, sleep: async () => {} })
  const connector = mockCrm.open(config, { system: "crm", http, now: Date.now })
  onTestFinished(() => http.close())
  let since = 0
  return {
    crm,
    connector,
    stats: () => http.stats,
    statuses: async () => {
      const { body } = await crm.call("GET", `/admin/requests?since=${since}`)
      since = Number(body["next_since"])
      const requests = body["requests"]
      return Array.isArray(requests) ? requests.map((entry: { status: unknown }) => entry.status) : []
    },
    fault: async (...orders) => {
      const { status, text } = await crm.call("POST", "/admin/faults", { json: orders })
      if (status !== 201) throw new Error(text)
    },
  }
}

/** Pages until the scan is done; the cursor goes through JSON, as it does in a store. */
export const pullAll = async (connector: Connector, mode: PullRequest["mode"], cursor: Page["next"], limit = 100): Promise<Page[]> => {
  const pages: Page[] = []
  for (let next = cursor; ;) {
    const page = await connector.pull("contacts", { mode, cursor: next, limit })
    pages.push(page)
    next = JSON.parse(JSON.stringify(page.next))
    if (!page.more) return pages
  }
}

export const op = (ref: string, kind: Op["kind"], rest: Partial<Op> = {}): Op => ({
  ref,
  kind,
  id: null,
  set: {},
  seen: null,
  idempotencyKey: `key-${ref}`,
  ...rest,
})
