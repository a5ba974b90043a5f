// Everything a pass needs, opened and later closed in order: store, one HTTP client and one connector a system, ids,
// clock. What a client learned of its system (limits used, clock offset) is kept in the store for the next process.
import { dirname } from "node:path"
import { openHttpClient, type Connector, type OpenHttpClient } from "@syncline/connector"
import type { Engine, Pipeline, Progress, RunReport, Store } from "@syncline/core"
import type { Screen } from "../screen/screen.ts"
import { thisProcess } from "./owner.ts"
import { perform } from "./effect.ts"
import { randomIds } from "./ids.ts"
import { keeperBeside } from "./keeper.ts"
import type { Located } from "./locate.ts"
import { asJson, budgetOf, memoryName, readSystemMemory, type SystemMemory } from "./memory.ts"

export interface Session {
  readonly engine: Engine
  readonly connectors: ReadonlyMap<string, Connector>
  /** Keeps what the clients learned; harmless if another process holds the lease. */
  remember(report: RunReport | null): Promise<void>
  close(): Promise<void>
}

const REMEMBER_LEASE_MS = 10_000

export async function openSession(
  screen: Screen,
  pipeline: Pipeline,
  store: Store,
  located: Located,
  progress?: (event: Progress) => void,
): Promise<Session> {
  const now = screen.shell.now
  const clients = new Map<string, OpenHttpClient>()
  const connectors = new Map<string, Connector>()
  const memories = new Map<string, SystemMemory>()
  for (const { name, connector, config, secrets } of pipeline.systems) {
    const memory = await readSystemMemory(store, name)
    memories.set(name, memory)
    const http = openHttpClient(connector.http(config), {
      now,
      secrets,
      clock: memory.clock,
      keeper: keeperBeside(located, pipeline.name, name),
      allowPrivateHosts: privateHosts(screen),
      ...(memory.limits === null ? {} : { limits: memory.limits }),
    })
    clients.set(name, http)
    // Tokens are fetched under way, so the client is asked each time rather than once.
    screen.hide((text) => http.redact(text))
    connectors.set(name, connector.open(config, { system: name, http, now, folder: dirname(located.path) }))
  }
  const owner = thisProcess
  const engine: Engine = {
    pipeline,
    connectors,
    clockOffset: (system) => {
      const known = clients.get(system)?.clock() ?? null
      return known === null ? null : { low: known.offsetLowMs, high: known.offsetHighMs }
    },
    store,
    ids: randomIds,
    now,
    random: Math.random,
    owner,
    ...(progress === undefined ? {} : { progress }),
  }
  return {
    engine,
    connectors,
    remember: async (report) => {
      try {
        const lease = await perform(store.acquire(owner, now(), REMEMBER_LEASE_MS))
        for (const [name, http] of clients) {
          const memory = learned(name, http, memories.get(name), report, now())
          memories.set(name, memory)
          await perform(
            store.putSystemState(lease, memoryName(name), asJson({ ...memory, budget: budgetOf(pipeline, name, memory, now()) })),
          )
        }
        await perform(store.release(lease))
      } catch {
        // Another process holds the lease: it keeps what it learns itself.
      }
    },
    close: async () => {
      for (const connector of connectors.values()) await connector.close?.().catch(() => {})
      for (const http of clients.values()) await http.close().catch(() => {})
      await perform(store.close())
    },
  }
}

function learned(
  name: string,
  http: OpenHttpClient,
  before: SystemMemory | undefined,
  report: RunReport | null,
  now: number,
): SystemMemory {
  const limits = http.limits()
  const down = report?.unreachable.some((each) => each.system === name) === true
  return {
    limits,
    clock: http.clockState(),
    unreachableSince: down ? (before?.unreachableSince ?? now) : null,
    pausedUntil: limits.pausedUntilMs > now ? limits.pausedUntilMs : null,
    budget: null,
  }
}

/** Networks of one's own are reached only if one says so. */
const privateHosts = (screen: Screen): string[] =>
  (screen.shell.env["SYNCLINE_ALLOW_PRIVATE_HOSTS"] ?? "")
    .split(",")
    .map((host) => host.trim())
    .filter((host) => host !== "")
