import { readFileSync } from "node:fs"
import { expect, it, describe } from "vitest"
import type { Op } from "../../src/index.ts"
import { connect, scan } from "./connected.ts"
import { startPeople } from "./people-server.ts"

const manifest = readFileSync(new URL("people.yaml", import.meta.url), "utf8")

async function people() {
  const server = await startPeople()
  const connector = connect(manifest, { baseUrl: server.url, token: "s3cret-token" })
  return { server, connector }
}

const op = (ref: string, kind: Op["kind"], id: string | null, set: Op["set"]): Op => ({
  ref,
  kind,
  id,
  set,
  seen: null,
  idempotencyKey: `key-${ref}`,
})

describe("a manifest against a real server", () => {
  it("reads a snapshot page by page, then only what changed, tombstones first", async () => {
    const { server, connector } = await people()
    for (const name of ["a", "b", "c", "d", "e"]) server.add(`${name}@x.com`, "2026-01-01T00:00:00.000Z")
    const whole = await scan(connector, "person", "snapshot", null, 2)
    expect(whole.changes.map((change) => change.id)).toEqual(["1", "2", "3", "4", "5"])
    expect([whole.pages, whole.complete]).toEqual([3, true])
    expect(whole.changes[0]).toEqual({
      kind: "upsert",
      id: "1",
      at: "2026-01-01T00:00:00.000Z",
      version: "2026-01-01T00:00:00.000Z",
      item: { email: "a@x.com", name: null, updated: "2026-01-01T00:00:00.000Z" },
    })
    const later = new Date(Date.now() + 5_000).toISOString()
    server.people.get("2")!.updated = later
    server.people.delete("3")
    server.deleted.push({ id: "3", seq: 7 })
    const delta = await scan(connector, "person", "delta", whole.next)
    expect(delta.changes.map((change) => [change.kind, change.id])).toEqual([
      ["delete", "3"],
      ["upsert", "2"],
    ])
    const quiet = await scan(connector, "person", "delta", delta.next)
    expect(quiet.changes.filter((change) => change.kind === "delete")).toEqual([])
  })

  it("finds single items by id and many by a key, and says who is not there", async () => {
    const { server, connector } = await people()
    server.add("Jane@x.com", "2026-01-01T00:00:00.000Z")
    server.add("joe@x.com", "2026-01-01T00:00:00.000Z")
    const byId = await connector.lookup?.("person", "id", ["2", "99"])
    expect(byId?.map((answer) => ("found" in answer ? answer.found.id : answer.fault.class))).toEqual(["2", "notFound"])
    const byKey = await connector.lookup?.("person", "email", ["joe@x.com", "nobody@x.com", "jane@x.com"])
    expect(byKey?.map((answer) => ("found" in answer ? answer.found.id : answer.fault.class))).toEqual(["2", "notFound", "1"])
    expect(server.seen.filter((line) => line.includes("email="))).toHaveLength(1)
  })

  it("writes one by one and in batches, and gives each operation its own outcome", async () => {
    const { server, connector } = await people()
    const created = await connector.push("person", [op("1", "create", null, { email: "a@x.com", name: "A" })])
    expect(created).toMatchObject([{ ref: "1", status: "applied", id: "1", item: { email: "a@x.com", name: "A" } }])
    const again = await connector.push("person", [op("2", "create", null, { email: "a@x.com" }), op("3", "create", null, { email: "bad" })])
    expect(again).toMatchObject([
      { ref: "2", status: "failed", fault: { class: "duplicate", existingId: "1" } },
      { ref: "3", status: "failed", fault: { class: "invalid", message: "no address" } },
    ])
    server.add("b@x.com", "2026-01-01T00:00:00.000Z")
    const updated = await connector.push("person", [
      op("4", "update", "1", { name: "AA" }),
      op("5", "update", "9", { name: "?" }),
      op("6", "update", "2", { name: "BB" }),
    ])
    expect(new Map(updated.map((outcome) => [outcome.ref, outcome.status]))).toEqual(
      new Map([
        ["4", "applied"],
        ["5", "failed"],
        ["6", "applied"],
      ]),
    )
    expect(server.people.get("2")?.name).toBe("BB")
    expect(await connector.push("person", [op("7", "delete", "2", {})])).toMatchObject([{ ref: "7", status: "applied", id: "2" }])
    expect(server.people.has("2")).toBe(false)
  })
})
