import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Connector, JsonObject } from "@syncline/connector"
import { connect, create, pushAll, remove, update, type Connected } from "./connected.ts"
import { listIn, members } from "../platform.ts"

describe("pushing members", () => {
  let connected: Connected
  let connector: Connector
  beforeAll(async () => {
    connected = await connect()
    connector = connected.connector
  })
  afterAll(() => connected.close())
  beforeEach(() => connected.platform.call("POST", "/admin/reset"))

  const one = async (op: Parameters<typeof pushAll>[1][number]) => {
    const [outcome] = await pushAll(connector, [op])
    if (outcome === undefined) throw new Error("no outcome")
    return outcome
  }
  const person = (address: string, more: JsonObject = {}) => create({ email_address: address, ...more })
  const everyone = async () => listIn((await connected.platform.call("GET", `${members}?sort=created&count=1000`)).body)
  const order = (fault: JsonObject) => connected.platform.call("POST", "/admin/faults", fault)
  const writes = async () => (await connected.platform.call("GET", "/admin/requests")).body["writes"]

  it("500 creates are one request, each with its item", async () => {
    const ops = Array.from({ length: 500 }, (_, i) => person(`P${i}@x.com`, { merge_fields: { FNAME: ` N${i} `, PHONE: null } }))
    const outcomes = await pushAll(connector, ops)
    expect(outcomes[499]).toMatchObject({
      status: "applied",
      item: { email_address: "p499@x.com", merge_fields: { FNAME: "N499", PHONE: "" } },
    })
    expect(await writes()).toBe(1)
    const requests = listIn((await connected.platform.call("GET", "/admin/requests")).body, "requests")
    expect(requests).toHaveLength(1)
  })

  it("a create never touches a stranger with the same address: it is a duplicate that names them", async () => {
    await one(person("a@x.com", { status: "unsubscribed" }))
    const [there] = await everyone()
    const outcome = await one(person(" A@x.com", { status: "subscribed" }))
    expect(outcome).toMatchObject({ status: "failed", fault: { class: "duplicate", existingId: there?.["id"] } })
    expect((await everyone())[0]?.["status"]).toBe("unsubscribed")
  })

  it("creates of one address in one call: the first wins, the second is a duplicate", async () => {
    const outcomes = await pushAll(connector, [person("a@x.com"), person("A@X.com")])
    expect(outcomes).toMatchObject([{ status: "applied" }, { status: "failed", fault: { class: "duplicate" } }])
  })

  it("a create over an archived address brings the member back", async () => {
    const created = await one(person("a@x.com"))
    await one(remove(created))
    const again = await one(person("a@x.com", { status: "subscribed" }))
    expect(again).toMatchObject({ status: "applied", item: { status: "subscribed" } })
    expect(again).toMatchObject(created.status === "applied" ? { secondary: created.secondary } : {})
  })

  it("an update changes only what it names, null clears", async () => {
    const created = await one(person("a@x.com", { merge_fields: { FNAME: "A", LNAME: "B" }, tags: ["t"] }))
    const outcome = await one(update(created, { merge_fields: { FNAME: null } }))
    expect(outcome).toMatchObject({ status: "applied", item: { merge_fields: { FNAME: "", LNAME: "B" }, tags: ["t"] } })
    expect(await one(update(created, { tags: null }))).toMatchObject({ status: "applied", item: { tags: [] } })
  })

  it("a changed address gives the new id beside the same contact id, also when the id asked for is out of date", async () => {
    const created = await one(person("a@x.com"))
    const moved = await one(update(created, { email_address: "B@x.com" }))
    if (created.status !== "applied" || moved.status !== "applied") throw new Error("not applied")
    expect(moved.id).not.toBe(created.id)
    expect(moved.secondary).toBe(created.secondary)
    expect(await one(update(created, { tags: ["by the old id"] }))).toMatchObject({ status: "applied", id: moved.id })
  })

  it("an address held by somebody else is a duplicate that names them", async () => {
    const [a, b] = await pushAll(connector, [person("a@x.com"), person("b@x.com")])
    if (a === undefined || b?.status !== "applied") throw new Error("not applied")
    expect(await one(update(a, { email_address: "b@x.com" }))).toMatchObject({
      status: "failed",
      fault: { class: "duplicate", existingId: b.id },
    })
  })

  it("a chain of address changes in one call goes through in its order", async () => {
    const [a, b] = await pushAll(connector, [person("a@x.com"), person("b@x.com")])
    if (a === undefined || b === undefined) throw new Error("not applied")
    const outcomes = await pushAll(connector, [update(b, { email_address: "c@x.com" }), update(a, { email_address: "b@x.com" })])
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["applied", "applied"])
    expect((await everyone()).map((member) => member["email_address"])).toEqual(["b@x.com", "c@x.com"])
  })

  it("a member that reads otherwise than it did is a conflict, and is not written", async () => {
    const created = await one(person("a@x.com", { merge_fields: { FNAME: "A" } }))
    const id = created.status === "applied" ? created.id : ""
    await connected.platform.call("PATCH", `${members}/${id}`, { merge_fields: { FNAME: "Edited" } })
    const seen = { email_address: "a@x.com", merge_fields: { FNAME: "A", LNAME: "" }, tags: [] }
    const outcomes = await pushAll(connector, [update(created, { tags: ["t"] }, seen), remove(created, seen), person("ok@x.com")])
    expect(outcomes).toMatchObject([
      { status: "failed", fault: { class: "conflict", message: expect.stringContaining("merge_fields.FNAME") } },
      { status: "failed", fault: { class: "conflict" } },
      { status: "applied" },
    ])
    expect((await everyone())[0]).toMatchObject({ tags: [], status: "subscribed" })
    expect(await one(update(created, { tags: ["t"] }, { merge_fields: { FNAME: "Edited" } }))).toMatchObject({ status: "applied" })
  })

  it("a member that was archived meanwhile is a conflict for an update", async () => {
    const created = await one(person("a@x.com"))
    await one(remove(created))
    expect(await one(update(created, { tags: ["t"] }))).toMatchObject({ status: "failed", fault: { class: "conflict" } })
  })

  it("a delete archives; repeated, or of one who is gone for good, it succeeds without a write", async () => {
    const created = await one(person("a@x.com"))
    const id = created.status === "applied" ? created.id : ""
    expect(await one(remove(created))).toMatchObject({ status: "applied", id })
    expect((await everyone())[0]?.["status"]).toBe("archived")
    const before = await writes()
    expect(await one(remove(created))).toMatchObject({ status: "applied", id })
    expect(await writes()).toBe(before)
    await connected.platform.call("POST", `${members}/${id}/actions/delete-permanent`)
    expect(await one(remove(created))).toMatchObject({ status: "applied", id })
    expect(await one(update(created, { tags: [] }))).toMatchObject({ status: "failed", fault: { class: "notFound" } })
  })

  it("bad values are blamed on the right member and field, the others go through", async () => {
    const outcomes = await pushAll(connector, [
      person("ok@x.com"),
      person("not an address"),
      person("long@x.com", { merge_fields: { LNAME: "x".repeat(300) } }),
      create({ merge_fields: { FNAME: "nobody" } }),
      create({ email_address: "x@x.com", last_changed: "now" }),
    ])
    expect(outcomes).toMatchObject([
      { status: "applied" },
      { status: "failed", fault: { class: "invalid", fields: { email_address: expect.any(String) } } },
      { status: "failed", fault: { class: "invalid", fields: { "merge_fields.LNAME": expect.any(String) } } },
      { status: "failed", fault: { class: "invalid", fields: { email_address: expect.any(String) } } },
      { status: "failed", fault: { class: "invalid", fields: { last_changed: expect.any(String) } } },
    ])
  })

  it.each([
    ["failed", "failed", "transient"],
    ["missing", "unknown", "unknown"],
    ["unreported", "unknown", "unknown"],
  ])("of a batch whose rest is %s, that rest is %s", async (rest, status, kind) => {
    await order({ kind: "partial-batch", times: 1, keep: 1, rest })
    const outcomes = await pushAll(connector, [person("a@x.com"), person("b@x.com")])
    expect(outcomes).toMatchObject([{ status: "applied" }, { status, fault: { class: kind } }])
  })

  it.each(["applied-no-answer", "truncated", "html", "outage", "status"])("after %s nobody knows what was written", async (kind) => {
    await order({ kind, times: 1, match: { method: "POST" } })
    const outcomes = await pushAll(connector, [person("a@x.com"), person("b@x.com")])
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["unknown", "unknown"])
    expect(await writes()).toBe(1)
  })

  it.each([
    ["rate-limit", "rateLimited"],
    ["unauthorized", "auth"],
  ])("%s refuses the whole call, and nothing is written", async (kind, fault) => {
    await order({ kind, times: 1, match: { method: "POST" } })
    await expect(connector.push("members", [person("a@x.com")])).rejects.toMatchObject({ fault: { class: fault } })
    expect(await everyone()).toEqual([])
  })

  it("a read that fails before the write refuses the whole call, and nothing is written", async () => {
    const created = await one(person("a@x.com"))
    const before = await writes()
    await order({ kind: "outage", times: 10 })
    await expect(connector.push("members", [update(created, { tags: ["t"] })])).rejects.toMatchObject({ fault: { class: "transient" } })
    await connected.platform.call("DELETE", "/admin/faults")
    expect(await writes()).toBe(before)
  })
})

describe("pushing without contact ids", () => {
  it("members are found by the hash of their address, and one who is not there proves nothing", async () => {
    const { platform, connector, close } = await connect({ exposeContactId: false }, { exposeContactId: false })
    try {
      const [created] = await pushAll(connector, [create({ email_address: "a@x.com" })])
      if (created?.status !== "applied") throw new Error("not applied")
      expect(created).not.toHaveProperty("secondary")
      expect(await pushAll(connector, [update(created, { email_address: "b@x.com" }, { email_address: "a@x.com" })])).toMatchObject([
        { status: "applied", item: { email_address: "b@x.com" } },
      ])
      expect(await pushAll(connector, [update(created, { tags: ["t"] }), remove(created)])).toMatchObject([
        { status: "failed", fault: { class: "notFound" } },
        { status: "failed", fault: { class: "notFound" } },
      ])
      expect((await platform.call("GET", members)).body["total_items"]).toBe(1)
    } finally {
      await close()
    }
  })

  it("contact ids that the platform shows are left unread if the configuration says so", async () => {
    const { connector, close } = await connect({}, { exposeContactId: false })
    try {
      const [created] = await pushAll(connector, [create({ email_address: "a@x.com" })])
      expect(created).not.toHaveProperty("secondary")
      const { changes } = await connector.pull("members", { mode: "snapshot", cursor: null, limit: 10 })
      expect(changes[0]).not.toHaveProperty("secondary")
    } finally {
      await close()
    }
  })

  it("a timeout after sending leaves everything unknown", async () => {
    const { platform, connector, close } = await connect({}, {}, { timeoutMs: 100 })
    try {
      await platform.call("POST", "/admin/faults", { kind: "latency", ms: 60_000, times: 1, match: { method: "POST" } })
      expect(await pushAll(connector, [create({ email_address: "a@x.com" })])).toMatchObject([{ status: "unknown" }])
    } finally {
      await close()
    }
  })
})
