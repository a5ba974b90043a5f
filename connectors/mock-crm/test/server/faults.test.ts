import { describe, expect, test, vi } from "vitest"
import { listOf, startTestCrm } from "../running-crm.ts"

const order = (json: unknown) => ({ json })

describe("a fault that was ordered", () => {
  test("cuts every connection during an outage, and writes nothing", async () => {
    const crm = await startTestCrm()
    await crm.call("POST", "/admin/faults", order({ kind: "outage" }))
    await expect(crm.call("POST", "/contacts", { json: {} })).rejects.toThrow()
    await expect(crm.call("GET", "/contacts")).rejects.toThrow()
    await crm.call("DELETE", "/admin/faults")
    expect((await crm.call("GET", "/contacts")).body["total"]).toBe(0)
  })

  test("hits as often as it says, and only what it matches", async () => {
    const crm = await startTestCrm()
    await crm.call(
      "POST",
      "/admin/faults",
      order([{ kind: "status", status: 502, retry_after: 7, times: 2, match: { method: "get", path: "^/changes" } }]),
    )
    expect((await crm.call("GET", "/contacts")).status).toBe(200)
    const hit = await crm.call("GET", "/changes")
    expect([hit.status, hit.headers.get("retry-after"), hit.body["code"]]).toEqual([502, "7", "unavailable"])
    expect((await crm.call("GET", "/changes/head")).status).toBe(502)
    expect((await crm.call("GET", "/changes")).status).toBe(200)
    expect((await crm.call("GET", "/admin/faults")).body["faults"]).toEqual([])
  })

  test("carries a write out and hangs up without an answer", async () => {
    const crm = await startTestCrm()
    await crm.call("POST", "/admin/faults", order({ kind: "applied-no-answer", times: 1 }))
    expect((await crm.call("GET", "/contacts")).status).toBe(200)
    await expect(crm.call("POST", "/contacts", { json: { first_name: "Ada" }, headers: { "idempotency-key": "k" } })).rejects.toThrow()
    const again = await crm.call("POST", "/contacts", { json: { first_name: "Ada" }, headers: { "idempotency-key": "k" } })
    expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([201, "true"])
    expect((await crm.call("GET", "/contacts")).body["total"]).toBe(1)
  })

  test("fails, hides or shuffles parts of a batch", async () => {
    const crm = await startTestCrm()
    const json = { operations: [1, 2, 3, 4].map((n) => ({ op: "create", data: { first_name: String(n) } })) }
    const batch = async (fault: object) => {
      await crm.call("POST", "/admin/faults", order({ kind: "partial-batch", times: 1, ...fault }))
      return listOf(await crm.call("POST", "/contacts/batch", { json }), "results")
    }
    expect((await batch({})).map((result) => result["status"])).toEqual([201, 503, 201, 503])
    expect((await batch({ drop_every: 2 })).map((result) => result["index"])).toEqual([0, 2])
    expect((await batch({ shuffle: true })).map((result) => result["index"])).toEqual([3, 2, 1, 0])
    expect((await crm.call("GET", "/contacts")).body["total"]).toBe(10)
  })

  test("answers reads from a replica that stopped when the fault was ordered", async () => {
    const crm = await startTestCrm()
    const id = await crm.add({ first_name: "Ada" })
    await crm.call("POST", "/admin/faults", order({ kind: "stale-read" }))
    await crm.call("PATCH", `/contacts/${id}`, { json: { first_name: "Ida" } })
    await crm.add({})
    expect((await crm.call("GET", `/contacts/${id}`)).body["first_name"]).toBe("Ada")
    expect((await crm.call("GET", "/contacts")).body["total"]).toBe(1)
    expect((await crm.call("GET", "/changes?since=1")).body).toMatchObject({ changes: [], next_since: 1 })
    expect((await crm.call("POST", "/contacts/search", { json: { ids: [id] } })).text).toContain("Ada")
    await crm.call("DELETE", "/admin/faults")
    expect((await crm.call("GET", `/contacts/${id}`)).body["first_name"]).toBe("Ida")
  })

  test("expires cursors, revokes tokens, limits the rate, and sends pages of HTML", async () => {
    const crm = await startTestCrm()
    await crm.call("POST", "/admin/faults", order([{ kind: "cursor-expired", times: 1 }]))
    expect((await crm.call("GET", "/changes")).body["code"]).toBe("cursor-expired")
    await crm.call("POST", "/admin/faults", order([{ kind: "unauthorized", times: 1 }]))
    expect((await crm.call("GET", "/contacts")).status).toBe(401)
    await crm.call("POST", "/admin/faults", order([{ kind: "rate-limit", times: 1, retry_after: 3 }]))
    expect((await crm.call("GET", "/contacts")).headers.get("retry-after")).toBe("3")
    await crm.call("POST", "/admin/faults", order([{ kind: "rate-limit", times: 1, without_header: true }]))
    expect((await crm.call("GET", "/contacts")).headers.get("retry-after")).toBeNull()
    await crm.call("POST", "/admin/faults", order([{ kind: "html", times: 1 }]))
    const page = await crm.call("POST", "/contacts", { json: {} })
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"])
    expect((await crm.call("GET", "/contacts")).body["total"]).toBe(0)
  })

  test("cuts an answer short, with or without its connection", async () => {
    const crm = await startTestCrm()
    await crm.add({})
    const whole = (await crm.call("GET", "/contacts")).text
    await crm.call("POST", "/admin/faults", order({ kind: "truncated", times: 1 }))
    expect((await crm.call("GET", "/contacts")).text).toBe(whole.slice(0, whole.length >> 1))
    await crm.call("POST", "/admin/faults", order({ kind: "truncated", mode: "connection", times: 1 }))
    await expect(crm.call("GET", "/contacts")).rejects.toThrow()
  })

  test("does not carry out what nobody waits for any more", async () => {
    const crm = await startTestCrm()
    await crm.call("POST", "/admin/faults", order({ kind: "latency", ms: 600_000, times: 1 }))
    const hangUp = new AbortController()
    const headers = { authorization: "Bearer demo-token", "content-type": "application/json" }
    const abandoned = fetch(`${crm.url}/contacts`, { method: "POST", headers, body: "{}", signal: hangUp.signal })
    await vi.waitFor(async () => expect((await crm.call("GET", "/admin/faults")).body["faults"]).toEqual([]))
    hangUp.abort()
    await expect(abandoned).rejects.toThrow("abort")
    const logged = await vi.waitFor(async () => {
      const entries = listOf(await crm.call("GET", "/admin/requests"), "requests")
      expect(entries).toHaveLength(1)
      return entries
    })
    expect(logged).toMatchObject([{ status: 0, changed: 0, faults: ["latency"] }])
  })

  test("delays, and can be cancelled by its id", async () => {
    const crm = await startTestCrm()
    const ordered = await crm.call(
      "POST",
      "/admin/faults",
      order([
        { kind: "latency", ms: 30, times: 1 },
        { kind: "latency", ms: 600_000 },
      ]),
    )
    const ids = listOf(ordered, "faults").map((fault) => fault["id"])
    expect((await crm.call("DELETE", `/admin/faults/${String(ids[1])}`)).status).toBe(204)
    expect((await crm.call("GET", "/contacts")).status).toBe(200)
    const log = listOf(await crm.call("GET", "/admin/requests"), "requests")
    expect(log.map((entry) => entry["faults"])).toEqual([["latency"]])
    expect((await crm.call("DELETE", "/admin/faults/99")).status).toBe(404)
  })

  test.each([{ kind: "flood" }, { kind: "outage", times: 0 }, { kind: "outage", for_ms: -1 }, { kind: "outage", match: { path: "(" } }, 5])(
    "is refused where it makes no sense: %j",
    async (fault) => {
      const crm = await startTestCrm()
      expect((await crm.call("POST", "/admin/faults", order([fault]))).status).toBe(422)
      expect((await crm.call("GET", "/contacts")).status).toBe(200)
    },
  )
})
