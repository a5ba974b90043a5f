// A page that names the next one on another host: it is not asked, and no credential travels there.
import type { ServerResponse } from "node:http"
import { describe, expect, it } from "vitest"
import { answerJson, faultOf, listen } from "../http/local-server.ts"
import { connect } from "./connected.ts"

const SECRET = "canary-of-the-next-page"
const manifest = (next: string): string => `manifest: 1
id: paged
title: Paged API
baseUrl: '{config.baseUrl}'
auth: { type: bearer, token: { secret: token } }
resources:
  person:
    schema: { type: object, properties: { name: { type: string } } }
    id: =rec.id
    item: { name: =rec.name }
    read:
      snapshot:
        request: { path: /people }
        records: =res.body.people
        next: ${next}
`

const KINDS: readonly (readonly [string, string, (response: ServerResponse, url: string) => void])[] = [
  ["in the body", "{ url: =res.body.next }", (response, url) => answerJson(response, 200, { people: [{ id: "1", name: "A" }], next: url })],
  [
    "in a header",
    "{ link: next }",
    (response, url) => answerJson(response, 200, { people: [{ id: "1", name: "A" }] }, { link: `<${url}>; rel="next"` }),
  ],
]

describe.each(KINDS)("the next page %s", (_, next, answer) => {
  it.each([
    ["on another port", (port: number) => `http://127.0.0.1:${port}/people?page=2`],
    ["on another name of this machine", (port: number) => `http://localhost:${port}/people`],
    ["without a scheme", (port: number) => `//127.0.0.1:${port}/people`],
    ["with a name before the host", (port: number) => `http://user:pass@127.0.0.1:${port}/people`],
    ["at the address of the cloud's own data", () => "http://169.254.169.254/latest/meta-data"],
    ["by a number for an address", (port: number) => `http://2130706433:${port}/people`],
    ["in a file", () => "file:///etc/passwd"],
  ])("%s is not followed", async (_what, foreign) => {
    const other = await listen((_request, response) => answerJson(response, 200, { people: [] }))
    const server = await listen((_request, response) => answer(response, foreign(other.port)))
    const connector = connect(manifest(next), { baseUrl: server.url, token: SECRET })
    const first = await connector.pull("person", { mode: "snapshot", cursor: null, limit: 10 })
    expect([first.changes.length, first.more]).toEqual([1, true])
    const fault = await faultOf(connector.pull("person", { mode: "snapshot", cursor: first.next, limit: 10 }))
    expect(fault.message).not.toContain(SECRET)
    expect(["invalid", "transient"]).toContain(fault.class)
    expect(other.seen).toEqual([])
    expect(server.seen).toHaveLength(1)
  })
})
