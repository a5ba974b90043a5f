// Tags, memberships and associations: read beside the item, and written as what was added and what was taken away.
import { expect, test } from "vitest"
import { op, schema, stage, type Answers } from "./stage.ts"

const base = `${schema}
write:
  update:
    request: { method: PATCH, path: "/things/{op.id}", body: =op.set }
    ok: { record: =res.body }
  create:
    request: { path: /things, body: =op.set }
    ok: { id: =res.body.id }
edges:
  tags:
`
const linking = `${base}
    link: { max: 2, request: { path: "/things/{owner}/tags", body: { tags: =values } } }
    unlink: { request: "DELETE /things/{owner}/tags/{value}" }`

const requests = (seen: readonly { method: string; path: string; body: unknown }[]) =>
  seen.map(({ method, path, body }) => `${method} ${path}${body === null ? "" : ` ${JSON.stringify(body)}`}`)

test("what is new is linked and what is gone is unlinked; what others linked meanwhile stays", async () => {
  const { connector, seen } = await stage(linking, () => ({ body: { id: "1", rev: 2 } }))
  const outcomes = await connector.push("things", [op("update", "1", { tags: ["a", "c", "d", "e"] }, { seen: { tags: ["a", "b"] } })])
  // nothing of the item itself changed, and what it looks like now is to be read
  expect(outcomes).toEqual([{ ref: outcomes[0]?.ref, status: "applied", id: "1" }])
  expect(requests(seen)).toEqual([
    'POST /things/1/tags {"tags":["c","d"]}',
    'POST /things/1/tags {"tags":["e"]}',
    "DELETE /things/1/tags/b",
  ])
})

test("an item is written before what it belongs to, and a create's links go to its new id", async () => {
  const { connector, seen } = await stage(linking, ({ path }) => ({ body: path === "/things" ? { id: "new" } : {} }))
  const outcomes = await connector.push("things", [op("create", null, { name: "x", tags: ["a"] })])
  expect(outcomes).toMatchObject([{ status: "applied", id: "new" }])
  expect(requests(seen)).toEqual(['POST /things {"name":"x"}', 'POST /things/new/tags {"tags":["a"]}'])
})

test("a list that did not change costs nothing, and its item is written as ever", async () => {
  const { connector, seen } = await stage(linking, () => ({ body: { id: "1", rev: 2 } }))
  await connector.push("things", [op("update", "1", { name: "x", tags: ["b", "a"] }, { seen: { tags: ["a", "b"] } })])
  expect(requests(seen)).toEqual(['PATCH /things/1 {"name":"x"}'])
})

test("where an API knows only whole lists, the list is replaced", async () => {
  const { connector, seen } = await stage(
    `${base}    replace: { request: { method: PUT, path: "/things/{owner}/tags", body: =values } }`,
    () => ({ body: {} }),
  )
  await connector.push("things", [op("update", "1", { tags: ["a", "c"] }, { seen: { tags: ["a", "b"] } })])
  expect(requests(seen)).toEqual(['PUT /things/1/tags ["a","c"]'])
})

test("an item that is written while its links fail is unknown: it will be looked at again, not sent anew", async () => {
  const { connector } = await stage(linking, ({ method }) =>
    method === "PATCH" ? { body: { id: "1", rev: 2 } } : { status: 422, body: { detail: "no tag c" } },
  )
  const [both, only] = await connector.push("things", [
    op("update", "1", { name: "x", tags: ["c"] }, { seen: { tags: [] } }),
    op("update", "2", { tags: ["c"] }, { seen: { tags: [] } }),
  ])
  expect(both).toMatchObject({ status: "unknown", fault: { message: expect.stringContaining("no tag c") } })
  expect(only).toMatchObject({ status: "failed", fault: { class: "invalid" } })
})

test("names become ids; a name that is missing is made once, and one that never was need not be taken away", async () => {
  const yaml = `${base}
    link: { request: { path: "/things/{owner}/tags", body: { id: =value } } }
    unlink: { request: "DELETE /things/{owner}/tags/{value}" }
    names:
      request: { path: /tags, query: { page: '=page.number' } }
      next: { page: query.page, pages: =res.body.pages }
      each: =res.body.tags
      name: =edge.name
      id: =edge.id
      create: { request: { path: /tags, body: { name: =name } }, id: =res.body.id }`
  const answers: Answers = ({ method, path }) => {
    if (method === "POST" && path === "/tags") return { body: { id: 99 } }
    if (path.startsWith("/tags"))
      return { body: { pages: 2, tags: path.includes("page=2") ? [{ id: 2, name: "B" }] : [{ id: 1, name: "A" }] } }
    return { body: {} }
  }
  const { connector, seen } = await stage(yaml, answers)
  await connector.push("things", [op("update", "1", { tags: ["b", "new"] }, { seen: { tags: ["never was", "a"] } })])
  await connector.push("things", [op("update", "2", { tags: ["new"] }, { seen: { tags: [] } })])
  // Read again, because a name was asked for that nobody knew: somebody might have made it meanwhile.
  const list = ["GET /tags?page=1", "GET /tags?page=2"]
  expect(requests(seen)).toEqual([
    ...list,
    'POST /tags {"name":"new"}',
    ...list,
    'POST /things/1/tags {"id":2}',
    'POST /things/1/tags {"id":99}',
    "DELETE /things/1/tags/1",
    'POST /things/2/tags {"id":99}',
  ])
})

test("a name that several items need at once is made once", async () => {
  const yaml = `${base}
    link: { request: { path: "/things/{owner}/tags", body: { id: =value } } }
    unlink: { request: "DELETE /things/{owner}/tags/{value}" }
    names:
      request: GET /tags
      each: =res.body.tags
      name: =edge.name
      id: =edge.id
      create: { request: { path: /tags, body: { name: =name } }, id: =res.body.id }`
  const { connector, seen } = await stage(yaml, ({ method, path }) =>
    method === "POST" && path === "/tags" ? { body: { id: 5 } } : { body: { tags: [] } },
  )
  await connector.push(
    "things",
    ["1", "2", "3", "4"].map((id) => op("update", id, { tags: ["New"] }, { seen: { tags: [] } })),
  )
  expect(requests(seen).filter((request) => request.startsWith("POST /tags"))).toHaveLength(1)
})

const reading = `${base}
    link: { request: { path: "/things/{owner}/tags", body: { tags: =values } } }
    read:
      max: 2
      request: { path: /tags/read, body: { ids: =owners } }
      each: =res.body.edges
      owner: =edge.thing
      value: =edge.tag
      keep: '=edge.type == "static"'`

test("lists that items do not carry are read for several at a time, each value once, in pages and lookups alike", async () => {
  const things = [1, 2, 3].map((id) => ({ id: String(id), rev: 1 }))
  const edge = (thing: number, tag: string, type = "static") => ({ thing, tag, type })
  const edges = [edge(1, "a"), edge(3, "c"), edge(1, "b"), edge(1, "a"), edge(2, "x", "smart"), edge(9, "z")]
  const { connector, seen } = await stage(reading, ({ path }) => ({ body: path === "/tags/read" ? { edges } : { things } }))
  const page = await connector.pull("things", { mode: "snapshot", cursor: null, limit: 10 })
  const tags = page.changes.map((change) => (change.kind === "upsert" ? change.item["tags"] : null))
  expect(tags).toEqual([["a", "b"], [], ["c"]])
  expect(seen.filter(({ path }) => path === "/tags/read").map(({ body }) => body)).toEqual([{ ids: ["1", "2"] }, { ids: ["3"] }])
  const [found] = (await connector.lookup?.("things", "id", ["3"])) ?? []
  expect(found).toMatchObject({ found: { item: { tags: ["c"] } } })
})

test("a list that cannot be read fails the page: an unread list is not an empty one", async () => {
  const { connector } = await stage(reading, ({ path }) =>
    path === "/tags/read" ? { status: 503 } : { body: { things: [{ id: "1", rev: 1 }] } },
  )
  await expect(connector.pull("things", { mode: "snapshot", cursor: null, limit: 10 })).rejects.toMatchObject({
    fault: { class: "transient" },
  })
})
