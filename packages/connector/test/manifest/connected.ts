// A manifest, compiled and opened against a server for one test.
import { onTestFinished } from "vitest"
import {
  openHttpClient,
  type Connector,
  type Description,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  type JsonObject,
  type Page,
} from "../../src/index.ts"
import { renderDiagnostics } from "../../src/language/index.ts"
import { compileManifest } from "../../src/manifest/index.ts"

export interface Connected extends Connector {
  readonly description: Description
}

export function connect(manifest: string, config: JsonObject, now: () => number = Date.now): Connected {
  const { definition, diagnostics, sources } = compileManifest(manifest, {
    path: "test.connector.yaml",
    readFile: () => ({ error: "no files here" }),
  })
  if (definition === null) throw new Error(renderDiagnostics(diagnostics, sources))
  const http = openHttpClient(definition.http(config), { now, sleep: () => Promise.resolve() })
  onTestFinished(() => http.close())
  return { ...definition.open(config, { system: "test", http, now }), description: definition.describe(config) }
}

/** A manifest with one resource `thing` that is read from `read`, over answers that a function gives: no server, no network. */
export function pretend(
  resource: string,
  answer: (request: HttpRequest) => Partial<HttpResponse>,
  now: () => number = () => NOW,
): Connected & { readonly asked: HttpRequest[] } {
  const text = `manifest: 1\nid: pretend\nbaseUrl: https://api.test/v1\nresources:\n  thing:\n    schema: { type: object, properties: { id: { type: string } } }\n    id: =rec.id\n${resource.replace(/^/gm, "    ")}`
  const { definition, diagnostics, sources } = compileManifest(text, {
    path: "test.connector.yaml",
    readFile: () => ({ error: "no files here" }),
  })
  if (definition === null) throw new Error(renderDiagnostics(diagnostics, sources))
  const asked: HttpRequest[] = []
  const http: HttpClient = {
    request: async (request) => {
      asked.push(request)
      return { status: 200, headers: {}, body: null, ...answer(request) }
    },
  }
  return { ...definition.open({}, { system: "test", http, now }), description: definition.describe({}), asked }
}

export const NOW = Date.parse("2026-06-01T00:00:00.000Z")
export const DATE = { date: new Date(NOW).toUTCString() }

/** Every page of one scan, and the cursor after it. */
export async function scan(
  connector: Connector,
  resource: string,
  mode: "snapshot" | "delta",
  cursor: Page["next"],
  limit = 100,
): Promise<{ changes: Page["changes"]; next: Page["next"]; pages: number; complete: boolean }> {
  const changes: Page["changes"][number][] = []
  let here = cursor
  for (let pages = 1; ; pages++) {
    // As the engine keeps it: a cursor is JSON.
    const page = await connector.pull(resource, { mode, cursor: JSON.parse(JSON.stringify(here)), limit })
    changes.push(...page.changes)
    here = page.next
    if (!page.more) return { changes, next: here, pages, complete: page.complete }
    if (pages > 500) throw new Error("the scan does not end")
  }
}
