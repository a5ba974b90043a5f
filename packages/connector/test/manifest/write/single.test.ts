import { describe, expect, test } from "vitest"
import type { JsonObject } from "../../../src/index.ts"
import { op, schema, stage } from "./stage.ts"

const plain = `${schema}
write:
  create:
    request: { path: /things, body: =op.set, headers: { idempotency-key: =op.key } }
    idempotent: header
    ok: { record: =res.body }
  update:
    guard: ifMatch
    request: { method: PATCH, path: "/things/{op.id}", body: =op.set, headers: { if-match: '=op.version' } }
    ok: { record: =res.body }
  delete:
    request: DELETE /things/{op.id}`

test("a create, an update and a delete are one request each, with key, condition and an encoded id", async () => {
  const { connector, seen } = await stage(plain, ({ method, body }) => ({
    body: method === "DELETE" ? {} : { id: method === "POST" ? "new" : "a/b", rev: 3, ...(body as JsonObject) },
  }))
  const outcomes = await connector.push("things", [
    op("create", null, { name: "Ann" }, { ref: "c", idempotencyKey: "k-1" }),
    op("update", "a/b", { note: "x" }, { ref: "u", version: '"r2"' }),
    op("delete", "z?y", {}, { ref: "d" }),
  ])
  expect(outcomes).toEqual([
    { ref: "c", status: "applied", id: "new", version: "3", item: { id: "new", rev: 3, name: "Ann" } },
    { ref: "u", status: "applied", id: "a/b", version: "3", item: { id: "a/b", rev: 3, note: "x" } },
    { ref: "d", status: "applied", id: "z?y" },
  ])
  expect(seen.find(({ method }) => method === "POST")?.headers["idempotency-key"]).toBe("k-1")
  expect(seen.find(({ method }) => method === "PATCH")).toMatchObject({ path: "/things/a%2Fb", headers: { "if-match": '"r2"' } })
  expect(seen.map(({ path }) => path)).toContain("/things/z%3Fy")
})

test.each<[string, number, string, string]>([
  ["a 412", 412, "failed", "conflict"],
  ["a 422", 422, "failed", "invalid"],
  ["a 404", 404, "failed", "notFound"],
  ["a 500", 500, "unknown", "unknown"],
])("%s to an update is %s", async (_title, status, verdict, kind) => {
  const { connector } = await stage(plain, () => ({ status, body: { detail: "words", errors: [{ path: "name", message: "too long" }] } }))
  expect(await connector.push("things", [op("update", "1", { name: "x" })])).toMatchObject([
    { status: verdict, fault: { class: kind, message: expect.stringContaining("words"), fields: { name: "too long" } } },
  ])
})

test("an answer about another item, or without the id of what was created, is unknown", async () => {
  const { connector } = await stage(plain, ({ method }) => ({ body: method === "POST" ? { name: "x" } : { id: "other", rev: 1 } }))
  const outcomes = await connector.push("things", [op("create", null, { name: "x" }), op("update", "1", { name: "x" })])
  expect(outcomes.map(({ status }) => status)).toEqual(["unknown", "unknown"])
})

test("deleting what is gone already succeeds, twice", async () => {
  const { connector } = await stage(plain, (_request, count) => ({ status: count === 1 ? 404 : 410, body: {} }))
  for (let n = 0; n < 2; n++) expect(await connector.push("things", [op("delete", "1")])).toMatchObject([{ status: "applied", id: "1" }])
})

test("an operation that cannot be composed fails alone, and nothing is sent for it", async () => {
  const { connector, seen } = await stage(plain, () => ({ body: { id: "1", rev: 1 } }))
  const outcomes = await connector.push("things", [op("update", "..", { name: "x" }), op("update", "1", { name: "y" })])
  expect(outcomes).toMatchObject([{ status: "failed", fault: { class: "invalid" } }, { status: "applied" }])
  expect(seen).toHaveLength(1)
})

test("a refused sign-in stops the rest and rejects, so that nothing is counted as failed", async () => {
  const { connector, seen } = await stage(plain, () => ({ status: 401, body: {} }))
  const ops = Array.from({ length: 30 }, (_, n) => op("update", String(n), { name: "x" }))
  await expect(connector.push("things", ops)).rejects.toMatchObject({ fault: { class: "auth" } })
  expect(seen.length).toBeLessThanOrEqual(4)
})

test.each<[string, string, JsonObject]>([
  ["null", "null", { name: null, tags: null, address: { city: null } }],
  ["the empty text or list", "empty", { name: "", tags: [], address: { city: "" } }],
])("a value is cleared by %s", async (_title, unset, sent) => {
  const { connector, seen } = await stage(plain.replace("guard: ifMatch", `unset: ${unset}`), () => ({ body: { id: "1", rev: 2 } }))
  await connector.push("things", [op("update", "1", { name: null, tags: null, address: { city: null } })])
  expect(seen[0]?.body).toEqual(sent)
})

test("a value that cannot be cleared is refused, with its path, before anything is sent", async () => {
  const { connector, seen } = await stage(plain.replace("guard: ifMatch", "unset: never"), () => ({ body: {} }))
  expect(await connector.push("things", [op("update", "1", { address: { city: null } })])).toMatchObject([
    { status: "failed", fault: { class: "invalid", fields: { "address.city": expect.any(String) } } },
  ])
  expect(seen).toHaveLength(0)
})

describe("the guard readCompare", () => {
  const guarded = plain.replace("guard: ifMatch", "guard: readCompare").replace("  delete:\n", "  delete:\n    guard: readCompare\n")
  const things = [
    { id: "1", rev: 1, name: "Ann", note: "theirs" },
    { id: "2", rev: 1, name: "Bob changed", note: "x" },
  ]

  test("lets through what reads as it did, holds back what does not, and tells what is not there", async () => {
    const { connector, seen } = await stage(guarded, ({ method, path }) =>
      method === "GET" ? { body: { things } } : { body: { id: path.slice("/things/".length), rev: 2 } },
    )
    const outcomes = await connector.push("things", [
      op("update", "1", { note: "mine" }, { seen: { name: "Ann" } }),
      op("update", "2", { note: "mine" }, { seen: { name: "Bob", note: "x" } }),
      op("update", "3", { note: "mine" }, { seen: { name: "Cy" } }),
      op("delete", "2", {}, { seen: { name: "Bob" } }),
      op("delete", "4", {}, { seen: { name: "Dee" } }),
    ])
    expect(outcomes).toMatchObject([
      { status: "applied", id: "1" },
      { status: "failed", fault: { class: "conflict", message: expect.stringContaining("name") } },
      { status: "failed", fault: { class: "notFound" } },
      { status: "failed", fault: { class: "conflict" } },
      { status: "applied", id: "4" },
    ])
    expect(seen.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`)).toEqual(["PATCH /things/1"])
  })

  test("writes nothing when the read before it cannot be made", async () => {
    const { connector, seen } = await stage(guarded, () => ({ status: 503, body: {} }))
    await expect(connector.push("things", [op("update", "1", { note: "x" }, { seen: {} })])).rejects.toMatchObject({
      fault: { class: "transient" },
    })
    expect(seen.every(({ method }) => method === "GET")).toBe(true)
  })
})

test("an upsert creates and updates where there is nothing else, as a form or a table where the manifest says so", async () => {
  const upsert = `${schema}
write:
  upsert:
    by: name
    unset: empty
    request: { method: PUT, path: "/things/{op.item.name}", as: form, body: { name: =op.item.name, tag: =op.item.tags, address: =op.item.address } }
    ok: { id: =res.body.id, met: =res.status == 200 }`
  const { connector, seen } = await stage(upsert, (_request, count) => ({ status: count === 2 ? 201 : 200, body: { id: 7 } }))
  const outcomes = await connector.push("things", [
    op("create", null, { name: "Ann", tags: ["a", "b"] }),
    op("update", "7", { address: { city: "Bern" } }, { seen: { name: "Ann" } }),
  ])
  // the update goes first; what it found is no question of its own
  expect(outcomes).toEqual([
    { ref: outcomes[0]?.ref, status: "applied", id: "7", met: false },
    { ref: outcomes[1]?.ref, status: "applied", id: "7" },
  ])
  expect(seen.map(({ body }) => body)).toEqual(
    expect.arrayContaining(["name=Ann&tag=a&tag=b&address=", "name=Ann&tag=&address%5Bcity%5D=Bern"]),
  )
})

test("what a system has no request for is refused in words", async () => {
  const { connector } = await stage(plain.replace(/ {2}delete:[^]*$/, ""), () => ({ body: {} }))
  expect(await connector.push("things", [op("delete", "1")])).toMatchObject([
    { fault: { message: expect.stringContaining("delete things") } },
  ])
})
