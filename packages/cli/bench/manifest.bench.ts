// What a manifest costs beside a connector written by hand: both pull everything and push updates through the same client
// to the same running mock, turn by turn, so that a busy machine slows both. Time is what a user waits; CPU is this process
// alone, without the server's part.
//   pnpm bench:manifest [items]        20 000 if nothing is said; a quarter of them is updated
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openHttpClient, type Connector, type ConnectorDefinition, type Cursor, type JsonObject, type Op } from "@syncline/connector"
import { mockCrm } from "@syncline/mock-crm"
import { mockEmail } from "@syncline/mock-email"
import { manifestConnector } from "@syncline/testkit/connector"
import { openMock, type Kind } from "../test/e2e/mock.ts"
import { town } from "../test/e2e/people.ts"

const ITEMS = Number(process.argv[2] ?? 20_000)
const TURNS = 5
/** What the issue asks for. */
const GOAL = 1.5

interface Measured {
  readonly ms: number
  readonly cpuMs: number
}

const measure = async (work: () => Promise<void>): Promise<Measured> => {
  const began = performance.now()
  const used = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(used)
  return { ms: performance.now() - began, cpuMs: (user + system) / 1000 }
}

interface Found {
  readonly id: string
  readonly secondary?: string
  readonly version?: string
  readonly item: JsonObject
}

const pullAll = async (connector: Connector, resource: string): Promise<Found[]> => {
  const found: Found[] = []
  let cursor: Cursor = null
  for (let more = true; more;) {
    const page = await connector.pull(resource, { mode: "snapshot", cursor, limit: 500 })
    for (const change of page.changes) if (change.kind === "upsert") found.push(change)
    cursor = page.next
    more = page.more
  }
  return found
}

const edit = { crm: (text: string) => ({ first_name: text }), email: (text: string) => ({ merge_fields: { FNAME: text } }) } as const

const pushSome = async (
  connector: Connector,
  kind: Kind,
  resource: string,
  max: number,
  found: readonly Found[],
  text: string,
): Promise<void> => {
  const ops = found.map((each, n): Op => ({
    ...each,
    ref: String(n),
    kind: "update",
    set: edit[kind](`${text} ${n}`),
    seen: each.item,
    idempotencyKey: `${text}-${n}`,
  }))
  for (let at = 0; at < ops.length; at += max) {
    const outcomes = await connector.push(resource, ops.slice(at, at + max))
    const bad = outcomes.find(({ status }) => status !== "applied")
    if (bad !== undefined) throw new Error(`a push went wrong: ${JSON.stringify(bad)}`)
  }
}

const SYSTEMS = [
  { kind: "crm", coded: mockCrm, resource: "contacts", config: { token: "demo-token" } },
  { kind: "email", coded: mockEmail, resource: "members", config: { apiKey: "demo-key" } },
] as const

const least = (all: readonly number[]): number => Math.min(...all)

for (const { kind, coded, resource, config } of SYSTEMS) {
  const folder = mkdtempSync(join(tmpdir(), "syncline-bench-"))
  const mock = await openMock(kind, join(folder, "mock.db"))
  try {
    await mock.refill(town(ITEMS, 1, { both: 1, crm: 0 })[kind])
    const manifest = manifestConnector(new URL(`../../../connectors/mock-${kind}/mock-${kind}.connector.yaml`, import.meta.url))
    const open = (definition: ConnectorDefinition) => {
      const full = { baseUrl: mock.url, ...config }
      const http = openHttpClient({ ...definition.http(full), limits: { windows: [], concurrency: 8 } }, { now: Date.now })
      return {
        connector: definition.open(full, { system: kind, http, now: Date.now }),
        max: definition.describe(full).resources[0]?.write.update?.max ?? 1,
      }
    }
    const sides = [
      { name: "code", ...open(coded) },
      { name: "manifest", ...open(manifest) },
    ]
    const times: Record<string, Measured[]> = {}
    for (let turn = 0; turn < TURNS; turn++) {
      for (const { name, connector, max } of turn % 2 === 0 ? sides : sides.toReversed()) {
        let found: Found[] = []
        const pull = await measure(async () => {
          found = await pullAll(connector, resource)
        })
        const some = found.slice(0, Math.ceil(ITEMS / 4))
        const push = await measure(() => pushSome(connector, kind, resource, max, some, `${name} ${turn}`))
        ;(times[`pull ${name}`] ??= []).push(pull)
        ;(times[`push ${name}`] ??= []).push(push)
      }
    }
    for (const work of ["pull", "push"]) {
      const of = (name: string, by: keyof Measured): number => least((times[`${work} ${name}`] ?? []).map((each) => each[by]))
      const ratio = (by: keyof Measured): string => (of("manifest", by) / of("code", by)).toFixed(2)
      const verdict = of("manifest", "ms") <= GOAL * of("code", "ms") ? "within" : "BEYOND"
      console.log(
        `${kind} ${work} of ${work === "pull" ? ITEMS : Math.ceil(ITEMS / 4)}: code ${of("code", "ms").toFixed(0)} ms, manifest ${of("manifest", "ms").toFixed(0)} ms = ${ratio("ms")}x (${verdict} ${GOAL}x); CPU of the client ${of("code", "cpuMs").toFixed(0)} and ${of("manifest", "cpuMs").toFixed(0)} ms = ${ratio("cpuMs")}x`,
      )
    }
  } finally {
    await mock.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
