import { expect, it } from "vitest"
import { compileManifest } from "../../../src/manifest/index.ts"
import { answerJson, clientFor, listen } from "../../http/local-server.ts"
import { scan } from "../connected.ts"

const manifest = `manifest: 1
id: lists
baseUrl: '{config.baseUrl}'
resources:
  list:
    schema: { type: object, properties: { id: { type: string } } }
    id: =rec.id
    read: { snapshot: { request: { path: /lists, query: { page: =page.number } }, records: =res.body, next: { page: query.page } } }
  member:
    schema: { type: object, properties: { id: { type: string }, list: { type: string }, name: { type: string } } }
    id: =rec.id
    item: { id: =rec.id, name: =rec.name, list: =parent.id }
    parent: { resource: list, field: list }
    read:
      snapshot: { request: { path: '/lists/{parent.id}/members', query: { limit: =limit } }, records: =res.body, next: { offset: query.skip } }
      lookup: { id: 'GET /lists/{parent.id}/members/{value}' }
    write:
      create: { request: { path: '/lists/{parent.id}/members', body: { name: =op.set.name } }, ok: { id: =res.body.id } }
      update: { request: { method: PATCH, path: '/lists/{parent.id}/members/{op.id}', body: { name: =op.set.name } } }
`

it("a resource is read, looked up and written below each item of another one", async () => {
  const lists = ["a/b", "empty", "c"]
  const members = new Map([
    ["a/b", ["1", "2", "3"]],
    ["c", ["1"]],
  ])
  const written: string[] = []
  const server = await listen((request, response, body) => {
    const url = new URL(request.url ?? "/", "http://x")
    const [, , list, , id] = url.pathname.split("/").map(decodeURIComponent)
    const ids = members.get(list ?? "") ?? []
    if (request.method !== "GET") {
      written.push(`${request.method} ${url.pathname} ${body}`)
      return answerJson(response, 200, { id: "9" })
    }
    if (list === undefined) {
      const page = Number(url.searchParams.get("page") ?? 1)
      return answerJson(
        response,
        200,
        lists.slice((page - 1) * 2, page * 2).map((each) => ({ id: each })),
      )
    }
    if (id !== undefined) return ids.includes(id) ? answerJson(response, 200, { id, name: `${list} ${id}` }) : answerJson(response, 404, {})
    const skip = Number(url.searchParams.get("skip"))
    answerJson(
      response,
      200,
      ids.slice(skip, skip + 2).map((each) => ({ id: each, name: `${list} ${each}` })),
    )
  })
  const { definition } = compileManifest(manifest, { path: "lists.yaml", readFile: () => ({ error: "none" }) })
  const connector = definition?.open({ baseUrl: server.url }, { system: "lists", http: clientFor(server.url), now: Date.now })
  if (connector === undefined) throw new Error("the manifest is wrong")

  const whole = await scan(connector, "member", "snapshot", null, 2)
  expect(whole.changes.map((change) => change.id)).toEqual(["a%2Fb/1", "a%2Fb/2", "a%2Fb/3", "c/1"])
  expect(whole.changes[3]).toMatchObject({ item: { list: "c", name: "c 1" } })
  expect(whole.complete).toBe(true)

  const found = await connector.lookup?.("member", "id", ["a%2Fb/2", "c/7"])
  expect(found).toMatchObject([{ found: { id: "a%2Fb/2" } }, { fault: { class: "notFound" } }])

  const set = { name: "x" }
  const outcomes = await connector.push("member", [{ ref: "u", kind: "update", id: "a%2Fb/2", set, seen: null, idempotencyKey: "k1" }])
  const created = await connector.push("member", [
    { ref: "c", kind: "create", id: null, set: { ...set, list: "c" }, seen: null, idempotencyKey: "k2" },
  ])
  expect([...outcomes, ...created]).toMatchObject([
    { ref: "u", status: "applied" },
    { ref: "c", status: "applied", id: "c/9" },
  ])
  expect(written).toEqual(['PATCH /lists/a%2Fb/members/2 {"name":"x"}', 'POST /lists/c/members {"name":"x"}'])
})
