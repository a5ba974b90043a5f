// Answers: whole passes of the engine against the real mocks, through a proxy that makes some of their answers hostile.
// A pass ends with a report whatever comes; nothing that is kept or told holds a secret, and the last, calm pass is quiet.
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { openHttpClient, type Connector, type ConnectorDefinition } from "@syncline/connector"
import { compilePipeline, createMemoryStore, renderDiagnostics, runPass, type Engine, type Pipeline, type Store } from "@syncline/core"
import { mockCrm } from "@syncline/mock-crm"
import { demoToken, startMockCrm } from "@syncline/mock-crm/server"
import { mockEmail } from "@syncline/mock-email"
import { demoKey, startMockEmail } from "@syncline/mock-email/server"
import { startProxy, type Proxy } from "./hostile-proxy.ts"
import { below, type Random } from "./mutate.ts"
import type { Target } from "./target.ts"
import { CANARY, meanwhile, wrongText } from "./watch.ts"

const PIPELINE = `version: 1
name: fuzz
systems:
  crm: { connector: mock-crm, config: { baseUrl: "\${CRM}", token: "\${TOKEN}" } }
  email: { connector: mock-email, config: { baseUrl: "\${EMAIL}", apiKey: "\${TOKEN}", list: newsletter } }
entities:
  person:
    schema:
      type: object
      properties:
        email: { type: string, maxLength: 100 }
        givenName: { type: string }
        phone: { type: string }
        tags: { type: array, items: { type: string } }
        consent: { enum: [subscribed, unsubscribed] }
    match: [[email]]
    bindings:
      crm.contacts:
        fields:
          email: { path: email, as: [trim, lower] }
          givenName: first_name
          phone: { path: phone, as: [{ e164: US }] }
          tags: { path: labels, as: set }
          consent: { get: 'rec.email_opt_out == true ? "unsubscribed" : "subscribed"', put: { email_opt_out: 'value == "unsubscribed"' } }
      email.members:
        fields:
          email: { path: email_address, as: [trim, lower] }
          givenName: merge_fields.FNAME
          tags: { path: tags, as: set }
`

/** Under fire, before a calm one. */
const PASSES = 3
/** No client waits for real: an answer that never comes is cut off by its socket. */
const TIMEOUT_MS = 1_000

/** Nobody waits: sleeping moves the clock. */
function jumpingClock() {
  let ahead = 0
  const now = (): number => Date.now() + ahead
  const jump = (ms: number): void => {
    ahead += Math.max(0, ms)
  }
  const nanos = (): bigint => BigInt(now()) * 1_000_000n
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: now,
    currentTimeMillis: Effect.sync(now),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) => Effect.sync(() => jump(Duration.toMillis(duration))),
  }
  return { now, jump, clock }
}

interface World {
  readonly run: <A, E>(effect: Effect.Effect<A, E>) => Promise<A>
  readonly engine: Engine
  readonly store: Store
  readonly close: () => Promise<void>
}

export async function answers(): Promise<Target> {
  const crm = await startMockCrm({ port: 0 })
  const email = await startMockEmail({ port: 0 })
  const proxies: readonly [Proxy, Proxy] = [
    await startProxy(crm.url, { authorization: `Bearer ${demoToken}` }),
    await startProxy(email.url, { "x-api-key": demoKey }),
  ]
  const pipeline = compiled(proxies[0].url, proxies[1].url)
  const play = async (random: Random) => {
    const { engine, store, run, close } = openWorld(pipeline, random)
    await seed(crm.url, email.url, random)
    const sent = proxies.map((proxy) => proxy.turn(random, 0.35))
    const found = await meanwhile(async () => {
      const reports = []
      for (let pass = 0; pass < PASSES; pass++) reports.push(await run(runPass(engine, { full: random() < 0.3 })))
      for (const proxy of proxies) proxy.turn(random, 0)
      reports.push(await run(runPass(engine)))
      const kept = await run(
        Effect.all([store.journal({ limit: 1_000 }), store.quarantined({ limit: 100 }), store.reviews({ limit: 100 }), store.scans()]),
      )
      return [...wrongText(JSON.stringify(reports)), ...wrongText(JSON.stringify(kept))]
    })
    await close()
    return { input: sent.flat().join("\n~~~\n"), found }
  }
  const close = async (): Promise<void> => {
    for (const each of [...proxies, crm, email]) await each.close()
  }
  return { name: "answers", play, close }
}

async function seed(crm: string, email: string, random: Random): Promise<void> {
  for (const url of [crm, email]) await fetch(`${url}/admin/reset`, { method: "POST" })
  const items = Array.from({ length: 5 + below(random, 10) }, (_, n) => ({
    email: `person${n}.${below(random, 1e6)}@x.example`,
    first_name: `P${n}`,
    last_name: "Q",
    phone: "+12125550100",
    labels: ["a"],
    stage: "customer",
  }))
  await fetch(`${crm}/admin/seed`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(items) })
}

function compiled(crm: string, email: string): Pipeline {
  const definitions = new Map([mockCrm, mockEmail].map((definition): [string, ConnectorDefinition] => [definition.name, definition]))
  const { pipeline, problems, sources } = compilePipeline(
    { path: "pipeline.yaml", text: PIPELINE },
    {
      variables: { CRM: crm, EMAIL: email, TOKEN: CANARY },
      readFile: () => ({ error: "no file" }),
      connector: (name) => definitions.get(name),
      connectorNames: [...definitions.keys()],
    },
  )
  if (pipeline === null) throw new Error(renderDiagnostics(problems, sources))
  return pipeline
}

function openWorld(pipeline: Pipeline, random: Random): World {
  const store = createMemoryStore()
  const { now, jump, clock } = jumpingClock()
  const connectors = new Map<string, Connector>()
  const clients = pipeline.systems.map(({ name, connector, config, secrets }) => {
    const settings = { ...connector.http(config), timeoutMs: TIMEOUT_MS, limits: { windows: [] } }
    const http = openHttpClient(settings, {
      now,
      secrets,
      random,
      sleep: (ms) => {
        jump(ms)
        return new Promise((resolve) => setImmediate(resolve))
      },
    })
    connectors.set(name, connector.open(config, { system: name, http, now }))
    return http
  })
  let made = 0
  const engine: Engine = {
    pipeline,
    connectors,
    clockOffset: () => ({ low: 0, high: 0 }),
    store,
    ids: { next: (prefix) => `${prefix}_${String(++made).padStart(8, "0")}` },
    now,
    random,
    owner: "fuzz",
  }
  const close = async (): Promise<void> => {
    for (const connector of connectors.values()) await connector.close?.().catch(() => undefined)
    for (const client of clients) await client.close()
  }
  const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(Effect.provideService(effect, Clock.Clock, clock))
  return { engine, store, run, close }
}
