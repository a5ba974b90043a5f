import { describe, expect, it } from "vitest"
import { FaultError } from "../../../src/index.ts"
import { pretend } from "../connected.ts"

const told = (answers: Awaited<ReturnType<NonNullable<ReturnType<typeof pretend>["lookup"]>>> | undefined) =>
  answers?.map((answer) => ("found" in answer ? answer.found.id : answer.fault.class))

const by = (lookup: string) => `keys: { email: =lower(rec.email) }
version: { kind: etag, header: ETag }
read:
  snapshot: { request: GET /all, records: =res.body }
  lookup:
    ${lookup}`

const refuse = (kind: "notFound" | "gone" | "forbidden" | "transient") => {
  throw new FaultError({ class: kind, message: kind })
}

describe("a lookup", () => {
  it("by id says of each value what is with it, and takes the version from the header", async () => {
    const connector = pretend(by("id: GET /things/{value}"), ({ path }) => {
      if (path.endsWith("/2")) return refuse("notFound")
      if (path.endsWith("/3")) return refuse("gone")
      if (path.endsWith("/4")) return refuse("forbidden")
      return { body: { id: "1" }, headers: { etag: '"v1"' } }
    })
    const answers = await connector.lookup?.("thing", "id", ["1", "2", "3", "4"])
    expect(told(answers)).toEqual(["1", "notFound", "gone", "forbidden"])
    expect(answers?.[0]).toMatchObject({ found: { version: '"v1"' } })
  })

  it("that fails as a whole says nothing of anybody", async () => {
    const connector = pretend(by("id: GET /things/{value}"), () => refuse("transient"))
    await expect(connector.lookup?.("thing", "id", ["1"])).rejects.toMatchObject({ fault: { class: "transient" } })
  })

  it("never takes the first of a list for the item that was asked for by id", async () => {
    const connector = pretend(by("id: { request: '/things?id={value}', records: =res.body }"), () => ({ body: [{ id: "7" }, { id: "8" }] }))
    expect(told(await connector.lookup?.("thing", "id", ["1", "8"]))).toEqual(["notFound", "8"])
  })

  it("by a key asks for many at once, each once, and answers in order whatever the letter case", async () => {
    const connector = pretend(
      by("email: { max: 2, request: { path: /things, query: { email: =values } }, records: =res.body }"),
      ({ query }) => ({
        body: ((query?.["email"] ?? []) as string[])
          .filter((email) => email !== "no@x.y")
          .map((email) => ({ id: email.length, email: email.toUpperCase() })),
      }),
    )
    expect(told(await connector.lookup?.("thing", "email", ["a@x.y", "no@x.y", "bb@x.y", "a@x.y"]))).toEqual(["5", "notFound", "6", "5"])
    expect(connector.asked.map(({ query }) => query?.["email"])).toEqual([["a@x.y", "no@x.y"], ["bb@x.y"]])
  })
})

describe("a version by hash", () => {
  it("differs with the item and not with the order of its keys", async () => {
    const rows = [
      { id: "1", a: 1, b: [2] },
      { b: [2], a: 1, id: "1" },
      { id: "1", a: 1, b: [3] },
    ]
    const connector = pretend("version: { kind: hash }\nread:\n  snapshot: { request: GET /all, records: =res.body }", () => ({
      body: rows,
    }))
    const { changes } = await connector.pull("thing", { mode: "snapshot", cursor: null, limit: 9 })
    const [one, same, other] = changes.map((change) => change.version)
    expect([one === same, one === other, one?.length]).toEqual([true, false, 22])
    expect(connector.description.resources[0]?.version).toEqual({ kind: "etag" })
  })
})
