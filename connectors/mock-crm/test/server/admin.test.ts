import { expect, test } from "vitest"
import { listOf, startTestCrm } from "../running-crm.ts"

test("the request log holds every call, and counts the writes", async () => {
  const crm = await startTestCrm()
  const id = await crm.add({ first_name: "Ada" })
  await crm.call("GET", `/contacts/${id}`)
  await crm.call("PATCH", `/contacts/${id}`, { json: { first_name: "Ada" } })
  await crm.call("POST", "/contacts/search", { json: { ids: [id] } })
  await crm.call("POST", "/contacts/batch", {
    json: {
      operations: [
        { op: "create", data: {} },
        { op: "delete", id },
      ],
    },
  })
  await crm.call("GET", "/contacts", { token: null })
  await crm.call("POST", "/admin/faults", { json: { kind: "outage", times: 1 } })
  await expect(crm.call("DELETE", `/contacts/${id}`)).rejects.toThrow()
  const log = await crm.call("GET", "/admin/requests")
  const entries = listOf(log, "requests")
  expect(entries.map((entry) => [entry["method"], entry["status"], entry["write"], entry["changed"]])).toEqual([
    ["POST", 201, true, 1],
    ["GET", 200, false, 0],
    ["PATCH", 200, true, 0],
    ["POST", 200, false, 0],
    ["POST", 200, true, 2],
    ["GET", 401, false, 0],
    ["DELETE", 0, true, 0],
  ])
  expect(log.body).toMatchObject({ writes: 4, changed: 3 })
  expect(entries[6]).toMatchObject({ path: `/contacts/${id}`, faults: ["outage"] })
  expect(entries[4]?.["ids"]).toContain(id)
  const later = await crm.call("GET", `/admin/requests?since=${String(log.body["next_since"])}`)
  expect(listOf(later, "requests")).toEqual([])
  await crm.call("DELETE", "/admin/requests")
  expect(listOf(await crm.call("GET", "/admin/requests"), "requests")).toEqual([])
})

test("a field can be removed, renamed and retyped; tags change, modified times and the change log do not", async () => {
  const crm = await startTestCrm()
  const id = await crm.add({ first_name: "Ada", phone: "+1 23", labels: ["a"] })
  const before = (await crm.call("GET", `/contacts/${id}`)).body
  const head = (await crm.call("GET", "/changes/head")).body["seq"]

  expect((await crm.call("POST", "/admin/schema", { json: { rename: { field: "phone", to: "mobile" } } })).body["contacts_rewritten"]).toBe(
    1,
  )
  const renamed = await crm.call("GET", `/contacts/${id}`)
  expect(renamed.body).toMatchObject({ mobile: "+1 23", updated_at: before["updated_at"] })
  expect(renamed.body).not.toHaveProperty("phone")
  expect(renamed.headers.get("etag")).toBe('"r2"')
  expect((await crm.call("PATCH", `/contacts/${id}`, { json: { phone: "1" } })).status).toBe(422)

  await crm.call("POST", "/admin/schema", { json: { retype: { field: "mobile", to: "number" } } })
  expect((await crm.call("GET", `/contacts/${id}`)).body["mobile"]).toBe(123)
  expect((await crm.call("PATCH", `/contacts/${id}`, { json: { mobile: "1" } })).status).toBe(422)

  await crm.call("POST", "/admin/schema", { json: { remove: "labels" } })
  expect((await crm.call("GET", `/contacts/${id}`)).body).not.toHaveProperty("labels")
  expect((await crm.call("POST", "/contacts", { json: { first_name: "B" } })).body).not.toHaveProperty("labels")
  expect(head).toBe(1)
  for (const json of [{}, { remove: "id" }, { retype: { field: "x", to: "date" } }, { rename: { field: "x" } }])
    expect((await crm.call("POST", "/admin/schema", { json })).status).toBe(422)
})

test("the clock can be moved", async () => {
  const crm = await startTestCrm({ now: () => Date.parse("2026-01-01T00:00:00Z") })
  expect((await crm.call("POST", "/admin/clock", { json: { offset_ms: 3_600_000 } })).body["now"]).toBe("2026-01-01T01:00:00.000Z")
  const created = await crm.call("POST", "/contacts", { json: {} })
  expect(created.body["created_at"]).toBe("2026-01-01T01:00:00.000Z")
  expect(created.headers.get("date")).toBe("Thu, 01 Jan 2026 01:00:00 GMT")
  await crm.call("POST", "/admin/clock", { json: { offset_ms: 0 } })
  const patched = await crm.call("PATCH", String(created.headers.get("location")), { json: { phone: "1" } })
  expect(patched.body["updated_at"]).toBe("2026-01-01T01:00:00.000Z")
})

test("seed, dump and reset", async () => {
  const crm = await startTestCrm()
  const seeded = await crm.call("POST", "/admin/seed", {
    json: [
      { id: "b", first_name: "B" },
      { id: "a", revision: 7, updated_at: "2025-05-05T00:00:00Z" },
    ],
  })
  expect([seeded.status, seeded.body["seeded"]]).toEqual([201, 2])
  const dump = listOf(await crm.call("GET", "/admin/dump"), "contacts")
  expect(dump).toMatchObject([
    { id: "a", revision: 7, updated_at: "2025-05-05T00:00:00.000Z" },
    { id: "b", first_name: "B", revision: 1 },
  ])
  const csv = await crm.call("POST", "/admin/seed", { text: "id,labels\nc,x;y\n", headers: { "content-type": "text/csv" } })
  expect(csv.status).toBe(201)
  const taken = await crm.call("POST", "/admin/seed", { json: [{ id: "d" }, { id: "a" }] })
  expect([taken.status, taken.body["row"], taken.body["detail"]]).toEqual([422, 2, "seed, row 2, field id: a is taken already"])
  expect(listOf(await crm.call("GET", "/changes"), "changes").map((change) => change["id"])).toEqual(["b", "a", "c"])
  await crm.call("POST", "/admin/reset")
  expect((await crm.call("GET", "/contacts")).body["total"]).toBe(0)
})
