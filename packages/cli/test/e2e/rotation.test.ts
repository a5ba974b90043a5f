// Refresh tokens that are good for one use, over several processes: each goes on where the last one ended.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { start } from "../child.ts"

const MANIFEST = `manifest: 1
id: rotating
baseUrl: '{config.baseUrl}'
auth: { type: oauth2, grant: refresh_token, tokenUrl: /token, clientId: app, refreshToken: { secret: refreshToken } }
resources:
  people:
    schema: { type: object, properties: { id: { type: string }, name: { type: string } } }
    id: =rec.id
    read: { snapshot: { request: GET /people, records: =res.body.people }, lookup: { id: { request: 'GET /people/{value}' } } }
    deletes: { absence: true }
    write:
      create: { idempotent: none, request: { path: /people, body: =op.set }, ok: { record: =res.body } }
      update: { request: { method: PUT, path: '/people/{op.id}', body: =op.set }, ok: { record: =res.body } }
`
const binding = `{ fields: { name: { path: name } } }`
const PIPELINE = `version: 1
name: rotation
systems:
  left: { connector: ./rotating.connector.yaml, config: { baseUrl: "\${URL}", refreshToken: "\${TOKEN}" } }
  right: { connector: mock-crm, config: { baseUrl: "\${URL}/other", token: unused } }
entities:
  person:
    schema: { type: object, properties: { name: { type: string } } }
    match: [[name]]
    bindings:
      left.people: ${binding}
      right.contacts: { fields: { name: { path: last_name } } }
`

let server: Server
let dir = ""
const asked: string[] = []
let valid = "canary-refresh-0"
let access = ""
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "syncline-rotation-"))
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const send = (status: number, body: unknown) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
      if (request.url === "/token") {
        const refresh = new URLSearchParams(Buffer.concat(chunks).toString()).get("refresh_token") ?? ""
        asked.push(refresh)
        if (refresh !== valid) return send(400, { error: "invalid_grant" })
        valid = `canary-refresh-${asked.length}`
        access = `canary-access-${asked.length}`
        return send(200, { access_token: access, refresh_token: valid, expires_in: 3600 })
      }
      const allowed = request.headers.authorization === `Bearer ${access}`
      send(allowed ? 200 : 401, allowed ? { people: [{ id: "1", name: "Ann" }] } : {})
    })
  })
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  writeFileSync(join(dir, "rotating.connector.yaml"), MANIFEST)
  writeFileSync(join(dir, "pipeline.yaml"), PIPELINE)
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  rmSync(dir, { recursive: true, force: true })
})

const check = async (): Promise<string> => {
  // A server that listens has an address object.
  const { port } = server.address() as AddressInfo
  const { out, err } = await start(["check", "pipeline.yaml"], {
    cwd: dir,
    env: { URL: `http://127.0.0.1:${port}`, TOKEN: "canary-refresh-0" },
  }).ended
  return out + err
}

test("one refresh serves several processes, and the one after it uses the token that came with it", async () => {
  const said = [await check()]
  expect(asked, said[0]).toEqual(["canary-refresh-0"])
  said.push(await check())
  expect(asked).toEqual(["canary-refresh-0"])
  const file = join(dir, ".syncline", "rotation.left.secret")
  expect((statSync(file).mode & 0o777).toString(8)).toBe("600")
  expect(readFileSync(file, "latin1")).toContain("canary-refresh-1")
  access = "none of those that were given out"
  said.push(await check())
  expect(asked).toEqual(["canary-refresh-0", "canary-refresh-1"])
  expect(said.join("")).not.toContain("canary")
})
