import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Connector, PullRequest } from "@syncline/connector"
import { addressesOf, connect, readAll, type Connected } from "./connected.ts"
import { listIn, members } from "../platform.ts"

const snapshot = (limit: number): PullRequest => ({ mode: "snapshot", cursor: null, limit })

describe("pulling members", () => {
  let connected: Connected
  let connector: Connector
  const start = Date.parse("2026-03-01T10:00:00.500Z")
  beforeAll(async () => {
    connected = await connect({ now: () => start })
    connector = connected.connector
  })
  afterAll(() => connected.close())
  beforeEach(() => connected.platform.call("POST", "/admin/reset"))

  const names = Array.from({ length: 9 }, (_, i) => `p${i}@x.com`)
  const seed = () =>
    connected.platform.call(
      "POST",
      "/admin/seed",
      names.map((email_address) => ({ email_address })),
    )
  const wait = (ms: number) => connected.platform.call("POST", "/admin/clock", { advance_ms: ms })
  const idOf = async (address: string) =>
    String(listIn((await connected.platform.call("GET", `${members}?emails=${address}`)).body)[0]?.["id"])
  const patch = async (address: string, body: object) =>
    connected.platform.call("PATCH", `${members}/${await idOf(address)}`, JSON.parse(JSON.stringify(body)))
  const deleteForGood = async (address: string) =>
    connected.platform.call("POST", `${members}/${await idOf(address)}/actions/delete-permanent`)

  it.each([1, 2, 4, 9, 1000])("a snapshot in pages of %i gives each member once", async (limit) => {
    await seed()
    const { changes, last } = await readAll(connector, snapshot(limit))
    expect(addressesOf(changes)).toEqual(names)
    expect(last).toMatchObject({ complete: true, more: false, total: 9, asOf: "2026-03-01T10:00:00.000Z" })
  })

  it("an empty list is a complete snapshot", async () => {
    expect(await connector.pull("members", snapshot(10))).toMatchObject({ changes: [], more: false, complete: true, total: 0 })
  })

  it("a member comes with its version, time and stable id", async () => {
    await seed()
    const { changes } = await connector.pull("members", snapshot(1))
    expect(changes[0]).toMatchObject({
      kind: "upsert",
      id: await idOf("p0@x.com"),
      secondary: expect.stringMatching(/^\w+$/),
      at: "2026-03-01T10:00:00Z",
      version: "2026-03-01T10:00:00Z",
      item: { email_address: "p0@x.com", status: "subscribed", tags: [] },
    })
  })

  it("an archived member is a soft delete, in snapshots and deltas", async () => {
    await seed()
    await patch("p3@x.com", { status: "archived" })
    const { changes, last } = await readAll(connector, snapshot(4))
    expect(changes.filter((change) => change.kind === "delete")).toEqual([
      expect.objectContaining({ id: await idOf("p3@x.com"), soft: true }),
    ])
    const delta = await readAll(connector, { mode: "delta", cursor: last.next, limit: 100 })
    expect(addressesOf(delta.changes)).toContain("delete")
  })

  it("edits while a snapshot is read neither hide nor repeat anybody", async () => {
    await seed()
    const { changes, last } = await readAll(connector, snapshot(3), async () => {
      await wait(5000)
      await patch("p1@x.com", { email_address: "moved@x.com" })
      await patch("p7@x.com", { status: "archived" })
      await connected.platform.call("POST", members, { email_address: "late@x.com" })
    })
    expect(addressesOf(changes)).toEqual([...names.slice(0, 7), "delete", "p8@x.com", "late@x.com"])
    expect(last.complete).toBe(true)
    // What was read before it moved is in the delta that follows.
    const delta = await readAll(connector, { mode: "delta", cursor: last.next, limit: 3 })
    expect(addressesOf(delta.changes)).toContain("moved@x.com")
  })

  it("members that vanish while a snapshot is read hide nobody behind them", async () => {
    await seed()
    const { changes, last } = await readAll(connector, snapshot(3), async () => {
      await deleteForGood("p0@x.com")
      await deleteForGood("p2@x.com")
    })
    expect(new Set(addressesOf(changes))).toEqual(new Set(names))
    expect(last.complete).toBe(true)
  })

  it("a list that keeps shifting is never called complete", async () => {
    await seed()
    let cursor = (await connector.pull("members", snapshot(1))).next
    let page = await connector.pull("members", { mode: "snapshot", cursor, limit: 1 })
    for (let pulls = 0; page.more && pulls < 50; pulls++) {
      const { body } = await connected.platform.call("GET", `${members}?sort=created&count=1`)
      await deleteForGood(String(listIn(body)[0]?.["email_address"]))
      await connected.platform.call("POST", members, { email_address: `new${pulls}@x.com` })
      cursor = page.next
      page = await connector.pull("members", { mode: "snapshot", cursor, limit: 1 })
    }
    expect(page).toMatchObject({ more: false, complete: false, next: null })
  })

  it("a list that turns out shorter in the middle is read again", async () => {
    await seed()
    const { changes, last } = await readAll(connector, snapshot(3), () =>
      connected.platform.call("POST", "/admin/faults", { kind: "half-list", times: 1 }),
    )
    expect(new Set(addressesOf(changes))).toEqual(new Set(names))
    expect(last.complete).toBe(true)
  })

  it("a delta gives what changed since, and a quiet one at most its overlap", async () => {
    await seed()
    const first = await readAll(connector, snapshot(100))
    await wait(10_000)
    await patch("p5@x.com", { tags: ["t"] })
    const second = await readAll(connector, { mode: "delta", cursor: first.last.next, limit: 100 })
    expect(addressesOf(second.changes)).toContain("p5@x.com")
    await wait(10_000)
    const third = await readAll(connector, { mode: "delta", cursor: second.last.next, limit: 100 })
    expect(addressesOf(third.changes)).toEqual(["p5@x.com"])
    await wait(10_000)
    expect((await readAll(connector, { mode: "delta", cursor: third.last.next, limit: 100 })).changes).toEqual([])
  })

  it("a change in the very second of the scan before is not lost", async () => {
    await connected.platform.call("POST", "/admin/clock", { freeze: true })
    await seed()
    const first = await readAll(connector, snapshot(100))
    await patch("p2@x.com", { tags: ["same second"] })
    await connected.platform.call("POST", "/admin/clock", { advance_ms: 60_000 })
    const { changes } = await readAll(connector, { mode: "delta", cursor: first.last.next, limit: 100 })
    expect(addressesOf(changes)).toContain("p2@x.com")
  })

  it.each([1, 2, 4])("many changes in one second are all given in pages of %i", async (limit) => {
    await seed()
    const { changes } = await readAll(connector, { mode: "delta", cursor: null, limit })
    expect(new Set(addressesOf(changes))).toEqual(new Set(names))
    expect(changes).toHaveLength(9)
  })

  it("what changes while a delta is read hides nobody: it comes in this scan or in the next", async () => {
    await seed()
    const { changes, last } = await readAll(connector, { mode: "delta", cursor: null, limit: 3 }, async () => {
      await wait(60_000)
      for (const name of names.slice(0, 4)) await patch(name, { tags: ["moved to the end"] })
    })
    expect(last.complete).toBe(true)
    const next = await readAll(connector, { mode: "delta", cursor: last.next, limit: 3 })
    expect(new Set(addressesOf([...changes, ...next.changes]))).toEqual(new Set(names))
    expect(addressesOf(next.changes)).toEqual(expect.arrayContaining(names.slice(0, 4)))
  })

  it("a cursor of another connector is expired", async () => {
    for (const cursor of ["x", 5, { token: "x" }, { since: "soon" }, { since: "2026-01-01T00:00:00Z", kind: "delta", offset: -1 }]) {
      await expect(connector.pull("members", { mode: "delta", cursor, limit: 1 })).rejects.toMatchObject({
        fault: { class: "cursorExpired" },
      })
    }
  })

  it("an answer cut short, an HTML page and an outage are transient", async () => {
    for (const kind of ["truncated", "html", "outage"]) {
      await connected.platform.call("POST", "/admin/faults", { kind, times: 10 })
      await expect(connector.pull("members", snapshot(1))).rejects.toMatchObject({ fault: { class: "transient" } })
      await connected.platform.call("DELETE", "/admin/faults")
    }
  })
})
