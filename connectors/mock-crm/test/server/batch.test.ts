import { expect, test } from "vitest"
import { listOf, startTestCrm } from "../running-crm.ts"

test("a mixed batch answers each operation in order, and one that is refused holds up nobody", async () => {
  const crm = await startTestCrm()
  const edited = await crm.add({ first_name: "Ada" })
  const removed = await crm.add({})
  const operations = [
    { ref: "a", op: "create", data: { first_name: "New" } },
    { ref: "b", op: "update", id: edited, if_match: '"r1"', data: { first_name: "Ida" } },
    { ref: "c", op: "update", id: edited, if_match: '"r1"', data: { first_name: "Late" } },
    { ref: "d", op: "delete", id: removed },
    { ref: "e", op: "delete", id: removed },
    { ref: "f", op: "update", id: "never", data: {} },
    { ref: "g", op: "create", data: { email: 5 } },
    { ref: "h", op: "upsert" },
    { ref: "i", op: "update" },
    "nonsense",
    { ref: "j", op: "delete", id: edited, if_match: "r2" },
  ]
  const answer = await crm.call("POST", "/contacts/batch", { json: { operations } })
  expect(answer.status).toBe(200)
  const results = listOf(answer, "results")
  expect(results.map((result) => result["status"])).toEqual([201, 200, 412, 204, 410, 404, 422, 422, 422, 422, 400])
  expect(results.map((result) => result["index"])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(results[1]).toMatchObject({ ref: "b", id: edited, etag: '"r2"', contact: { first_name: "Ida" } })
  expect(results[2]).toMatchObject({ ref: "c", problem: { code: "precondition-failed", current: { etag: '"r2"' } } })
  expect(results[6]).toMatchObject({ problem: { errors: [{ path: "email" }] } })
})

test("a batch is bounded at 100 operations, and an empty one is refused", async () => {
  const crm = await startTestCrm()
  const create = { op: "create", data: {} }
  expect((await crm.call("POST", "/contacts/batch", { json: { operations: Array(101).fill(create) } })).status).toBe(422)
  expect((await crm.call("POST", "/contacts/batch", { json: { operations: [] } })).status).toBe(422)
  expect((await crm.call("POST", "/contacts/batch", { json: [] })).status).toBe(422)
  expect((await crm.call("GET", "/contacts")).body["total"]).toBe(0)
})
