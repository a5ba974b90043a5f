import { expect, test } from "vitest"
import { FaultError } from "@syncline/connector"
import { retentionMs } from "../../src/server/options.ts"
import { connect, pullAll } from "./connected.ts"

test("a snapshot gives each contact once with version and times, then the total and the clock", async () => {
  const { crm, connector } = await connect({ now: () => Date.parse("2026-01-01T00:00:00.123Z") })
  const ids: string[] = []
  for (let n = 0; n < 5; n++) ids.push(await crm.add({ first_name: `P${n}`, account: { name: "A" } }))
  const pages = await pullAll(connector, "snapshot", null, 2)
  expect(pages.map((page) => [page.changes.length, page.more, page.complete, page.total])).toEqual([
    [2, true, false, 5],
    [2, true, false, 5],
    [1, false, true, 5],
  ])
  const changes = pages.flatMap((page) => page.changes)
  expect(changes.map((change) => change.id)).toEqual(ids)
  expect(changes[0]).toMatchObject({
    kind: "upsert",
    version: "1",
    at: "2026-01-01T00:00:00.123Z",
    item: { first_name: "P0", account: { name: "A" } },
    fieldTimes: { "account.name": "2026-01-01T00:00:00.123Z" },
  })
  expect(changes[0]).not.toHaveProperty("item.field_times")
  expect(pages.every((page) => page.asOf === "2026-01-01T00:00:00.000Z")).toBe(true)
})

test("what changes while a snapshot is read is told by the delta after it", async () => {
  const { crm, connector } = await connect()
  const first = await crm.add({ first_name: "A" })
  const second = await crm.add({ first_name: "B" })
  const page = await connector.pull("contacts", { mode: "snapshot", cursor: null, limit: 1 })
  await crm.call("PATCH", `/contacts/${first}`, { json: { first_name: "changed" } })
  await crm.call("DELETE", `/contacts/${second}`)
  const rest = await pullAll(connector, "snapshot", page.next, 1)
  const delta = await pullAll(connector, "delta", rest.at(-1)?.next ?? null)
  expect(delta.flatMap((each) => each.changes)).toMatchObject([
    { kind: "upsert", id: first, version: "2", item: { first_name: "changed" } },
    { kind: "delete", id: second, soft: false, version: "2" },
  ])
})

test("a quiet delta costs one 304, again and again, and its cursor stays as it is", async () => {
  const { crm, connector, statuses } = await connect()
  await crm.add({})
  const snapshot = await pullAll(connector, "snapshot", null)
  const first = await connector.pull("contacts", { mode: "delta", cursor: snapshot.at(-1)?.next ?? null, limit: 100 })
  await statuses()
  const second = await connector.pull("contacts", { mode: "delta", cursor: first.next, limit: 500 })
  const third = await connector.pull("contacts", { mode: "delta", cursor: second.next, limit: 100 })
  expect(await statuses()).toEqual([304, 304])
  expect(third).toMatchObject({ changes: [], more: false, complete: true, next: first.next })
  const id = await crm.add({})
  const busy = await connector.pull("contacts", { mode: "delta", cursor: third.next, limit: 100 })
  expect(busy.changes.map((change) => change.id)).toEqual([id])
})

test("several changes of one contact on a page become one", async () => {
  const { crm, connector } = await connect()
  const id = await crm.add({ phone: "1" })
  const brief = await crm.add({})
  for (const phone of ["2", "3"]) await crm.call("PATCH", `/contacts/${id}`, { json: { phone } })
  await crm.call("DELETE", `/contacts/${brief}`)
  const [page] = await pullAll(connector, "delta", null)
  expect(page?.changes).toMatchObject([
    { kind: "upsert", id, item: { phone: "3" }, version: "3" },
    { kind: "delete", id: brief },
  ])
})

test("pages of size one tell the same as one large page", async () => {
  const { crm, connector } = await connect()
  const ids = [await crm.add({}), await crm.add({}), await crm.add({})]
  await crm.call("DELETE", `/contacts/${ids[0] ?? ""}`)
  const last = (pages: Awaited<ReturnType<typeof pullAll>>) =>
    [...new Map(pages.flatMap((page) => page.changes).map((change) => [change.id, change.kind]))].sort()
  expect(last(await pullAll(connector, "delta", null, 1))).toEqual(last(await pullAll(connector, "delta", null, 100)))
})

test("an expired, a foreign and an unfinished snapshot's cursor all ask for a full scan", async () => {
  let now = Date.parse("2026-01-01T00:00:00Z")
  const { crm, connector } = await connect({ now: () => now })
  await crm.add({})
  await crm.add({})
  const snapshot = await connector.pull("contacts", { mode: "snapshot", cursor: null, limit: 1 })
  now += retentionMs + 1
  for (const cursor of [{ scan: "delta", since: 0 }, { scan: "delta", since: 99 }, { offset: 7 }, "x", snapshot.next]) {
    const pull = connector.pull("contacts", { mode: "delta", cursor, limit: 10 })
    await expect(pull).rejects.toThrow(FaultError)
    await expect(pull).rejects.toMatchObject({ fault: { class: "cursorExpired" } })
  }
})

test("an answer that is cut, a web page or nonsense is a transient fault, never an empty page", async () => {
  const { crm, connector, fault } = await connect()
  await crm.add({})
  for (const order of [
    { kind: "truncated" },
    { kind: "truncated", mode: "connection" },
    { kind: "html" },
    { kind: "outage" },
    { kind: "status", status: 500 },
  ]) {
    await fault({ ...order, times: 3 })
    await expect(connector.pull("contacts", { mode: "delta", cursor: null, limit: 10 })).rejects.toMatchObject({
      fault: { class: "transient" },
    })
    await crm.call("DELETE", "/admin/faults")
  }
})

test("a short-lived token is renewed on the way", async () => {
  let now = Date.parse("2026-01-01T00:00:00Z")
  const { connector, crm, stats } = await connect({ now: () => now, token: null }, { clientId: "demo-client", clientSecret: "demo-secret" })
  await connector.check()
  now += 10 * 60_000
  await connector.check()
  expect(stats().tokens).toBe(2)
  expect(JSON.stringify((await crm.call("GET", "/admin/requests")).body)).not.toContain("demo-secret")
})

test("wrong credentials are an auth fault, and say nothing secret", async () => {
  const { connector } = await connect({}, { token: "wrong-token" })
  await expect(connector.check()).rejects.toMatchObject({ fault: { class: "auth", message: expect.not.stringContaining("wrong-token") } })
})
