import { describe, expect, it } from "vitest"
import type { CodeFunction } from "../../../src/manifest/request/code.ts"
import { compileManifest } from "../../../src/manifest/index.ts"
import { answerJson, clientFor, listen } from "../../http/local-server.ts"

const manifest = `manifest: 1
id: odd
baseUrl: '{config.baseUrl}'
resources:
  thing:
    schema: { type: object, properties: { id: { type: string } } }
    id: =rec.id
    read:
      snapshot: { code: ./odd.ts#page, records: =res.body.rows, next: { token: =res.body.after } }
      lookup: { id: { code: ./odd.ts#find } }
    write:
      update: { code: ./odd.ts#change, ok: { version: =res.body.version } }
`

async function odd(module: Readonly<Record<string, unknown>>) {
  const server = await listen((request, response) => answerJson(response, 200, { path: request.url }))
  const files: string[] = []
  const { definition, diagnostics } = compileManifest(manifest, {
    path: "odd.yaml",
    readFile: (file) => (file === "odd.ts" ? "export const page = …" : { error: "there is no such file" }),
    load: (file) => {
      files.push(file)
      return Promise.resolve(module)
    },
  })
  if (definition === null) throw new Error(JSON.stringify(diagnostics))
  return {
    connector: definition.open({ baseUrl: server.url }, { system: "odd", http: clientFor(server.url), now: Date.now }),
    server,
    files,
  }
}

describe("code of a manifest", () => {
  it("makes a request in its place, through the same client, and answers as the system would", async () => {
    const page: CodeFunction = async ({ page: at, limit }, { http }) => {
      const from = typeof at === "object" && at !== null && "token" in at && typeof at["token"] === "number" ? at["token"] : 0
      const { body } = await http.request({ method: "GET", path: `/odd/${from}/${String(limit)}` })
      return { body: { rows: [{ id: String(from), body }], after: from < 2 ? from + 1 : null } }
    }
    const { connector, server, files } = await odd({ page })
    const ids: string[] = []
    for (let cursor = null as Awaited<ReturnType<typeof connector.pull>>["next"], more = true; more;) {
      const one = await connector.pull("thing", { mode: "snapshot", cursor, limit: 7 })
      ids.push(...one.changes.map((change) => change.id))
      cursor = one.next
      more = one.more
    }
    expect([ids, server.seen, new Set(files)]).toEqual([
      ["0", "1", "2"],
      ["GET /odd/0/7", "GET /odd/1/7", "GET /odd/2/7"],
      new Set(["./odd.ts"]),
    ])
  })

  it("writes in place of a request", async () => {
    const change: CodeFunction = ({ op }) => Promise.resolve({ body: { version: JSON.stringify(op) } })
    const { connector } = await odd({ change })
    const [outcome] = await connector.push("thing", [{ ref: "1", kind: "update", id: "7", set: { a: 1 }, seen: null, idempotencyKey: "k" }])
    expect(outcome).toMatchObject({ status: "applied", id: "7", version: expect.stringContaining('"set":{"a":1}') })
  })

  it("that is not there, or gives no answer, is a fault that names it", async () => {
    const { connector } = await odd({ find: 5, page: () => Promise.resolve("nothing") })
    await expect(connector.lookup?.("thing", "id", ["1"])).rejects.toThrow("./odd.ts#find is no function")
    await expect(connector.pull("thing", { mode: "snapshot", cursor: null, limit: 1 })).rejects.toThrow("./odd.ts#page returns no answer")
  })
})
