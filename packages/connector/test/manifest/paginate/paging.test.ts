import { describe, expect, it } from "vitest"
import type { HttpRequest, HttpResponse, Json } from "../../../src/index.ts"
import { linkOf } from "../../../src/manifest/paginate/link-header.ts"
import { pretend, scan } from "../connected.ts"

const all = Array.from({ length: 7 }, (_, at) => ({ id: String(at + 1) }))
const slice = (from: number, size = 3) => all.slice(from, from + size)

const read = async (next: string, answer: (request: HttpRequest) => Partial<HttpResponse>, request = "GET /things") => {
  const connector = pretend(`read:\n  snapshot: { request: ${request}, records: =res.body.rows, next: ${next} }`, answer)
  const { changes } = await scan(connector, "thing", "snapshot", null, 3)
  return { ids: changes.map((change) => change.id).join(""), asked: connector.asked }
}

describe("paging", () => {
  it("by a token goes on until there is none", async () => {
    const { ids, asked } = await read("{ token: =res.body.after, to: query.after }", ({ query }) => {
      const from = Number(query?.["after"] ?? 0)
      return { body: { rows: slice(from), after: from + 3 < all.length ? String(from + 3) : "" } }
    })
    expect(ids).toBe("1234567")
    expect(asked.map(({ query }) => query?.["after"])).toEqual([undefined, "3", "6"])
  })

  it("by a token can put it into a body that has other parts", async () => {
    const { ids, asked } = await read(
      "{ token: =res.body.after, to: body.paging.after }",
      ({ json }) => {
        const from = Number((json as { paging?: { after?: string } }).paging?.after ?? 0)
        return { body: { rows: slice(from), after: from + 3 < all.length ? from + 3 : null } }
      },
      "{ path: /search, body: { limit: =limit, paging: { size: 3 } } }",
    )
    expect(ids).toBe("1234567")
    expect(asked[1]?.json).toEqual({ limit: 3, paging: { size: 3, after: 3 } })
  })

  it("by offset goes on until a page is empty, for a short one may not be the last", async () => {
    const sizes = [3, 1, 3, 0]
    let at = 0
    const { ids, asked } = await read("{ offset: query.skip }", ({ query }) => ({
      body: { rows: slice(Number(query?.["skip"]), sizes[at++]) },
    }))
    expect(ids).toBe("1234567")
    expect(asked.map(({ query }) => query?.["skip"])).toEqual([0, 3, 4, 7])
  })

  it("by offset stops at the total", async () => {
    const { ids, asked } = await read("{ offset: query.skip, start: 1, total: =res.body.total }", ({ query }) => ({
      body: { rows: slice(Number(query?.["skip"]) - 1), total: 7 },
    }))
    expect(ids).toBe("1234567")
    expect(asked.map(({ query }) => query?.["skip"])).toEqual([1, 4, 7])
  })

  it("by page number, up to the number of pages, or until `more` is false", async () => {
    const answer = ({ query }: HttpRequest) => ({
      body: { rows: slice((Number(query?.["page"]) - 1) * 3), pages: 3, more: Number(query?.["page"]) < 3 },
    })
    for (const next of ["{ page: query.page, pages: =res.body.pages }", "{ page: query.page, more: =res.body.more }"]) {
      const { ids, asked } = await read(next, answer)
      expect([ids, asked.length]).toEqual(["1234567", 3])
    }
  })

  it("goes on over an empty page where the system says that there is more", async () => {
    const pages: Json[] = [
      { rows: slice(0), more: true },
      { rows: [], more: true },
      { rows: slice(3, 4), more: false },
    ]
    const { ids } = await read("{ page: query.page, more: =res.body.more }", ({ query }) => ({
      body: pages[Number(query?.["page"]) - 1] ?? null,
    }))
    expect(ids).toBe("1234567")
  })

  it("by the last record's value, until a page is empty", async () => {
    const { ids, asked } = await read("{ keyset: =rec.id, to: query.after }", ({ query }) => ({
      body: { rows: slice(Number(query?.["after"] ?? 0)) },
    }))
    expect(ids).toBe("1234567")
    expect(asked.map(({ query }) => query?.["after"])).toEqual([undefined, "3", "6", "7"])
  })

  it("by the header Link", async () => {
    const { ids, asked } = await read("{ link: next }", ({ path }) => {
      const from = Number(/from=(\d)/.exec(path)?.[1] ?? 0)
      return {
        body: { rows: slice(from) },
        headers: from + 3 < all.length ? { link: `<https://api.test/v1/things?from=${from + 3}>; rel="next"` } : {},
      }
    })
    expect(ids).toBe("1234567")
    expect(asked[1]?.path).toBe("https://api.test/v1/things?from=3")
  })

  it("by a URL in the answer, also one without a host, or of the same path", async () => {
    for (const form of [
      (n: number) => `https://api.test/v1/things?from=${n}`,
      (n: number) => `/v1/things?from=${n}`,
      (n: number) => `?from=${n}`,
    ]) {
      const { ids, asked } = await read("{ url: =res.body.next }", ({ path }) => {
        const from = Number(/from=(\d)/.exec(path)?.[1] ?? 0)
        return { body: { rows: slice(from), next: from + 3 < all.length ? form(from + 3) : null } }
      })
      expect(ids).toBe("1234567")
      expect(asked[1]?.path).toBe("https://api.test/v1/things?from=3")
    }
  })

  it("refuses a page that names itself as the next one", async () => {
    await expect(read("{ token: =res.body.after, to: query.after }", () => ({ body: { rows: slice(0), after: "x" } }))).rejects.toThrow(
      /next one of itself/,
    )
  })

  it("goes where the cursor of another process says", async () => {
    const connector = pretend(
      `read:\n  snapshot: { request: GET /things, records: =res.body.rows, next: { token: =res.body.after, to: query.after } }`,
      () => ({ body: { rows: slice(0), after: "t" } }),
    )
    const first = await connector.pull("thing", { mode: "snapshot", cursor: null, limit: 3 })
    await connector.pull("thing", { mode: "snapshot", cursor: JSON.parse(JSON.stringify(first.next)), limit: 3 }).catch(() => {})
    expect(connector.asked[1]?.query?.["after"]).toBe("t")
  })
})

describe("the header Link", () => {
  it("is read by relation, with commas and several relations", () => {
    expect(linkOf('<https://a.b/?x=1,2>; rel="prev", <https://a.b/?x=3>; title="a, b"; rel="next last"', "next")).toBe("https://a.b/?x=3")
    expect(linkOf("<https://a.b/2>; rel=next", "next")).toBe("https://a.b/2")
    expect(linkOf('<https://a.b/2>; rel="prev"', "next")).toBeNull()
    expect([linkOf(undefined, "next"), linkOf("<<<", "next"), linkOf(";;,,", "next")]).toEqual([null, null, null])
  })
})
