import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import { answerJson, clientFor, faultOf, listen } from "./local-server.ts"

const text = JSON.stringify({ name: "Ángel", list: Array.from({ length: 500 }, (_, n) => n) })

describe("packed answers", () => {
  test.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
  ] as const)("%s is asked for and unpacked, also in a refusal", async (name, pack) => {
    const server = await listen((request, response) => {
      expect(request.headers["accept-encoding"]).toContain(name)
      const refused = request.url === "/refused"
      response.writeHead(refused ? 422 : 200, { "content-type": "application/json", "content-encoding": name })
      response.end(pack(refused ? '{"detail":"no such stage"}' : text))
    })
    const client = clientFor(server.url)
    expect((await client.request({ method: "GET", path: "/" })).body).toEqual(JSON.parse(text))
    expect((await faultOf(client.request({ method: "PUT", path: "/refused", json: {} }))).message).toContain("no such stage")
  })

  test("a small answer that unpacks into a huge one is refused", async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000, 32))
    const server = await listen((_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb))
    const client = clientFor(server.url, { maxResponseBytes: 1_000_000 })
    expect(await faultOf(client.request({ method: "GET", path: "/" }))).toMatchObject({
      class: "invalid",
      message: expect.stringContaining("larger than 1000000 bytes"),
    })
    expect((await faultOf(client.request({ method: "POST", path: "/", json: {} }))).class).toBe("unknown")
  })

  test("damaged or unknown packing is a fault, not a crash", async () => {
    const server = await listen((request, response) =>
      response.writeHead(200, { "content-encoding": (request.url ?? "").slice(1) }).end("not packed"),
    )
    const client = clientFor(server.url)
    for (const name of ["gzip", "br", "zstd", "lzma", "gzip,gzip,gzip,gzip"]) {
      expect((await faultOf(client.request({ method: "GET", path: `/${name}` }))).class).toBe("transient")
    }
  })
})

test("an answer that never stops is cut at the byte limit", async () => {
  const server = await listen((_request, response) => {
    response.writeHead(200)
    const pour = (): void => {
      while (!response.destroyed && response.write(" ".repeat(65_536)));
      response.once("drain", pour)
    }
    pour()
  })
  expect((await faultOf(clientFor(server.url, { maxResponseBytes: 300_000 }).request({ method: "GET", path: "/" }))).class).toBe("invalid")
})

describe("answers that are not JSON", () => {
  const page = "<!DOCTYPE html><html><head><style>b{}</style></head><body><h1>Bad gateway</h1>\u001b[31mred\u202e</body></html>"

  test("an HTML page with status 200 is transient for a read, unknown for a change, and quoted without markup or control characters", async () => {
    const server = await listen((_request, response) => response.writeHead(200, { "content-type": "text/html" }).end(page))
    const client = clientFor(server.url)
    const fault = await faultOf(client.request({ method: "GET", path: "/" }))
    expect(fault.class).toBe("transient")
    expect(fault.message).toContain("the answer is an HTML page: “Bad gateway [31mred”")
    expect((await faultOf(client.request({ method: "POST", path: "/", json: {} }))).class).toBe("unknown")
  })

  test("a gateway's 404 page is no proof that an item is gone, accepted or not", async () => {
    const server = await listen((_request, response) => response.writeHead(404, { "content-type": "text/html" }).end(page))
    const client = clientFor(server.url)
    expect((await faultOf(client.request({ method: "GET", path: "/" }))).class).toBe("transient")
    expect((await faultOf(client.request({ method: "GET", path: "/", accept: [404] }))).class).toBe("transient")
    expect((await faultOf(client.request({ method: "DELETE", path: "/", accept: [404] }))).class).toBe("transient")
  })

  test.each([
    ["half a document", '{"a": [1, 2'],
    ["two documents", "{}{}"],
    ["broken UTF-8", Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    ["endless nesting", "[".repeat(100_000) + "]".repeat(100_000)],
    ["deep nesting", '{"a":'.repeat(200) + "1" + "}".repeat(200)],
  ])("%s is a transient fault of a read", async (_title, body) => {
    const server = await listen((_request, response) => response.writeHead(200, { "content-type": "application/json" }).end(body))
    expect((await faultOf(clientFor(server.url).request({ method: "GET", path: "/" }))).class).toBe("transient")
  })
})

describe("redirects", () => {
  test("a read follows a redirect on its own host, three times at most", async () => {
    const server = await listen((request, response) => {
      const n = Number((request.url ?? "").slice(1))
      if (n === 0) answerJson(response, 200, "there")
      else response.writeHead(302, { location: `/${n - 1}` }).end()
    })
    const client = clientFor(server.url)
    expect((await client.request({ method: "GET", path: "/3" })).body).toBe("there")
    expect((await faultOf(client.request({ method: "GET", path: "/9" }))).message).toContain("in circles")
  })

  test("a redirect to another host is not followed and carries nothing there", async () => {
    const other = await listen((_request, response) => answerJson(response, 200, {}))
    const server = await listen((_request, response) => response.writeHead(307, { location: `${other.url}/x?token=1` }).end())
    const client = clientFor(server.url, { auth: { type: "bearer", token: "canary-4711" } })
    for (const method of ["GET", "POST"] as const) {
      const fault = await faultOf(client.request({ method, path: "/" }))
      expect(fault).toMatchObject({ class: "transient", message: expect.stringContaining("redirects to another host") })
      expect(fault.message).not.toContain("token")
    }
    expect(other.seen).toEqual([])
  })

  test("a redirected change is a fault", async () => {
    const server = await listen((_request, response) => response.writeHead(308, { location: "/other" }).end())
    expect((await faultOf(clientFor(server.url).request({ method: "POST", path: "/", json: {} }))).class).toBe("transient")
    expect(server.seen).toEqual(["POST /"])
  })
})
