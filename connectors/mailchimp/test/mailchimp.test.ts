import { describe, expect, it } from "vitest"
import { hashOf } from "../fake/member.ts"
import { connected, member } from "./connected.ts"

const create = (email: string, more = {}) => ({ kind: "create" as const, set: { email_address: email, status: "subscribed", ...more } })

describe("creates", () => {
  it("go out five hundred at a time, and errors find their way back by address, however it is written", async () => {
    const { connector, writes } = await connected(member("ada@harbour.example"))
    const outcomes = await connector.write(
      "members",
      ...Array.from({ length: 497 }, (_, at) => create(`p${at}@harbour.example`)),
      create("Ben@Okafor.Example"),
      create("ADA@harbour.example"),
      create("nonsense"),
    )
    expect(writes().map(({ path, changed }) => [path, changed])).toEqual([["/3.0/lists/a1b2c3d4e5", 498]])
    expect(outcomes.slice(-3)).toMatchObject([
      { status: "applied", id: hashOf("ben@okafor.example"), item: { email_address: "Ben@Okafor.Example" } },
      { status: "failed", fault: { class: "duplicate", existingId: hashOf("ada@harbour.example") } },
      { status: "failed", fault: { class: "invalid" } },
    ])
  })

  it("bring back who was archived, under the same contact_id", async () => {
    const { connector, find } = await connected(member("ada@harbour.example", { status: "archived" }))
    const before = find("ada@harbour.example")?.contactId
    const [outcome] = await connector.write("members", create("ada@harbour.example"))
    expect(outcome).toMatchObject({ status: "applied", secondary: before, item: { status: "subscribed" } })
  })

  it("are refused for good where somebody was erased for good, and the address is to blame", async () => {
    const { system, connector, find } = await connected(member("ada@harbour.example"))
    system.people?.erase?.(find("ada@harbour.example")?.contactId ?? "")
    const refused = {
      status: "failed",
      fault: { class: "invalid", fields: { email_address: expect.stringContaining("permanently deleted") } },
    }
    expect(await connector.write("members", create("ada@harbour.example"))).toMatchObject([refused])
    const batch = await connector.write("members", create("ada@harbour.example"), create("ben@okafor.example"))
    expect(batch).toMatchObject([refused, { status: "applied" }])
  })

  it("bring their tags along", async () => {
    const { connector, find, writes } = await connected()
    const tags = ["tea", "events"]
    const outcomes = await connector.write("members", create("ada@harbour.example", { tags }), create("ben@okafor.example", { tags }))
    expect(outcomes.map(({ status }) => status)).toEqual(["applied", "applied"])
    expect(find("ada@harbour.example")?.tags).toEqual(tags)
    expect(writes().length).toBe(1)
  })
})

describe("updates", () => {
  it("go by contact_id, so that whoever moved in the meantime is not added anew", async () => {
    const { system, connector, find, named } = await connected(member("ada@harbour.example", { merge_fields: { FNAME: "Ada" } }))
    const known = named("ada@harbour.example")
    system.people?.update(known.secondary ?? "", { email_address: "ada@north.example" })
    const [outcome] = await connector.write("members", {
      kind: "update",
      ...known,
      id: hashOf("ada@harbour.example"),
      set: { merge_fields: { FNAME: "Ada K." } },
      seen: { merge_fields: { FNAME: "Ada" } },
    })
    expect(outcome).toMatchObject({ status: "applied", id: hashOf("ada@north.example"), secondary: known.secondary })
    expect(find("ada@harbour.example")).toBeUndefined()
    expect(find("ada@north.example")?.mergeFields).toMatchObject({ FNAME: "Ada K." })
  })

  it("subscribe nobody who left, and say so of the status alone", async () => {
    const { connector, named } = await connected(member("ada@harbour.example", { status: "unsubscribed", compliance: true }))
    const change = (status: string) =>
      connector.write("members", { kind: "update", ...named("ada@harbour.example"), set: { status }, seen: { status: "unsubscribed" } })
    expect(await change("subscribed")).toMatchObject([
      { status: "failed", fault: { class: "invalid", fields: { status: expect.stringContaining("compliance state") } } },
    ])
    expect(await change("pending")).toMatchObject([{ status: "applied", item: { status: "pending" } }])
  })

  it("add and take away tags, and leave those that others added", async () => {
    const { system, connector, find, named } = await connected(member("ada@harbour.example", { tags: ["a", "b"] }))
    const known = named("ada@harbour.example")
    system.people?.update(known.secondary ?? "", { tags: ["a", "b", "theirs"] })
    const [outcome] = await connector.write("members", { kind: "update", ...known, set: { tags: ["b", "c"] }, seen: { tags: ["a", "b"] } })
    expect(outcome?.status).toBe("applied")
    expect(find("ada@harbour.example")?.tags.toSorted()).toEqual(["b", "c", "theirs"])
  })

  it("name the merge field that is wrong by its path", async () => {
    const { connector, named } = await connected(member("ada@harbour.example"))
    const set = { merge_fields: { FNAME: "x".repeat(300) } }
    expect(await connector.write("members", { kind: "update", ...named("ada@harbour.example"), set, seen: {} })).toMatchObject([
      { status: "failed", fault: { class: "invalid", fields: { "merge_fields.FNAME": expect.stringContaining("255") } } },
    ])
  })
})

describe("deletes", () => {
  it("archive, are told as such, and need not be repeated", async () => {
    const { connector, find, named } = await connected(member("ada@harbour.example"), member("ben@okafor.example", { status: "cleaned" }))
    const { next } = await connector.scan("members", "snapshot", null)
    const outcomes = await connector.write(
      "members",
      { kind: "delete", ...named("ada@harbour.example") },
      // there is nothing to archive in a bounced address
      { kind: "delete", ...named("ben@okafor.example") },
    )
    expect(outcomes.map(({ status }) => status)).toEqual(["applied", "applied"])
    expect(find("ada@harbour.example")?.status).toBe("archived")
    const { changes } = await connector.scan("members", "delta", next)
    expect(changes).toMatchObject([{ kind: "delete", soft: true, id: hashOf("ada@harbour.example") }])
  })
})

describe("reading", () => {
  it("misses nobody although members are edited between pages of a delta", async () => {
    const members = Array.from({ length: 30 }, (_, at) => member(`p${at}@x.example`, { last_changed: `2026-02-01T08:00:${10 + at}Z` }))
    const { system, connector, find } = await connected(...members)
    const seen = new Set<string>()
    let cursor = null as Awaited<ReturnType<typeof connector.pull>>["next"]
    for (let page = 0; ; page += 1) {
      const read = await connector.pull("members", { mode: "delta", cursor, limit: 5 })
      for (const { secondary } of read.changes) seen.add(secondary ?? "")
      const [edited] = [find(`p${page}@x.example`)]
      if (edited !== undefined) system.people?.update(edited.contactId, { merge_fields: { FNAME: `edited ${page}` } })
      cursor = read.next
      if (!read.more) break
    }
    // whoever was edited before being read is for the next delta, which begins before all of these edits
    const { changes } = await connector.scan("members", "delta", cursor)
    for (const { secondary } of changes) seen.add(secondary ?? "")
    expect(seen.size).toBe(30)
  })

  it("tells at the end of a delta how many members there are in all, not how many changed", async () => {
    const { system, connector, find } = await connected(member("ada@harbour.example"), member("ben@okafor.example"))
    const { next } = await connector.scan("members", "snapshot", null)
    const totals = async () => (await connector.pull("members", { mode: "delta", cursor: next, limit: 100 })).total
    expect(await totals()).toBe(2)
    system.people?.erase?.(find("ben@okafor.example")?.contactId ?? "")
    expect(await totals()).toBe(1)
  })

  it("takes a bare 403 for throttling, and the API's own for what it says", async () => {
    const { system, connector } = await connected()
    system.faults.order({ kind: "rate-limit" })
    await expect(connector.check()).rejects.toMatchObject({ fault: { class: "rateLimited", retryAfterMs: 60_000 } })
    system.faults.clear()
    system.faults.order({ kind: "status", status: 403, body: { title: "Forbidden", status: 403, detail: "Not for this key." } })
    await expect(connector.check()).rejects.toMatchObject({ fault: { class: "forbidden" } })
  })

  it("never has more than ten requests under way", async () => {
    const { system, connector } = await connected(...Array.from({ length: 40 }, (_, at) => member(`p${at}@x.example`)))
    await connector.lookup(
      "members",
      "email",
      Array.from({ length: 40 }, (_, at) => `P${at}@x.example`),
    )
    expect(Math.max(...system.requests().map(({ concurrent }) => concurrent))).toBeLessThanOrEqual(10)
    expect(system.requests().filter(({ refusedBy }) => refusedBy !== undefined)).toEqual([])
  })
})
