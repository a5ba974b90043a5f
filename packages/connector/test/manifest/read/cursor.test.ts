import { describe, expect, it } from "vitest"
import type { HttpRequest } from "../../../src/index.ts"
import { DATE, NOW, pretend, scan } from "../connected.ts"

const at = (offsetMs: number) => new Date(NOW + offsetMs).toISOString()
const since = (request: HttpRequest | undefined) => request?.query?.["since"]

const timed = (cursor: string, rest = "") => `version: { kind: timestamp, value: =rec.at, resolution: 1s }
read:
  snapshot: { request: GET /all, records: =res.body }
  delta:
    request: { path: /changed, query: { since: =cursor, until: =until } }
    records: =res.body
    cursor: { kind: timestamp, of: =rec.at, ${cursor} }
${rest}`

describe("a cursor by time", () => {
  it("begins after a snapshot where the system's clock stood, an overlap and a tick earlier", async () => {
    const connector = pretend(
      timed("overlap: 10s"),
      () => ({ body: [{ id: "1", at: at(-5_000_000) }], headers: DATE }),
      () => NOW + 3_600_000,
    )
    const whole = await scan(connector, "thing", "snapshot", null)
    await scan(connector, "thing", "delta", whole.next)
    expect(since(connector.asked[1])).toBe(at(-11_000))
  })

  it("goes on from the last time seen, never beyond the system's clock", async () => {
    let items = [
      { id: "1", at: at(-60_000) },
      { id: "2", at: at(86_400_000) },
    ]
    const connector = pretend(timed("overlap: 0s"), () => ({ body: items, headers: DATE }))
    const first = await scan(connector, "thing", "delta", null)
    items = []
    const second = await scan(connector, "thing", "delta", first.next)
    expect(since(connector.asked[1])).toBe(at(-1_000))
    await scan(connector, "thing", "delta", second.next)
    expect(since(connector.asked[2])).toBe(at(-1_000))
  })

  it("does not trust our clock where the system tells none", async () => {
    const connector = pretend(timed("overlap: 0s"), () => ({ body: [] }))
    const whole = await scan(connector, "thing", "snapshot", null)
    await scan(connector, "thing", "delta", whole.next)
    expect(since(connector.asked[1])).toBe(at(-15 * 60_000 - 1_000))
  })

  it("is written as the system wants it", async () => {
    for (const [form, expected] of [
      ["iso", at(-1_000)],
      ["isoSeconds", "2026-05-31T23:59:59Z"],
      ["date", "2026-05-31"],
      ["epoch", (NOW - 1_000) / 1000],
      ["epochMs", NOW - 1_000],
    ] as const) {
      const connector = pretend(timed(`overlap: 0s, form: ${form}`), () => ({ body: [], headers: DATE }))
      const whole = await scan(connector, "thing", "snapshot", null)
      await scan(connector, "thing", "delta", whole.next)
      expect(since(connector.asked[1])).toBe(expected)
    }
  })

  it("offers the system's clock as an upper bound, whatever ours says", async () => {
    const connector = pretend(
      timed("overlap: 0s"),
      () => ({ body: [], headers: DATE }),
      () => NOW + 300_000,
    )
    const whole = await scan(connector, "thing", "snapshot", null)
    await scan(connector, "thing", "delta", whole.next)
    expect(connector.asked[1]?.query?.["until"]).toBe(at(0))
  })

  it("goes as far as the answer says that it reaches", async () => {
    const connector = pretend(timed("overlap: 0s, covered: '=res.body[0].covered'"), () => ({
      body: [{ id: "1", at: at(-1_000), covered: at(-500_000) }],
      headers: DATE,
    }))
    const first = await scan(connector, "thing", "delta", null)
    await scan(connector, "thing", "delta", first.next)
    expect(since(connector.asked[1])).toBe(at(-501_000))
  })

  it("expires with what the system remembers", async () => {
    let now = NOW
    const connector = pretend(
      timed("overlap: 0s, ttl: 30d"),
      () => ({ body: [], headers: DATE }),
      () => now,
    )
    const first = await scan(connector, "thing", "delta", null)
    now += 31 * 86_400_000
    await expect(scan(connector, "thing", "delta", first.next)).rejects.toMatchObject({ fault: { class: "cursorExpired" } })
  })

  it("of somebody else is expired, not misread", async () => {
    const connector = pretend(timed("overlap: 0s"), () => ({ body: [] }))
    for (const cursor of ["x", 5, { v: 2 }, [1]])
      await expect(scan(connector, "thing", "delta", cursor)).rejects.toMatchObject({ fault: { class: "cursorExpired" } })
  })
})

describe("a cursor by token", () => {
  const token = `read:
  snapshot: { request: GET /all, records: =res.body.rows }
  delta:
    request: { path: /changes, query: { token: =cursor } }
    cursor: { kind: token, of: =res.body.token, begin: { request: GET /now, of: =res.body.token } }`

  it("is asked for before the snapshot, and given anew by each scan", async () => {
    const answers: Record<string, object> = {
      "/now": { token: "t0" },
      "/all": { rows: [{ id: "1" }] },
      "/changes": { rows: [], token: "t1" },
    }
    const connector = pretend(token, ({ path }) => ({ body: JSON.parse(JSON.stringify(answers[path])) }))
    const whole = await scan(connector, "thing", "snapshot", null)
    const first = await scan(connector, "thing", "delta", whole.next)
    await scan(connector, "thing", "delta", first.next)
    expect(connector.asked.map(({ path, query }) => [path, query?.["token"]])).toEqual([
      ["/now", undefined],
      ["/all", undefined],
      ["/changes", "t0"],
      ["/changes", "t1"],
    ])
  })

  it("stays where it is when an answer gives none", async () => {
    const connector = pretend(token, ({ path }) => ({ body: path === "/now" ? { token: "t0" } : { rows: [] } }))
    const whole = await scan(connector, "thing", "snapshot", null)
    const quiet = await scan(connector, "thing", "delta", whole.next)
    await scan(connector, "thing", "delta", quiet.next)
    expect(connector.asked.at(-1)?.query?.["token"]).toBe("t0")
  })
})

describe("a cursor by number", () => {
  it("is the largest seen, also beyond what a number holds", async () => {
    const connector = pretend(
      `read:\n  delta:\n    request: { path: /log, query: { after: =cursor } }\n    records: =res.body\n    cursor: { kind: sequence, of: =rec.seq, start: 0 }`,
      ({ query }) => ({
        body:
          query?.["after"] === 0
            ? [
                { id: "1", seq: "9007199254740993" },
                { id: "2", seq: "9007199254740999" },
                { id: "3", seq: "9007199254740995" },
              ]
            : [],
      }),
    )
    const first = await scan(connector, "thing", "delta", null)
    await scan(connector, "thing", "delta", first.next)
    expect(connector.asked.map(({ query }) => query?.["after"])).toEqual([0, "9007199254740999"])
  })
})

describe("a cursor by ETag", () => {
  it("takes a rule's word that nothing is new", async () => {
    const connector = pretend(
      `read:\n  delta:\n    request: { path: /things, errors: [{ status: 200, when: =res.body.same == true, class: unchanged }] }\n    records: =res.body.rows\n    cursor: { kind: etag }`,
      ({ headers }) => ({
        body: headers?.["if-none-match"] === undefined ? { rows: [{ id: "1" }] } : { same: true, rows: [{ id: "9" }] },
        headers: { etag: '"a"' },
      }),
    )
    const first = await scan(connector, "thing", "delta", null)
    const second = await scan(connector, "thing", "delta", first.next)
    expect([first.changes.length, second.changes.length]).toEqual([1, 0])
  })

  it("reads nothing where nothing changed, and everything where something did", async () => {
    let tag = '"a"'
    const connector = pretend(`read:\n  delta: { request: GET /things, records: =res.body, cursor: { kind: etag } }`, ({ headers }) =>
      headers?.["if-none-match"] === tag
        ? { status: 304, headers: { etag: tag } }
        : { body: [{ id: "1" }, { id: "2" }], headers: { etag: tag } },
    )
    const first = await scan(connector, "thing", "delta", null)
    const second = await scan(connector, "thing", "delta", first.next)
    tag = '"b"'
    const third = await scan(connector, "thing", "delta", second.next)
    expect([first, second, third].map(({ changes, complete }) => [changes.length, complete])).toEqual([
      [2, true],
      [0, true],
      [2, true],
    ])
    expect(connector.asked[1]).toMatchObject({ accept: [304], headers: { "if-none-match": '"a"' } })
  })
})

describe("a change log", () => {
  it("tells of deletes, new ids, merges and items, in its order", async () => {
    const log = [
      { id: "1", type: "deleted", seq: 1 },
      { id: "2", was: "9", item: { a: 1 }, seq: 2 },
      { id: "3", into: "2", seq: 3 },
      { id: "4", item: { a: 2 }, seq: 4 },
    ]
    const connector = pretend(
      `read:\n  delta:\n    request: { path: /log, query: { after: =cursor } }\n    records: =res.body\n    item: =rec.item\n    deleted: '=rec.type == "deleted"'\n    was: =rec.was\n    into: =rec.into\n    cursor: { kind: sequence, of: =rec.seq }`,
      () => ({ body: log }),
    )
    const { changes } = await scan(connector, "thing", "delta", null)
    expect(changes).toEqual([
      { kind: "delete", id: "1", soft: false },
      { kind: "rekey", id: "2", was: "9" },
      { kind: "upsert", id: "2", item: { a: 1 } },
      { kind: "merge", id: "3", into: "2" },
      { kind: "upsert", id: "4", item: { a: 2 } },
    ])
    expect(connector.description.resources[0]?.deletes).toEqual(["tombstone"])
  })
})

describe("a feed of deletes", () => {
  const feed = (more: string) => `item: =rec.properties
read:
  snapshot: { request: GET /all, records: =res.body.all }
  delta: { request: { path: /all, query: { since: =cursor } }, cursor: { kind: timestamp, of: =rec.at, overlap: 1s } }
deletes:
  flag: =rec.archived
  tombstone: { request: GET /gone, records: =res.body.gone, cursor: { kind: timestamp, of: =rec.at }${more} }`
  const body = {
    all: [{ id: "1", properties: {}, archived: true, at: at(0) }],
    gone: [
      { id: "2", at: at(-1) },
      { id: "3", at: at(-1), merged: "1", kept: true },
    ],
  }

  it("says that its items are gone for good, whatever a flag says of others, and comes before the changes", async () => {
    const { changes } = await scan(
      pretend(feed(", into: =rec.merged"), () => ({ body, headers: DATE })),
      "thing",
      "delta",
      null,
    )
    expect(changes).toMatchObject([
      { kind: "delete", id: "2", soft: false },
      { kind: "merge", id: "3", into: "1" },
      { kind: "delete", id: "1", soft: true },
    ])
  })

  it("says nothing of the records that are no deletes", async () => {
    const { changes } = await scan(
      pretend(feed(", deleted: '=rec.kept != true'"), () => ({ body, headers: DATE })),
      "thing",
      "delta",
      null,
    )
    expect(changes.map((change) => [change.kind, change.id])).toEqual([
      ["delete", "2"],
      ["delete", "1"],
    ])
  })
})
