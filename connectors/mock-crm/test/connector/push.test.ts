import { describe, expect, test } from "vitest"
import type { Outcome } from "@syncline/connector"
import { connect, op } from "./connected.ts"

const classes = (outcomes: readonly Outcome[]) =>
  outcomes.map((outcome) => (outcome.status === "applied" ? "applied" : `${outcome.status} ${outcome.fault.class}`))

test("creates, updates and deletes are applied and give back the contact with its version", async () => {
  const { crm, connector } = await connect()
  const edited = await crm.add({ first_name: "Ada", phone: "1" })
  const removed = await crm.add({})
  const outcomes = await connector.push("contacts", [
    op("a", "create", { set: { first_name: "New", account: { name: "N" } } }),
    op("b", "update", { id: edited, version: "1", set: { phone: null, last_name: "L" } }),
    op("c", "delete", { id: removed, version: "1" }),
  ])
  expect(outcomes).toMatchObject([
    { ref: "a", status: "applied", version: "1", item: { first_name: "New", account: { name: "N" } } },
    { ref: "b", status: "applied", id: edited, version: "2", item: { first_name: "Ada", phone: null, last_name: "L" } },
    { ref: "c", status: "applied", id: removed },
  ])
  expect((await crm.call("GET", `/contacts/${edited}`)).body).toMatchObject({ phone: null, last_name: "L", first_name: "Ada" })
})

test("each operation of a mixed batch gets its own verdict", async () => {
  const { crm, connector } = await connect()
  const moved = await crm.add({})
  await crm.call("PATCH", `/contacts/${moved}`, { json: { phone: "1" } })
  const gone = await crm.add({})
  await crm.call("DELETE", `/contacts/${gone}`)
  const outcomes = await connector.push("contacts", [
    op("stale", "update", { id: moved, version: "1", set: { phone: "2" } }),
    op("stale delete", "delete", { id: moved, version: "1" }),
    op("gone", "update", { id: gone, version: "1", set: { phone: "2" } }),
    op("gone, unguarded", "update", { id: gone, set: { phone: "2" } }),
    op("never", "update", { id: "never", version: "1", set: { phone: "2" } }),
    op("gone twice", "delete", { id: gone, version: "1" }),
    op("gone twice, unguarded", "delete", { id: gone }),
    op("invalid", "create", { set: { email: 5 } }),
    op("fine", "create", { set: {} }),
  ])
  expect(outcomes.map((outcome) => outcome.ref)).toEqual([
    "stale",
    "stale delete",
    "gone",
    "gone, unguarded",
    "never",
    "gone twice",
    "gone twice, unguarded",
    "invalid",
    "fine",
  ])
  expect(classes(outcomes)).toEqual([
    "failed conflict",
    "failed conflict",
    "failed gone",
    "failed gone",
    "failed notFound",
    "applied",
    "applied",
    "failed invalid",
    "applied",
  ])
  expect(outcomes[7]).toMatchObject({ fault: { fields: { email: expect.stringContaining("must be text") } } })
  expect((await crm.call("GET", `/contacts/${moved}`)).body["phone"]).toBe("1")
})

test("a clash of unique addresses names the contact that has it", async () => {
  const { crm, connector } = await connect({ uniqueEmail: true })
  const id = await crm.add({ email: "a@x.com" })
  const outcomes = await connector.push("contacts", [op("a", "create", { set: { email: "A@x.com" } })])
  expect(outcomes).toMatchObject([{ status: "failed", fault: { class: "duplicate", existingId: id } }])
})

test("the same create twice makes one contact", async () => {
  const { crm, connector } = await connect()
  const create = op("a", "create", { set: { first_name: "Ada" } })
  const [first] = await connector.push("contacts", [create])
  const [second] = await connector.push("contacts", [{ ...create, ref: "later" }])
  expect(second).toEqual({ ...first, ref: "later" })
  expect((await crm.call("GET", "/contacts")).body["total"]).toBe(1)
})

describe("where the answer is missing", () => {
  test.each([
    [{ kind: "applied-no-answer" }, 1],
    [{ kind: "truncated" }, 1],
    [{ kind: "truncated", mode: "connection" }, 1],
    [{ kind: "html" }, 0],
    [{ kind: "status", status: 500 }, 0],
    [{ kind: "status", status: 503 }, 0],
    [{ kind: "outage" }, 0],
  ])("%j leaves every operation unknown, and the same again settles it", async (order, made) => {
    const { crm, connector, fault } = await connect()
    await fault({ ...order, times: 1, match: { path: "batch" } })
    const ops = [op("a", "create", { set: { first_name: "Ada" } })]
    expect(classes(await connector.push("contacts", ops))).toEqual(["unknown unknown"])
    expect((await crm.call("GET", "/contacts")).body["total"]).toBe(made)
    expect(classes(await connector.push("contacts", ops))).toEqual(["applied"])
    expect((await crm.call("GET", "/contacts")).body["total"]).toBe(1)
  })

  test("in part, only that part is unknown, also when results come in another order", async () => {
    const { connector, fault } = await connect()
    const ops = ["a", "b", "c", "d"].map((ref) => op(ref, "create", { set: { first_name: ref } }))
    await fault({ kind: "partial-batch", drop_every: 2, shuffle: true, times: 1 })
    const outcomes = await connector.push("contacts", ops)
    expect(classes(outcomes)).toEqual(["applied", "unknown unknown", "applied", "unknown unknown"])
    expect(outcomes[2]).toMatchObject({ ref: "c", item: { first_name: "c" } })
    await fault({ kind: "partial-batch", fail_every: 2, times: 1 })
    const others = ["e", "f"].map((ref) => op(ref, "create"))
    expect(classes(await connector.push("contacts", others))).toEqual(["applied", "failed transient"])
  })
})

test("a batch that was certainly not carried out is a fault of the whole call", async () => {
  const { connector, fault } = await connect()
  await fault({ kind: "rate-limit", times: 1, retry_after: 9 })
  await expect(connector.push("contacts", [op("a", "create")])).rejects.toMatchObject({
    fault: { class: "rateLimited", retryAfterMs: 9000 },
  })
})

test("more operations than one call takes go out in several", async () => {
  const { crm, connector, statuses } = await connect()
  const ops = Array.from({ length: 101 }, (_, n) => op(`o${n}`, "create"))
  const outcomes = await connector.push("contacts", ops)
  expect(new Set(outcomes.map((outcome) => outcome.ref)).size).toBe(101)
  expect(await statuses()).toEqual([200, 200])
  expect((await crm.call("GET", "/contacts")).body["total"]).toBe(101)
})
