import { expect, test } from "vitest"
import { retentionMs } from "../../src/server/options.ts"
import { listOf, startTestCrm } from "../running-crm.ts"

test("the log tells creates, updates and deletes in order, with the contact as it is now", async () => {
  const crm = await startTestCrm()
  const ada = await crm.add({ first_name: "Ada" })
  const bob = await crm.add({ first_name: "Bob" })
  await crm.call("PATCH", `/contacts/${ada}`, { json: { first_name: "Ida" } })
  await crm.call("DELETE", `/contacts/${bob}`)
  const log = await crm.call("GET", "/changes")
  expect(listOf(log, "changes")).toMatchObject([
    { seq: 1, change_type: "created", id: ada, revision: 1, contact: { first_name: "Ida", revision: 2 } },
    { seq: 2, change_type: "created", id: bob, contact: null },
    { seq: 3, change_type: "updated", id: ada, revision: 2, contact: { first_name: "Ida" } },
    { seq: 4, change_type: "deleted", id: bob, revision: 2, contact: null },
  ])
  expect(log.body).toMatchObject({ next_since: 4, has_more: false })
})

test("pages follow each other without a gap", async () => {
  const crm = await startTestCrm()
  for (let n = 0; n < 5; n++) await crm.add({})
  const seqs: unknown[] = []
  let since = 0
  for (;;) {
    const page = await crm.call("GET", `/changes?since=${since}&limit=2`)
    seqs.push(...listOf(page, "changes").map((change) => change["seq"]))
    since = Number(page.body["next_since"])
    if (page.body["has_more"] === false) break
  }
  expect(seqs).toEqual([1, 2, 3, 4, 5])
})

test("a filter by type moves on past what it leaves out, and fields are selected", async () => {
  const crm = await startTestCrm()
  const ada = await crm.add({ first_name: "Ada", phone: "1" })
  await crm.call("PATCH", `/contacts/${ada}`, { json: { phone: "2" } })
  await crm.add({})
  const created = await crm.call("GET", "/changes?change_type=created&fields=phone")
  expect(listOf(created, "changes").map((change) => change["seq"])).toEqual([1, 3])
  expect(Object.keys(listOf(created, "changes")[0]?.["contact"] ?? {}).sort()).toEqual(["id", "phone", "revision", "updated_at"])
  const updated = await crm.call("GET", "/changes?change_type=updated,deleted&since=2")
  expect(updated.body).toEqual({ changes: [], next_since: 3, has_more: false })
  expect((await crm.call("GET", "/changes?change_type=moved")).status).toBe(400)
})

test("tombstones leave after 30 days, and an older cursor expires instead of missing them", async () => {
  let now = Date.parse("2026-01-01T00:00:00Z")
  const crm = await startTestCrm({ now: () => now })
  const id = await crm.add({})
  await crm.call("DELETE", `/contacts/${id}`)
  now += retentionMs
  expect((await crm.call("GET", "/changes?since=1")).status).toBe(200)
  await crm.add({})
  now += 1
  const expired = await crm.call("GET", "/changes?since=1")
  expect(expired.body).toMatchObject({ status: 410, code: "cursor-expired", oldest_cursor: 2 })
  expect(listOf(await crm.call("GET", "/changes?since=2"), "changes")).toHaveLength(1)
  expect((await crm.call("GET", `/contacts/${id}`)).status).toBe(404)
})

test("a cursor from before a reset, or from the future, has expired", async () => {
  const crm = await startTestCrm()
  await crm.add({})
  expect((await crm.call("GET", "/changes?since=2")).status).toBe(410)
  await crm.call("POST", "/admin/reset")
  for (const since of [0, 1]) expect((await crm.call("GET", `/changes?since=${since}`)).status).toBe(410)
  const head = Number((await crm.call("GET", "/changes/head")).body["seq"])
  await crm.add({})
  expect(listOf(await crm.call("GET", `/changes?since=${head}`), "changes")).toHaveLength(1)
})
