import { describe, expect, test } from "vitest"
import type { Auth, HttpLogEntry } from "../../src/index.ts"
import { answerJson, clientFor, faultOf, listen, type LocalServer } from "../http/local-server.ts"

test.each<[string, Auth, Record<string, string>]>([
  ["none", { type: "none" }, {}],
  ["bearer", { type: "bearer", token: "t-1" }, { authorization: "Bearer t-1" }],
  [
    "basic",
    { type: "basic", username: "any", password: "pä:ss" },
    { authorization: `Basic ${Buffer.from("any:pä:ss").toString("base64")}` },
  ],
  ["API key", { type: "apiKey", header: "X-Api-Key", key: "k-1" }, { "x-api-key": "k-1" }],
])("%s is sent as its header", async (_title, auth, expected) => {
  const server = await listen((request, response) => {
    const names = ["authorization", "x-api-key"].filter((name) => request.headers[name] !== undefined)
    answerJson(response, 200, Object.fromEntries(names.map((name) => [name, request.headers[name]])))
  })
  expect((await clientFor(server.url, { auth }).request({ method: "GET", path: "/" })).body).toEqual(expected)
})

test("401 with fixed credentials is an auth fault at once", async () => {
  const server = await listen((_request, response) => answerJson(response, 401, { detail: "unknown key" }))
  const client = clientFor(server.url, { auth: { type: "apiKey", header: "x-key", key: "canary-1" } })
  expect(await faultOf(client.request({ method: "GET", path: "/" }))).toMatchObject({ class: "auth", status: 401 })
  expect(server.seen).toHaveLength(1)
})

describe("OAuth2 client credentials", () => {
  const oauth = (more: Partial<Extract<Auth, { type: "oauth2ClientCredentials" }>> = {}): Auth => ({
    type: "oauth2ClientCredentials",
    tokenUrl: "/oauth/token",
    clientId: "id one",
    clientSecret: "canary secret+1",
    ...more,
  })

  /** Issues token-1, token-2 …; accepts only those in `valid`. */
  const tokenServer = async (
    life: number | undefined = 3600,
  ): Promise<LocalServer & { valid: Set<string>; issued: string[]; asked: string[] }> => {
    const valid = new Set<string>()
    const issued: string[] = []
    const asked: string[] = []
    const server = await listen((request, response, body) => {
      if (request.url === "/oauth/token") {
        asked.push(`${request.headers.authorization ?? "-"} ${body}`)
        const token = `token-${issued.length + 1}`
        issued.push(token)
        valid.add(token)
        return answerJson(response, 200, { access_token: token, token_type: "Bearer", expires_in: life })
      }
      const token = (request.headers.authorization ?? "").slice("Bearer ".length)
      if (valid.has(token)) answerJson(response, 200, { token })
      else answerJson(response, 401, { detail: `token ${token} has expired` })
    })
    return { ...server, valid, issued, asked }
  }

  test("the client proves itself by HTTP Basic with form-encoded parts, or by form fields", async () => {
    const server = await tokenServer()
    await clientFor(server.url, { auth: oauth({ scope: "read write" }) }).request({ method: "GET", path: "/" })
    await clientFor(server.url, { auth: oauth({ clientAuth: "body", tokenUrl: `${server.url}/oauth/token` }) }).request({
      method: "GET",
      path: "/",
    })
    expect(server.asked).toEqual([
      `Basic ${Buffer.from("id+one:canary+secret%2B1").toString("base64")} grant_type=client_credentials&scope=read+write`,
      "- grant_type=client_credentials&client_id=id+one&client_secret=canary+secret%2B1",
    ])
  })

  test("twenty calls at once share one token request, and one more when the token is revoked", async () => {
    const server = await tokenServer()
    const client = clientFor(server.url, { auth: oauth() })
    const twenty = () =>
      Promise.all(Array.from({ length: 20 }, (_, n) => client.request({ method: n % 2 === 0 ? "GET" : "POST", path: `/${n}` })))
    await twenty()
    expect(server.issued).toEqual(["token-1"])
    server.valid.clear()
    const answers = await twenty()
    expect(server.issued).toEqual(["token-1", "token-2"])
    expect(answers.every((answer) => JSON.stringify(answer.body) === '{"token":"token-2"}')).toBe(true)
    expect(client.stats.tokens).toBe(2)
  })

  test("a 401 after a fresh token is an auth fault: one refresh, one replay, no more", async () => {
    const server = await listen((request, response) => {
      if (request.url === "/oauth/token")
        answerJson(response, 200, { access_token: `t${server.seen.length}`, token_type: "bearer", expires_in: 60 })
      else answerJson(response, 401, {})
    })
    expect((await faultOf(clientFor(server.url, { auth: oauth() }).request({ method: "POST", path: "/x" }))).class).toBe("auth")
    expect(server.seen).toEqual(["POST /oauth/token", "POST /x", "POST /oauth/token", "POST /x"])
  })

  test("a token is renewed shortly before it expires", async () => {
    let clock = 1_800_000_000_000
    const server = await tokenServer(100)
    const client = clientFor(server.url, { auth: oauth() }, { now: () => clock })
    const call = () => client.request({ method: "GET", path: "/" })
    await call()
    clock += 89_000
    await call()
    expect(server.issued).toHaveLength(1)
    clock += 1500
    await call()
    expect(server.issued).toHaveLength(2)
  })

  test("refused client credentials are an auth fault that says what to check; nothing else is called", async () => {
    const server = await listen((_request, response) =>
      answerJson(response, 401, { error: "invalid_client", error_description: "no client canary secret+1" }),
    )
    const fault = await faultOf(clientFor(server.url, { auth: oauth() }).request({ method: "GET", path: "/x" }))
    expect(fault).toMatchObject({
      class: "auth",
      message: expect.stringContaining("refuses the client credentials (invalid_client): check client id"),
    })
    expect(fault.message).not.toContain("canary")
    expect(server.seen).toEqual(["POST /oauth/token"])
  })

  test.each([
    ["is down", 503],
    ["answers nonsense", 200],
  ])("a token endpoint that %s is a transient fault, and the next call asks again", async (_title, status) => {
    let broken = true
    const server = await listen((request, response) => {
      if (request.url !== "/oauth/token") answerJson(response, 200, "ok")
      else if (broken) answerJson(response, status, { access_token: "two words" })
      else answerJson(response, 200, { access_token: "good-token" })
    })
    const client = clientFor(server.url, { auth: oauth() })
    expect((await faultOf(client.request({ method: "POST", path: "/x" }))).class).toBe("transient")
    broken = false
    expect((await client.request({ method: "POST", path: "/x" })).body).toBe("ok")
  })

  test("a caller that gives up leaves the token request to the others", async () => {
    const asked = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const server = await listen((request, response) => {
      if (request.url !== "/oauth/token") return answerJson(response, 200, "ok")
      asked.resolve()
      void go.promise.then(() => answerJson(response, 200, { access_token: "good-token" }))
    })
    const client = clientFor(server.url, { auth: oauth() })
    const stop = new AbortController()
    const first = faultOf(client.request({ method: "GET", path: "/1", signal: stop.signal }))
    const second = client.request({ method: "GET", path: "/2" })
    await asked.promise
    stop.abort()
    expect((await first).class).toBe("transient")
    go.resolve()
    expect((await second).body).toBe("ok")
    expect(server.seen).toEqual(["POST /oauth/token", "GET /2"])
  })
})

describe("secrets stay inside", () => {
  const canary = "canary-4711/x y"
  const auths: [string, Auth][] = [
    ["bearer", { type: "bearer", token: "canary-4711" }],
    ["basic", { type: "basic", username: "u", password: canary }],
    ["API key", { type: "apiKey", header: "x-key", key: "canary-4711" }],
    ["OAuth2", { type: "oauth2ClientCredentials", tokenUrl: "/token", clientId: "c", clientSecret: canary }],
  ]

  test.each(auths)("%s: a system that echoes what it is sent gets nothing into faults, logs or state", async (_title, auth) => {
    const log: HttpLogEntry[] = []
    const server = await listen((request, response, body) => {
      if (request.url === "/token") return answerJson(response, 200, { access_token: "canary-issued" })
      const echo = `${"x".repeat(190)} ${JSON.stringify(request.headers)} ${body} ${canary}`
      if (request.url === "/page") return response.writeHead(500, { "content-type": "text/html" }).end(`<h1>${canary}</h1>`)
      answerJson(response, 422, { detail: `x${canary} ${echo}`, errors: { [canary]: echo, a: [`bad ${request.headers.authorization}`] } })
    })
    const client = clientFor(server.url, { auth }, { log: (entry) => log.push(entry), secrets: [canary] })
    const faults = [
      await faultOf(client.request({ method: "POST", path: `/${encodeURIComponent(canary)}`, json: { canary } })),
      await faultOf(client.request({ method: "GET", path: "/page" })),
      await faultOf(client.request({ method: "POST", path: "/x", headers: { "x-bad": `a\n${canary}` } })),
    ]
    const shown = JSON.stringify([faults, log, client.limits(), client.clockState(), client.stats])
    expect(shown).toContain("<redacted>")
    expect(shown).not.toMatch(/4711|canary-issued|Y2FuYXJ5/)
    expect(client.redact("token canary-issued")).toBe(auth.type === "oauth2ClientCredentials" ? "token <redacted>" : "token canary-issued")
  })

  test("errors carry no secret in their stack or cause", async () => {
    const server = await listen((_request, response) => answerJson(response, 403, { detail: "not for canary-4711" }))
    const client = clientFor(server.url, { auth: { type: "bearer", token: "canary-4711" } })
    const error: unknown = await client.request({ method: "GET", path: "/" }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    expect(error instanceof Error ? `${error.stack}${String(error.cause)}` : "").not.toContain("canary")
  })
})
