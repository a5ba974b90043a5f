import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { idempotencyTtlMs } from "../../src/server/options.ts"
import { listOf, startTestCrm } from "../running-crm.ts"

const key = (value: string) => ({ headers: { "idempotency-key": value } })

test("the same key and body twice makes one contact, and the second answer says so", async () => {
  const crm = await startTestCrm()
  const first = await crm.call("POST", "/contacts", { json: { first_name: "Ada" }, ...key("k") })
  const second = await crm.call("POST", "/contacts", { json: { first_name: "Ada" }, ...key('"k"') })
  expect([second.status, second.text, second.headers.get("etag")]).toEqual([201, first.text, '"r1"'])
  expect(first.headers.get("idempotent-replayed")).toBeNull()
  expect(second.headers.get("idempotent-replayed")).toBe("true")
  expect((await crm.call("GET", "/contacts")).body["total"]).toBe(1)
})

test("a replayed answer is the old one, even after the contact changed", async () => {
  const crm = await startTestCrm()
  const first = await crm.call("POST", "/contacts", { json: { first_name: "Ada" }, ...key("k") })
  await crm.call("PATCH", String(first.headers.get("location")), { json: { first_name: "Ida" } })
  expect((await crm.call("POST", "/contacts", { json: { first_name: "Ada" }, ...key("k") })).text).toBe(first.text)
})

test("a key that comes with another body is refused", async () => {
  const crm = await startTestCrm()
  await crm.call("POST", "/contacts", { json: { first_name: "Ada" }, ...key("k") })
  const refused = await crm.call("POST", "/contacts", { json: { first_name: "Ida" }, ...key("k") })
  expect(refused.body).toMatchObject({ status: 422, code: "idempotency-key-reused" })
})

test("a request that was refused may be corrected under its key", async () => {
  const crm = await startTestCrm()
  expect((await crm.call("POST", "/contacts", { json: { first_name: 1 }, ...key("k") })).status).toBe(422)
  expect((await crm.call("POST", "/contacts", { json: { first_name: "Ada" }, ...key("k") })).status).toBe(201)
})

test("a key is forgotten after its day", async () => {
  let now = 1_800_000_000_000
  const crm = await startTestCrm({ now: () => now })
  await crm.call("POST", "/contacts", { json: {}, ...key("k") })
  now += idempotencyTtlMs + 1
  expect((await crm.call("POST", "/contacts", { json: {}, ...key("k") })).headers.get("idempotent-replayed")).toBeNull()
  expect((await crm.call("GET", "/contacts")).body["total"]).toBe(2)
})

test("a key of a single create and of an operation in a batch are the same key", async () => {
  const crm = await startTestCrm()
  const first = await crm.call("POST", "/contacts", { json: { first_name: "Ada" }, ...key("k") })
  const batch = await crm.call("POST", "/contacts/batch", {
    json: { operations: [{ op: "create", idempotency_key: "k", data: { first_name: "Ada" } }] },
  })
  expect(listOf(batch, "results")[0]).toMatchObject({ status: 201, id: first.body["id"], replayed: true })
})

test("a batch with a key is carried out once as a whole", async () => {
  const crm = await startTestCrm()
  const json = {
    operations: [
      { op: "create", data: {} },
      { op: "create", data: {} },
    ],
  }
  const first = await crm.call("POST", "/contacts/batch", { json, ...key("b") })
  const second = await crm.call("POST", "/contacts/batch", { json, ...key("b") })
  expect([second.text, second.headers.get("idempotent-replayed")]).toEqual([first.text, "true"])
  expect((await crm.call("POST", "/contacts/batch", { json: { operations: [{ op: "create" }] }, ...key("b") })).status).toBe(422)
  expect((await crm.call("GET", "/contacts")).body["total"]).toBe(2)
})

test("a key survives a restart of the server", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mock-crm-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, "crm.db")
  const before = await startTestCrm({ file })
  const first = await before.call("POST", "/contacts", { json: { first_name: "Ada" }, ...key("k") })
  await before.close()
  const after = await startTestCrm({ file })
  expect((await after.call("POST", "/contacts", { json: { first_name: "Ada" }, ...key("k") })).text).toBe(first.text)
  expect((await after.call("GET", "/contacts")).body["total"]).toBe(1)
})
