// A server that speaks XML and keeps cards, described without code: read, followed and written, and what else is on a card stays.
import { readFileSync } from "node:fs"
import { expect, onTestFinished, test } from "vitest"
import { openHttpClient, type Connector, type Op } from "../../src/index.ts"
import { compileManifest } from "../../src/manifest/index.ts"
import { davServer, type DavServer } from "./dav-server.ts"

const opened = (server: DavServer): Connector => {
  const text = readFileSync(new URL("carddav.yaml", import.meta.url), "utf8")
  const { definition, diagnostics } = compileManifest(text, { path: "carddav.yaml", readFile: () => ({ error: "there is none" }) })
  if (definition === null || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics))
  const config = { baseUrl: server.url, book: server.book, user: "u", password: "p" }
  const http = openHttpClient(definition.http(config), { now: Date.now, sleep: () => Promise.resolve() })
  onTestFinished(() => http.close())
  return definition.open(config, { system: "dav", http, now: Date.now })
}

const op = (kind: Op["kind"], id: string | null, more: Partial<Op>): Op => ({
  ref: "r",
  kind,
  id,
  set: {},
  seen: null,
  idempotencyKey: "key-1",
  ...more,
})

test("what is created is followed, found, changed under its tag, and deleted", async () => {
  const server = await davServer()
  const connector = opened(server)
  const start = await connector.pull("cards", { mode: "snapshot", cursor: null, limit: 100 })
  expect(start.changes).toEqual([])

  const create = op("create", null, { set: { name: "Ann & Co", given: "Ann", family: "Lee", email: "ann@x.example", phone: "+1 2" } })
  const [made] = await connector.push("cards", [create])
  expect(await connector.push("cards", [create])).toEqual([made])
  expect(server.cards.size).toBe(1)
  const id = made?.status === "applied" ? made.id : ""

  const first = await connector.pull("cards", { mode: "delta", cursor: start.next, limit: 100 })
  expect(first.changes).toMatchObject([
    { kind: "upsert", id, item: { name: "Ann & Co", family: "Lee", given: "Ann", email: "ann@x.example", phone: "+1 2" } },
  ])

  // Somebody else's phone adds a note, folded as cards are.
  const card = server.cards.get(id) ?? ""
  server.put(id, card.replace("END:VCARD", "NOTE:a long no\r\n te\r\nEND:VCARD"))
  const answers = await connector.lookup?.("cards", "id", [id, "nobody.vcf"])
  expect(answers).toMatchObject([{ found: { id } }, { fault: { class: "notFound" } }])

  const seen = { name: "Ann & Co", email: "ann@x.example", phone: "+1 2" }
  expect(await connector.push("cards", [op("update", id, { set: { email: "new@x.example", phone: null }, seen })])).toMatchObject([
    { status: "applied", id },
  ])
  const lines = (server.cards.get(id) ?? "").split("\r\n")
  expect(lines).toEqual(expect.arrayContaining(["EMAIL:new@x.example", "NOTE:a long note", "FN:Ann & Co"]))
  expect(lines.some((line) => line.startsWith("TEL"))).toBe(false)
  expect(await connector.push("cards", [op("update", id, { set: { email: "late@x.example" }, seen })])).toMatchObject([
    { status: "failed", fault: { class: "conflict" } },
  ])

  expect(await connector.push("cards", [op("delete", id, {})])).toMatchObject([{ status: "applied" }])
  expect(await connector.push("cards", [op("delete", id, {})])).toMatchObject([{ status: "applied" }])
  const last = await connector.pull("cards", { mode: "delta", cursor: first.next, limit: 100 })
  expect(last.changes).toEqual([{ kind: "delete", id, soft: false }])
})
