import { describe, expect, it } from "vitest"
import { connected, contact } from "./connected.ts"

const people = (count: number, at: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => contact(String(index + 1), { email: `p${index + 1}@harbour.example` }, at(index)))

describe("a delta", () => {
  it("reads on where an import gave more contacts the same millisecond than a search shows at once", async () => {
    const { connector, calls } = await connected({ seed: { contacts: people(450, () => "2026-02-01T08:00:00Z") } })
    const { changes, complete } = await connector.scan("contacts", "delta", null, 200)
    expect([new Set(changes.map(({ id }) => id)).size, complete]).toEqual([450, true])
    // every search is the first page of its own window
    expect(calls("/search").filter(({ body }) => JSON.stringify(body).includes('"after"'))).toEqual([])
  })

  it("tells of everybody although people are edited between its pages", async () => {
    const { system, connector } = await connected({
      seed: { contacts: people(450, (index) => new Date(Date.UTC(2026, 1, 1) + index * 1000).toISOString()) },
    })
    const seen = new Set<string>()
    let cursor = null as Awaited<ReturnType<typeof connector.pull>>["next"]
    for (let page = 0; ; page += 1) {
      const read = await connector.pull("contacts", { mode: "delta", cursor, limit: 200 })
      for (const { id } of read.changes) seen.add(id)
      // whoever was read already moves to the end, and everybody else up
      for (let id = page * 40 + 1; id <= page * 40 + 40; id += 1) system.world.update("contacts", String(id), { city: "Lund" })
      cursor = read.next
      if (!read.more) break
    }
    expect(seen.size).toBe(450)
  })

  it("tells who was merged into whom, and who was archived", async () => {
    const { system, connector } = await connected({ seed: { contacts: people(4, () => "2026-02-01T08:00:00Z") } })
    const { next } = await connector.scan("contacts", "snapshot", null)
    system.world.merge("contacts", "1", "2")
    system.world.merge("contacts", "1", "3")
    system.world.archive("contacts", "4")
    const { changes } = await connector.scan("contacts", "delta", next)
    expect(changes).toContainEqual(expect.objectContaining({ kind: "merge", id: "2", into: "1" }))
    expect(changes).toContainEqual(expect.objectContaining({ kind: "merge", id: "3", into: "1" }))
    expect(changes).toContainEqual(expect.objectContaining({ kind: "delete", id: "4", soft: false }))
    expect(changes.at(-1)).toMatchObject({ kind: "upsert", id: "1" })
  })

  it("asks for the properties that a pipeline maps", async () => {
    const seed = {
      properties: { contacts: [{ name: "shoe_size", type: "number" }] },
      contacts: [contact("1", { email: "ada@harbour.example", shoe_size: "38" })],
    }
    const { connector } = await connected({ seed }, { contactProperties: ["shoe_size"] })
    for (const mode of ["snapshot", "delta"] as const)
      expect((await connector.scan("contacts", mode, null)).changes).toMatchObject([{ item: { shoe_size: "38" } }])
  })
})

describe("a lookup", () => {
  it("finds whoever was merged under the old id and the old address", async () => {
    const { system, connector } = await connected({ seed: { contacts: people(3, () => "2026-02-01T08:00:00Z") } })
    system.world.merge("contacts", "1", "2")
    expect(await connector.lookup("contacts", "id", ["2", "3", "99"])).toMatchObject([
      { found: { id: "1" } },
      { found: { id: "3" } },
      { fault: { class: "notFound" } },
    ])
    expect(await connector.lookup("contacts", "email", ["P2@harbour.example", "no@one.example"])).toMatchObject([
      { found: { id: "1" } },
      { fault: { class: "notFound" } },
    ])
  })
})

describe("rates", () => {
  it("keep searches below four a second, and let other calls be", async () => {
    const { system, connector, calls } = await connected({ seed: { contacts: people(1, () => "2026-02-01T08:00:00Z") } })
    system.clock.freeze(true)
    const { next } = await connector.scan("contacts", "snapshot", null)
    for (let at = 0; at < 12; at += 1) await connector.lookup("contacts", "id", ["1"])
    expect(connector.waitedMs()).toBe(0)
    for (let at = 0; at < 9; at += 1) await connector.scan("contacts", "delta", next)
    // four at once, four after a second, one after another
    expect([calls("/search").length, Math.round(connector.waitedMs() / 1000)]).toEqual([9, 2])
    expect(system.requests().filter(({ refusedBy }) => refusedBy !== undefined)).toEqual([])
  })

  it.each([
    ["SECONDLY", 1000],
    ["TEN_SECONDLY_ROLLING", 10_000],
    ["DAILY", 3_600_000],
  ])("a 429 by the policy %s is waited for %d ms", async (policyName, retryAfterMs) => {
    const { system, connector } = await connected()
    system.faults.order({ kind: "status", status: 429, body: { status: "error", message: "slower", errorType: "RATE_LIMIT", policyName } })
    await expect(connector.check()).rejects.toMatchObject({ fault: { class: "rateLimited", retryAfterMs } })
  })
})
