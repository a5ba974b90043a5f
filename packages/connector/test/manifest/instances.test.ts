import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { expect, onTestFinished, test } from "vitest"
import { connect, scan } from "./connected.ts"

const MANIFEST = `
manifest: 1
id: tables
baseUrl: '{config.baseUrl}'
config:
  properties:
    baseUrl: { type: string }
    tables:
      type: object
      additionalProperties:
        type: object
        properties: { key: { type: string, default: id }, email: { type: string } }
resources:
  row:
    for: tables
    schema: { type: object, properties: {}, additionalProperties: true }
    id: =rec[config.each.key]
    keys: { email: { value: '=rec[config.each.email]', paths: ['{config.each.email}'] } }
    read:
      snapshot: { request: 'GET /{config.each.name}', records: =res.body }
      lookup:
        id: { request: 'GET /{config.each.name}/{value}' }
        email: { request: { path: '/{config.each.name}', query: { email: =value } }, records: =res.body }
`

test("one resource with for: stands for each entry of a setting, with the entry's own settings", async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? "")
    response.setHeader("content-type", "application/json")
    response.end(JSON.stringify(request.url?.startsWith("/people") === true ? [{ id: "1", mail: "a@x" }] : [{ code: "NO" }]))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => void server.close())
  // a server that listens on TCP has an address with a port
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const connector = connect(MANIFEST, { baseUrl, tables: { people: { email: "mail" }, countries: { key: "code" } } })

  expect(connector.description.resources.map(({ name, keys, read }) => [name, keys, read.lookup?.by])).toEqual([
    ["people", [{ name: "email", paths: ["mail"], unique: true }], ["id", "email"]],
    // without an address there is nothing to be found by
    ["countries", [], ["id"]],
  ])
  expect((await scan(connector, "people", "snapshot", null)).changes).toMatchObject([{ id: "1" }])
  expect((await scan(connector, "countries", "snapshot", null)).changes).toMatchObject([{ id: "NO" }])
  expect(asked).toEqual(["/people", "/countries"])
  await expect(connector.pull("row", { mode: "snapshot", cursor: null, limit: 1 })).rejects.toThrow('no resource "row"')
})
