import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Json } from "@syncline/connector"
import { demoKey } from "../../src/server/index.ts"
import { basic, listIn, members, startPlatform, type Platform } from "../platform.ts"

describe("the gate and the admin port", () => {
  let platform: Platform
  beforeAll(async () => {
    platform = await startPlatform()
  })
  afterAll(() => platform.close())
  beforeEach(() => platform.call("POST", "/admin/reset"))

  const order = (fault: Json) => platform.call("POST", "/admin/faults", fault)
  const addMany = (count: number) =>
    platform.call("POST", "/lists/newsletter/batch", {
      members: Array.from({ length: count }, (_, i) => ({ email_address: `p${i}@x.com` })),
    })
  const total = async () => (await platform.call("GET", members)).body["total_items"]

  it("the key is taken as basic password, bearer token or header, and nothing else", async () => {
    const status = async (headers: Record<string, string>) => (await fetch(`${platform.url}/ping`, { headers })).status
    expect(await status({ authorization: basic })).toBe(200)
    expect(await status({ authorization: `Bearer ${demoKey}` })).toBe(200)
    expect(await status({ "x-api-key": demoKey })).toBe(200)
    expect(await status({ authorization: "Bearer wrong" })).toBe(401)
    expect(await status({ authorization: "Basic ???" })).toBe(401)
    expect(await status({})).toBe(401)
  })

  it("the eleventh request at once is a 429 that does not say when to come back", async () => {
    await order({ kind: "latency", ms: 60_000, times: 10, match: { path: "^/ping$" } })
    const stop = new AbortController()
    const waiting = Array.from({ length: 10 }, () =>
      fetch(`${platform.url}/ping`, { headers: { authorization: basic }, signal: stop.signal }).catch(() => null),
    )
    // Faults are used up on arrival: none is left once all ten are in.
    await expect.poll(async () => (await platform.call("GET", "/admin/faults")).body["faults"]).toEqual([])
    const { status, headers } = await platform.call("GET", "/ping")
    expect(status).toBe(429)
    expect(headers.has("retry-after")).toBe(false)
    stop.abort()
    await Promise.all(waiting)
    await expect.poll(async () => (await platform.call("GET", "/ping")).status).toBe(200)
  })

  it("the log tells reads from writes, and names whom they were about", async () => {
    const before = Number((await platform.call("GET", "/admin/requests")).body["last"])
    await platform.call("POST", members, { email_address: "A@x.com" })
    await platform.call("GET", `${members}?emails=a@x.com`)
    const { body } = await platform.call("GET", "/admin/requests")
    expect(body).toMatchObject({ writes: 1, last: before + 2 })
    expect(listIn(body, "requests")).toMatchObject([
      {
        seq: before + 1,
        method: "POST",
        status: 201,
        write: true,
        addresses: ["A@x.com"],
        writes: [{ action: "created", email_address: "a@x.com" }],
      },
      { seq: before + 2, method: "GET", status: 200, write: false, addresses: ["a@x.com"], writes: [] },
    ])
    expect(listIn((await platform.call("GET", `/admin/requests?since=${before + 1}`)).body, "requests")).toHaveLength(1)
    await platform.call("DELETE", "/admin/requests")
    expect((await platform.call("GET", "/admin/requests")).body["requests"]).toEqual([])
  })

  it("the clock can be set, and dates answers and members", async () => {
    await platform.call("POST", "/admin/clock", { set: "2030-01-02T03:04:05Z", freeze: true })
    const { headers, body } = await platform.call("POST", members, { email_address: "a@x.com" })
    expect(headers.get("date")).toBe("Wed, 02 Jan 2030 03:04:05 GMT")
    expect(body["last_changed"]).toBe("2030-01-02T03:04:05Z")
  })

  it("an outage passes by itself on the platform's clock", async () => {
    await platform.call("POST", "/admin/clock", { freeze: true })
    await order({ kind: "outage", for_ms: 20 * 60_000 })
    expect((await platform.call("GET", "/ping")).status).toBe(503)
    await platform.call("POST", "/admin/clock", { advance_ms: 20 * 60_000 })
    expect((await platform.call("GET", "/ping")).status).toBe(200)
  })

  it("a write can be applied without an answer", async () => {
    await order({ kind: "applied-no-answer", times: 1, match: { method: "POST" } })
    await expect(platform.call("POST", members, { email_address: "a@x.com" })).rejects.toThrow()
    expect(await total()).toBe(1)
    expect(listIn((await platform.call("GET", "/admin/requests")).body, "requests")[0]).toMatchObject({
      status: 0,
      fault: "applied-no-answer",
    })
  })

  it.each([
    ["failed", 2, 2],
    ["missing", 2, 0],
    ["unreported", 4, 0],
  ])("the rest of a partial batch is %s", async (rest, applied, errors) => {
    await order({ kind: "partial-batch", times: 1, rest })
    const { body } = await addMany(4)
    expect(body).toMatchObject({ total_created: 2, error_count: errors })
    expect(await total()).toBe(applied)
  })

  it("reads can be stale, empty, halved, cut or no JSON at all", async () => {
    await addMany(4)
    const member = listIn((await platform.call("GET", members)).body)[0]
    await platform.call("PATCH", `${members}/${String(member?.["id"])}`, { tags: ["new"] })
    await platform.call("POST", members, { email_address: "late@x.com" })
    await order([{ kind: "stale-read", times: 1 }])
    expect((await platform.call("GET", `${members}?emails=late@x.com`)).body["members"]).toEqual([])
    await order([
      { kind: "empty-list", times: 1 },
      { kind: "half-list", times: 1 },
    ])
    // Lookups go through, and do not use up what is meant for lists.
    expect((await platform.call("GET", `${members}?emails=late@x.com`)).body["total_items"]).toBe(1)
    expect(await total()).toBe(0)
    expect(await total()).toBe(2)
    await order([{ kind: "truncated", times: 1 }])
    await expect(platform.call("GET", members)).rejects.toThrow(SyntaxError)
    await order([{ kind: "html", times: 1 }])
    const page = await fetch(platform.url + members, { headers: { authorization: basic } })
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("<!doctype html>")])
    expect(await total()).toBe(5)
  })

  it("a stale read shows a member as it was before its latest write", async () => {
    await platform.call("POST", "/admin/seed", [{ email_address: "a@x.com", tags: ["old"] }])
    await platform.call("POST", "/lists/newsletter/batch", { members: [{ match: "a@x.com", tags: ["new"] }] })
    await order({ kind: "stale-read", times: 1 })
    expect(listIn((await platform.call("GET", members)).body)[0]?.["tags"]).toEqual(["old"])
    expect(listIn((await platform.call("GET", members)).body)[0]?.["tags"]).toEqual(["new"])
  })

  it("an order that makes no sense is refused with what would", async () => {
    for (const fault of [{ kind: "earthquake" }, { kind: "outage", match: { path: "(" } }, { kind: "status", status: 7 }, 5]) {
      expect((await order(fault)).status).toBe(400)
    }
  })

  it("merge fields can be added, removed and made mandatory", async () => {
    await platform.call("POST", "/admin/schema", { add: ["CITY"], remove: ["PHONE"], required: ["LNAME"] })
    const refused = await platform.call("POST", members, { email_address: "a@x.com", merge_fields: { PHONE: "1" } })
    expect(refused.body["error"]).toMatchObject({ code: "unknown_field", field: "merge_fields.PHONE" })
    const blank = await platform.call("POST", members, { email_address: "a@x.com" })
    expect(blank.body["error"]).toMatchObject({ code: "required_field", field: "merge_fields.LNAME" })
    const { body } = await platform.call("POST", members, { email_address: "a@x.com", merge_fields: { LNAME: "A" } })
    expect(body["merge_fields"]).toEqual({ FNAME: "", LNAME: "A", COMPANY: "", CITY: "" })
  })

  it("broken JSON and unknown paths get a plain error", async () => {
    const broken = await fetch(platform.url + members, {
      method: "POST",
      headers: { authorization: basic, "content-type": "application/json" },
      body: "{",
    })
    expect([broken.status, await broken.json()]).toEqual([
      400,
      { error: { code: "invalid_request", message: "the body is not valid JSON" } },
    ])
    expect((await platform.call("GET", "/nowhere")).status).toBe(404)
  })
})
