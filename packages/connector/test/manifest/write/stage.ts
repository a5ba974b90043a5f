// A manifest written in a test, opened against a real local server whose answers the test decides.
import { onTestFinished } from "vitest"
import { openHttpClient, type Connector, type HttpSettings, type Json, type JsonObject, type Op } from "../../../src/index.ts"
import { compileManifest } from "../../../src/manifest/index.ts"
import { listen } from "../../http/local-server.ts"

export interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Json
}

export type Answers = (request: Seen, count: number) => { status?: number; body?: unknown; headers?: Record<string, string> } | "hang up"

/** `resource` is what stands below `resources: things:` in YAML, indented by nothing. */
export const stage = async (
  resource: string,
  answers: Answers,
  more: {
    readonly top?: string
    readonly config?: JsonObject
    readonly wait?: (ms: number) => Promise<void>
    readonly now?: () => number
  } = {},
): Promise<{ readonly connector: Connector; readonly seen: Seen[] }> => {
  const seen: Seen[] = []
  const server = await listen((request, response, text) => {
    const body: Json = text === "" ? null : request.headers["content-type"] === "application/json" ? JSON.parse(text) : text
    const asked = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body }
    seen.push(asked)
    const answer = answers(asked, seen.length)
    if (answer === "hang up") return response.destroy()
    response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers })
    response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? {}))
  })
  const indented = resource.replaceAll(/^/gm, "    ")
  const text = `manifest: 1\nid: fake\nbaseUrl: "{config.baseUrl}"\n${more.top ?? ""}\nresources:\n  things:\n${indented}\n`
  const { definition, diagnostics } = compileManifest(text, { path: "fake.yaml", readFile: () => ({ error: "there is none" }) })
  if (definition === null) throw new Error(JSON.stringify(diagnostics, null, 1))
  const config = { baseUrl: server.url, ...more.config }
  const settings: HttpSettings = { ...definition.http(config), timeoutMs: 10_000 }
  const now = more.now ?? Date.now
  const http = openHttpClient(settings, { now, sleep: () => Promise.resolve() })
  onTestFinished(() => http.close())
  const connector = definition.open(config, { system: "fake", http, now, ...(more.wait === undefined ? {} : { wait: more.wait }) })
  return { connector, seen }
}

export const schema = `
schema:
  type: object
  properties:
    id: { type: string }
    name: { type: [string, "null"] }
    note: { type: [string, "null"] }
    tags: { type: array, items: { type: string } }
    address: { type: object, properties: { city: { type: [string, "null"] } } }
id: =rec.id
keys: { name: =rec.name }
version: { kind: revision, value: =rec.rev }
read:
  snapshot: { request: GET /things, records: =res.body.things }
  lookup: { id: { request: GET /things, max: 50, records: =res.body.things } }
`

let serial = 0
export const op = (kind: Op["kind"], id: string | null, set: JsonObject = {}, more: Partial<Op> = {}): Op => ({
  ref: `r${++serial}`,
  kind,
  id,
  set,
  seen: null,
  idempotencyKey: `key-${serial}`,
  ...more,
})

export const objectsIn = (value: Json, name: string): JsonObject[] => {
  const list = typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject)[name] : undefined
  return Array.isArray(list) ? (list as JsonObject[]) : []
}
