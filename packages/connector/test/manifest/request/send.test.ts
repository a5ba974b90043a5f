import { describe, expect, it } from "vitest"
import { listen } from "../../http/local-server.ts"
import { connect } from "../connected.ts"

const manifest = `manifest: 1
id: formats
baseUrl: '{config.baseUrl}'
headers: { x-account: =config.account }
resources:
  thing:
    schema: { type: object, properties: { id: { type: string }, name: { type: string } } }
    id: =rec.id
    read:
      snapshot:
        request:
          path: /export.csv
          query: { tag: [a, b], none: =config.nothing, flag: true, size: =limit, deep: { x: 1 } }
          answer: csv
        records: =res.body
    write:
      create:
        request: { path: /things, as: form, body: { name: =op.set.name, kind: 'a&b=c' } }
        ok: { id: =res.body.id }
      update:
        request: { method: PATCH, path: '/things/{op.id}', headers: { if-match?: x, x-line: =op.set.name }, body: =op.set }
`

const started = async () => {
  const seen: { line: string; type: string | undefined; account: string | undefined; body: string }[] = []
  const server = await listen((request, response, body) => {
    const { "content-type": type, "x-account": account } = request.headers
    seen.push({ line: `${request.method} ${request.url}`, type, account: String(account), body })
    if (request.url?.startsWith("/export.csv") === true)
      response.writeHead(200, { "content-type": "text/csv" }).end('id,name\r\n1,"A, B"\r\n2,\r\n')
    else response.writeHead(200, { "content-type": "application/json" }).end('{"id":"7"}')
  })
  return { seen, connector: connect(manifest, { baseUrl: server.url, account: "acme", nothing: "" }) }
}

describe("a request", () => {
  it("reads tables, repeats lists in the query, and leaves out what is null", async () => {
    const { seen, connector } = await started()
    const { changes } = await connector.pull("thing", { mode: "snapshot", cursor: null, limit: 5 })
    expect(changes).toMatchObject([{ id: "1", item: { name: "A, B" } }, { id: "2" }])
    expect(seen[0]).toMatchObject({ line: "GET /export.csv?tag=a&tag=b&none=&flag=true&size=5&deep=%7B%22x%22%3A1%7D", account: "acme" })
  })

  it("sends forms, encoded by itself", async () => {
    const { seen, connector } = await started()
    const outcome = await connector.push("thing", [
      { ref: "1", kind: "create", id: null, set: { name: "J & K" }, seen: null, idempotencyKey: "k" },
    ])
    expect(outcome).toMatchObject([{ status: "applied", id: "7" }])
    expect(seen[0]).toMatchObject({ type: "application/x-www-form-urlencoded", body: "name=J+%26+K&kind=a%26b%3Dc" })
  })

  it("never lets a value begin another header", async () => {
    const { seen, connector } = await started()
    const set = { name: "a\r\nx-admin: 1" }
    expect(await connector.push("thing", [{ ref: "1", kind: "update", id: "7", set, seen: null, idempotencyKey: "k" }])).toMatchObject([
      { status: "failed", fault: { class: "invalid", message: expect.stringContaining("line break") } },
    ])
    expect(seen).toEqual([])
  })
})
