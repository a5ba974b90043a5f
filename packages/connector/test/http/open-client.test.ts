import { once } from "node:events"
import { createServer } from "node:net"
import { describe, expect, onTestFinished, test } from "vitest"
import type { HttpLogEntry } from "../../src/index.ts"
import { answerJson, clientFor, faultOf, listen } from "./local-server.ts"

describe("what goes out", () => {
  test("method, path, query, headers and JSON body arrive as given", async () => {
    const server = await listen((request, response, body) => {
      answerJson(response, 200, {
        method: request.method,
        url: request.url,
        etag: request.headers["if-match"],
        type: request.headers["content-type"],
        body,
      })
    })
    const client = clientFor(`${server.url}/v1/`)
    const answer = await client.request({
      method: "PATCH",
      path: "/contacts/a%2Fb",
      query: { a: "x y&z", n: 3, on: true, off: undefined },
      headers: { "If-Match": '"7"' },
      json: { name: "Žofie 😀" },
    })
    expect(answer.body).toEqual({
      method: "PATCH",
      url: "/v1/contacts/a%2Fb?a=x+y%26z&n=3&on=true",
      etag: '"7"',
      type: "application/json",
      body: '{"name":"Žofie 😀"}',
    })
  })

  test("form fields are sent form-encoded", async () => {
    const server = await listen((request, response, body) => answerJson(response, 200, { type: request.headers["content-type"], body }))
    const answer = await clientFor(server.url).request({ method: "POST", path: "/f", form: { a: "1 & 2", b: "é" } })
    expect(answer.body).toEqual({ type: "application/x-www-form-urlencoded", body: "a=1+%26+2&b=%C3%A9" })
  })

  test("an absolute link on the same host is followed, one to another host is not even asked", async () => {
    const server = await listen((request, response) => answerJson(response, 200, request.url))
    const other = await listen((_request, response) => answerJson(response, 200, "stolen"))
    const client = clientFor(server.url)
    expect((await client.request({ method: "GET", path: `${server.url}/next?page=2` })).body).toBe("/next?page=2")
    expect((await faultOf(client.request({ method: "GET", path: `${other.url}/next` }))).message).toContain("points to another host")
    expect(other.seen).toEqual([])
  })

  test.each(["/a/../admin", "/a/%2e%2E", "/..", "/a\\..\\b", "/a#b", "/a b", "/a\nb"])(
    "a path that was not encoded is refused: %j",
    async (path) => {
      const server = await listen((_request, response) => answerJson(response, 200, {}))
      expect((await faultOf(clientFor(server.url).request({ method: "GET", path }))).class).toBe("invalid")
      expect(server.seen).toEqual([])
    },
  )
})

test("requests with headers that cannot be sent leave every connection to those that can", async () => {
  const server = await listen((_request, response) => answerJson(response, 200, "fine"))
  const client = clientFor(server.url, { limits: { windows: [], concurrency: 2 } })
  for (const headers of [{ "if-match?": "1" }, { note: "a\nb" }, { note: "\u2028" }])
    expect(await faultOf(client.request({ method: "GET", path: "/x", headers }))).toMatchObject({ class: "invalid" })
  expect((await client.request({ method: "GET", path: "/x" })).body).toBe("fine")
})

describe("answers", () => {
  test("an accepted status is an answer, with its headers in lower case", async () => {
    const server = await listen((_request, response) => response.writeHead(304, { ETag: '"9"' }).end())
    const answer = await clientFor(server.url).request({ method: "GET", path: "/", accept: [304, 404] })
    expect(answer).toMatchObject({ status: 304, body: null, headers: { etag: '"9"' } })
  })

  test("an empty body, a 204 and a HEAD answer are null", async () => {
    const server = await listen((request, response) => response.writeHead(request.url === "/204" ? 204 : 200).end())
    const client = clientFor(server.url)
    for (const [method, path] of [
      ["GET", "/"],
      ["DELETE", "/204"],
      ["HEAD", "/"],
    ] as const) {
      expect((await client.request({ method, path })).body).toBeNull()
    }
  })

  test("the offset of the system's clock is learned from its dates", async () => {
    const server = await listen((_request, response) =>
      answerJson(response, 200, {}, { date: new Date(Math.floor((Date.now() + 3_600_000) / 1000) * 1000).toUTCString() }),
    )
    const client = clientFor(server.url)
    expect(client.clock()).toBeNull()
    await client.request({ method: "GET", path: "/" })
    const clock = client.clock()
    expect(clock?.offsetLowMs).toBeLessThanOrEqual(3_600_000)
    expect(clock?.offsetHighMs).toBeGreaterThanOrEqual(3_600_000)
  })
})

describe("trouble", () => {
  test("a refused connection is transient, also for a change: nothing was sent", async () => {
    const server = createServer().listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    server.close()
    await once(server, "close")
    const port = typeof address === "object" ? address?.port : 0
    const fault = await faultOf(clientFor(`http://127.0.0.1:${port}`).request({ method: "POST", path: "/", json: {} }))
    expect(fault).toEqual({ class: "transient", message: `127.0.0.1:${port} was not reached: connection refused (ECONNREFUSED).` })
  })

  test("a connection that breaks after sending leaves a change unknown and a read transient", async () => {
    const server = await listen((request) => request.socket.destroy())
    const client = clientFor(server.url)
    expect((await faultOf(client.request({ method: "POST", path: "/w", json: {} }))).class).toBe("unknown")
    expect((await faultOf(client.request({ method: "GET", path: "/r" }))).class).toBe("transient")
    expect((await faultOf(client.request({ method: "POST", path: "/search", json: {}, safe: true }))).class).toBe("transient")
    expect(server.seen.filter((line) => line === "POST /w")).toHaveLength(1)
    expect(server.seen.filter((line) => line === "GET /r")).toHaveLength(3)
    expect(server.seen.filter((line) => line === "POST /search")).toHaveLength(3)
  })

  test("an answer that drips for ever ends at the total timeout", async () => {
    const server = await listen((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" })
      const drip = setInterval(() => response.write(" "), 5)
      response.on("close", () => clearInterval(drip))
    })
    const client = clientFor(server.url, { timeoutMs: 60 })
    expect(await faultOf(client.request({ method: "PUT", path: "/", json: {} }))).toMatchObject({
      class: "unknown",
      message: expect.stringContaining("0.06 s"),
    })
    expect((await faultOf(client.request({ method: "GET", path: "/" }))).class).toBe("transient")
  })

  test("a connection that is never completed is transient for a change, and a signal ends the wait for it", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1")
    await once(silent, "listening")
    onTestFinished(() => void silent.close())
    const address = silent.address()
    const url = `https://127.0.0.1:${typeof address === "object" ? address?.port : 0}`
    const late = await faultOf(clientFor(url, { timeoutMs: 50 }).request({ method: "POST", path: "/", json: {} }))
    expect(late).toMatchObject({ class: "transient", message: expect.stringMatching(/was not reached: no answer within 0.05 s/) })
    const stop = new AbortController()
    silent.once("connection", () => stop.abort())
    expect((await faultOf(clientFor(url).request({ method: "POST", path: "/", json: {}, signal: stop.signal }))).class).toBe("transient")
  })

  test("closing lets calls finish, refuses those that wait for their turn, and leaves nothing open", async () => {
    const arrived = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const server = await listen((_request, response) => {
      arrived.resolve()
      void go.promise.then(() => answerJson(response, 200, "done"))
    })
    const client = clientFor(server.url, { limits: { windows: [], concurrency: 1 } })
    const running = client.request({ method: "POST", path: "/", json: {} })
    const waiting = faultOf(client.request({ method: "POST", path: "/", json: {} }))
    await arrived.promise
    const closed = client.close()
    expect((await waiting).message).toBe("The client was closed.")
    go.resolve()
    expect((await running).body).toBe("done")
    await closed
    expect((await faultOf(client.request({ method: "POST", path: "/", json: {} }))).class).toBe("transient")
    expect(server.seen).toHaveLength(1)
  })

  test("a body that breaks off after a 4xx status leaves nothing in doubt", async () => {
    const server = await listen((request, response) => {
      response.writeHead(422, { "content-length": "1000" })
      response.write("{")
      request.socket.destroySoon()
    })
    expect((await faultOf(clientFor(server.url).request({ method: "POST", path: "/", json: {} }))).class).toBe("transient")
  })

  test("a signal stops a call at once: in the queue, while it waits for its answer, and between tries", async () => {
    const arrived = Promise.withResolvers<void>()
    const server = await listen(() => arrived.resolve())
    const client = clientFor(server.url, { limits: { windows: [], concurrency: 1 } })
    const stop = new AbortController()
    const write = faultOf(client.request({ method: "POST", path: "/", json: {}, signal: stop.signal }))
    const queued = faultOf(client.request({ method: "POST", path: "/", json: {}, signal: stop.signal }))
    await arrived.promise
    stop.abort()
    expect((await write).class).toBe("unknown")
    expect(await queued).toMatchObject({ class: "transient", message: "The call was cancelled before it was sent." })
    expect((await faultOf(client.request({ method: "GET", path: "/", signal: stop.signal }))).class).toBe("transient")
    expect(server.seen).toHaveLength(1)
  })

  test("a signal stops the wait before another try", async () => {
    const server = await listen((_request, response) => answerJson(response, 500, {}))
    const stop = new AbortController()
    const sleep = (_ms: number, signal?: AbortSignal): Promise<void> =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", reject)
        stop.abort()
      })
    expect((await faultOf(clientFor(server.url, {}, { sleep }).request({ method: "GET", path: "/", signal: stop.signal }))).class).toBe(
      "transient",
    )
    expect(server.seen).toHaveLength(1)
  })
})

describe("repeating", () => {
  test("a read is tried three times, then the fault is the engine's", async () => {
    const log: HttpLogEntry[] = []
    const server = await listen((_request, response) => answerJson(response, server.seen.length < 3 ? 502 : 200, { ok: true }))
    const client = clientFor(server.url, {}, { log: (entry) => log.push(entry) })
    expect((await client.request({ method: "GET", path: "/a", query: { email: "x@y.example" } })).body).toEqual({ ok: true })
    expect(log.map(({ method, path, status, attempt }) => [method, path, status, attempt])).toEqual([
      ["GET", "/a", 502, 1],
      ["GET", "/a", 502, 2],
      ["GET", "/a", 200, 3],
    ])
    expect(client.stats).toMatchObject({ attempts: 3, repeated: 2, faults: 0 })
  })

  test.each([
    [500, "unknown"],
    [502, "unknown"],
    [503, "transient"],
    [504, "unknown"],
  ])("a change answered %i is sent once and is %s", async (status, kind) => {
    const server = await listen((_request, response) => answerJson(response, status, {}))
    expect((await faultOf(clientFor(server.url).request({ method: "POST", path: "/", json: {} }))).class).toBe(kind)
    expect(server.seen).toHaveLength(1)
  })

  test("a short Retry-After of a read is waited for, a long one is handed on", async () => {
    const slept: number[] = []
    const sleep = (ms: number): Promise<void> => {
      slept.push(ms)
      clock += ms
      return Promise.resolve()
    }
    let clock = Date.now()
    const server = await listen((request, response) => {
      if (request.url === "/short" && server.seen.length > 1) answerJson(response, 200, {})
      else answerJson(response, 429, {}, { "retry-after": request.url === "/short" ? "2" : "120" })
    })
    const client = clientFor(server.url, {}, { sleep, random: () => 0, now: () => clock })
    await client.request({ method: "GET", path: "/short" })
    expect(slept).toContain(2000)
    expect(await faultOf(client.request({ method: "GET", path: "/long" }))).toMatchObject({
      class: "rateLimited",
      retryAfterMs: 120_000,
      status: 429,
    })
    expect(client.stats.rateLimited).toBe(2)
  })

  test("429 without a header, or with nonsense in it, still says how long to hold back", async () => {
    const server = await listen((request, response) => answerJson(response, 429, {}, request.url === "/n" ? { "retry-after": "soon" } : {}))
    for (const path of ["/n", "/none"]) {
      const fault = await faultOf(clientFor(server.url).request({ method: "POST", path, json: {} }))
      expect(fault).toMatchObject({ class: "rateLimited", retryAfterMs: 1000 })
    }
  })

  test("a log that throws does no harm", async () => {
    const server = await listen((_request, response) => answerJson(response, 200, 1))
    const log = (): void => {
      throw new Error("disk full")
    }
    expect((await clientFor(server.url, {}, { log }).request({ method: "POST", path: "/", json: {} })).body).toBe(1)
  })
})
