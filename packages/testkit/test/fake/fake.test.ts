import { afterEach, describe, expect, it } from "vitest"
import { bearerOf, createTable, defineFake, reads, refused, secondsOf, type FakeOptions } from "../../src/fake/index.ts"

interface Note {
  readonly text: string
}

const notes = defineFake({
  name: "notes",
  title: "Notes",
  credentials: { token: "t" },
  build: ({ clock }) => {
    const table = createTable<Note>({ clock })
    return {
      world: { table },
      gate: (request) => (bearerOf(request) === "t" ? undefined : { status: 401, body: { message: "who are you?" } }),
      windows: [
        { name: "burst", max: 5, perMs: 1000 },
        { name: "search", max: 1, perMs: 1000, counts: ({ path }) => path.endsWith("/search") },
      ],
      tooMany: ({ waitMs }) => ({ status: 429, body: { message: "slower" }, headers: { "retry-after": secondsOf(waitMs) } }),
      headers: ([burst]) => (burst === undefined ? {} : { "x-remaining": String(burst.remaining) }),
      concurrency: { max: 2, refuse: { status: 403, body: "" } },
      faultKinds: ["shout"],
      routes: {
        "GET /notes/:id": ({ params, fault }) => {
          const row = table.get(params["id"] ?? "")
          if (row === undefined) throw refused(404, { message: "no such note" })
          return { status: 200, body: { id: row.id, text: fault?.kind === "shout" ? row.item.text.toUpperCase() : row.item.text } }
        },
        "POST /notes/search": reads(() => ({ status: 200, body: table.asSeen(1000).map(({ item }) => item.text) })),
        "PUT /notes/:id": ({ params, body }) => {
          const text = typeof body === "object" && body !== null && "text" in body ? String(body["text"]) : ""
          table.put(params["id"] ?? "", { text })
          return { status: 200, body: { text }, changed: 1 }
        },
        "GET /files/*path": ({ params }) => ({ status: 200, body: params["path"] ?? "" }),
      },
      seed: (file) => {
        if (!Array.isArray(file)) throw new Error("a seed is a list of notes")
        for (const [at, text] of file.entries()) table.put(String(at), { text: String(text) })
      },
      people: {
        items: () => table.all().map(({ id, item }) => ({ id, names: [id], counts: true, item: { ...item } })),
        create: ({ text }) => table.put("new", { text: String(text) }).id,
        update: (id, { text }) => void table.put(id, { text: String(text) }),
        delete: (id) => void table.remove(id),
      },
    }
  },
})

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

const started = async (options: FakeOptions = {}) => {
  const running = await notes.start({ now: () => Date.parse("2026-01-01T00:00:00Z"), ...options })
  open.push(running.close)
  const call = (method: string, path: string, body?: string, type = "application/json") =>
    fetch(running.url + path, {
      method,
      headers: { authorization: "Bearer t", ...(body === undefined ? {} : { "content-type": type }) },
      ...(body === undefined ? {} : { body }),
    })
  return { running, call }
}

describe("a fake", () => {
  it("keeps what it is given as JSON or as a form, and knows its routes", async () => {
    const { call, running } = await started({ seed: ["first"] })
    expect(await (await call("GET", "/notes/0")).json()).toEqual({ id: "0", text: "first" })
    expect((await call("PUT", "/notes/a%2Fb", '{"text":"x"}')).status).toBe(200)
    expect((await call("PUT", "/notes/c", "text=a+form", "application/x-www-form-urlencoded")).status).toBe(200)
    expect(running.world.table.get("a/b")?.item).toEqual({ text: "x" })
    expect(running.world.table.get("c")?.item).toEqual({ text: "a form" })
    expect(await (await call("GET", "/files/a/b/c")).text()).toBe("a/b/c")
    expect((await call("GET", "/notes/none")).status).toBe(404)
    await expect(notes.start({ seed: {} })).rejects.toThrow("a seed is a list of notes")
  })

  it("refuses strangers, and bodies that are not JSON", async () => {
    const { call, running } = await started()
    expect((await fetch(`${running.url}/notes/0`)).status).toBe(401)
    expect((await call("PUT", "/notes/0", "{")).status).toBe(400)
    expect((await call("GET", "/nowhere")).status).toBe(404)
  })

  it("counts calls in every window, on its own clock", async () => {
    const { call, running } = await started()
    expect((await call("POST", "/notes/search", "{}")).headers.get("x-remaining")).toBe("4")
    const refusedSearch = await call("POST", "/notes/search", "{}")
    expect([refusedSearch.status, refusedSearch.headers.get("retry-after")]).toEqual([429, "1"])
    for (let at = 0; at < 4; at += 1) expect((await call("GET", "/files/x")).status).toBe(200)
    expect((await call("GET", "/files/x")).status).toBe(429)
    running.clock.advance(1001)
    expect((await call("POST", "/notes/search", "{}")).status).toBe(200)
    expect(
      running
        .requests()
        .map(({ refusedBy }) => refusedBy)
        .filter(Boolean),
    ).toEqual(["search", "burst"])
    expect(running.requests().some(({ write }) => write)).toBe(false)
  })

  it("refuses more requests at once than it allows", async () => {
    const { call, running } = await started({ seed: ["x"] })
    running.faults.order({ kind: "latency", ms: 60_000, times: 2 })
    const slow = [call("GET", "/notes/0"), call("GET", "/notes/0")].map((one) => one.catch(() => null))
    await expect.poll(() => running.faults.list().length).toBe(0)
    expect((await call("GET", "/notes/0")).status).toBe(403)
    await running.close()
    await Promise.all(slow)
  })

  it("does, or does not do, what was asked under every trouble that can be ordered", async () => {
    const { call, running } = await started({ now: Date.now })
    const put = (text: string) => call("PUT", "/notes/0", JSON.stringify({ text }))
    const text = () => running.world.table.get("0")?.item.text
    const match = { method: "put", path: "^/notes/" }
    running.faults.order({ kind: "status", status: 502, match, times: 1 })
    expect([(await put("1")).status, text()]).toEqual([502, undefined])
    running.faults.order({ kind: "status", status: 502, applied: true, times: 1 })
    expect([(await put("2")).status, text()]).toEqual([502, "2"])
    running.faults.order({ kind: "applied-no-answer", times: 1 })
    await expect(put("3")).rejects.toThrow()
    expect(text()).toBe("3")
    running.faults.order({ kind: "truncated", times: 1 })
    await expect(put("4").then((answer) => answer.json())).rejects.toThrow()
    running.clock.advance(5000)
    running.faults.order({ kind: "outage", drop: true, times: 1, after: 1 }, { kind: "shout", match: { method: "GET" } })
    expect(await (await call("GET", "/notes/0")).json()).toEqual({ id: "0", text: "4" })
    await expect(put("5")).rejects.toThrow()
    expect(text()).toBe("4")
    expect(() => running.faults.order({ kind: "earthquake" })).toThrow("there is no trouble")
    expect(running.requests().map(({ status, changed }) => [status, changed])).toEqual([
      [502, 0],
      [502, 1],
      [0, 1],
      [200, 1],
      [200, 0],
      [0, 0],
    ])
  })

  it("is led from outside by its admin port", async () => {
    const { running, call } = await started({ seed: ["one"] })
    const admin = async (method: string, path: string, body?: unknown): Promise<unknown> =>
      (
        await fetch(`${running.url}/admin/${path}`, {
          method,
          headers: { "content-type": "application/json" },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
      ).json()
    expect(await admin("POST", "people", { create: { text: "two" } })).toEqual({ id: "new" })
    expect(await admin("POST", "people", { update: "0", set: { text: "eins" } })).toEqual({ ok: true })
    expect(await admin("GET", "dump")).toMatchObject({ items: [{ id: "0", item: { text: "eins" } }, { id: "new" }] })
    await admin("POST", "people", { delete: "new" })
    expect(running.world.table.deleted().map(({ id }) => id)).toEqual(["new"])
    expect(await admin("POST", "faults", { kind: "shout", times: 1 })).toMatchObject({ faults: [{ kind: "shout" }] })
    expect(await (await call("GET", "/notes/0")).json()).toEqual({ id: "0", text: "EINS" })
    expect(await admin("POST", "clock", { advance_ms: 1000 })).toEqual({ now: "2026-01-01T00:00:01.000Z" })
    expect(await admin("GET", "requests")).toMatchObject({ requests: [{ method: "GET", path: "/notes/0", fault: "shout", write: false }] })
    expect(await admin("POST", "nonsense", {})).toEqual({ message: 'the admin port knows no "POST nonsense"' })
  })
})

describe("a table", () => {
  it("shows a lagging reader what was there, and everybody else what is there", async () => {
    const { running } = await started()
    const { table } = running.world
    table.put("a", { text: "old" })
    running.clock.advance(10_000)
    const before = table.seq()
    table.put("a", { text: "new" })
    table.put("b", { text: "b" })
    expect(table.asSeen(5000).map(({ item }) => item.text)).toEqual(["old"])
    expect(table.all().map(({ item }) => item.text)).toEqual(["new", "b"])
    table.remove("a")
    table.erase("b")
    expect(table.since(before).map(({ id, deletedAt }) => [id, deletedAt !== null])).toEqual([["a", true]])
    running.clock.advance(6000)
    expect(table.asSeen(5000)).toEqual([])
    expect(table.get("a")).toBeUndefined()
    expect(table.put("a", { text: "back" }).createdAt).toBe(Date.parse("2026-01-01T00:00:00Z"))
  })
})
