import { expect, test } from "vitest"
import { openMemoryKeeper, type Auth, type KeptToken, type TokenKeeper } from "../../src/index.ts"
import { answerJson, clientFor, faultOf, listen, type LocalServer } from "../http/local-server.ts"

const refreshing = (more: Partial<Extract<Auth, { type: "oauth2Refresh" }>> = {}): Auth => ({
  type: "oauth2Refresh",
  tokenUrl: "/token",
  clientId: "app",
  clientSecret: "app-secret",
  refreshToken: "refresh-0",
  ...more,
})

interface Rotating extends LocalServer {
  /** Good for one use each; a refresh token that was used is void at once, unless `grace`. */
  readonly valid: Set<string>
  readonly access: Set<string>
  readonly asked: URLSearchParams[]
  readonly grace: { on: boolean }
}

const rotatingServer = async (life = 3600): Promise<Rotating> => {
  const valid = new Set(["refresh-0"])
  const access = new Set<string>()
  const asked: URLSearchParams[] = []
  const grace = { on: false }
  const server = await listen((request, response, body) => {
    if (request.url !== "/token") {
      const token = (request.headers.authorization ?? "").slice("Bearer ".length)
      return access.has(token) ? answerJson(response, 200, { token }) : answerJson(response, 401, {})
    }
    const form = new URLSearchParams(body)
    asked.push(form)
    const proof = form.get("refresh_token") ?? form.get("code") ?? ""
    if (!valid.has(proof)) return answerJson(response, 400, { error: "invalid_grant" })
    if (!grace.on) valid.delete(proof)
    const n = asked.length
    valid.add(`refresh-${n}`)
    access.add(`access-${n}`)
    answerJson(response, 200, { access_token: `access-${n}`, refresh_token: `refresh-${n}`, token_type: "bearer", expires_in: life })
  })
  return { ...server, valid, access, asked, grace }
}

const call = (server: LocalServer, keeper: TokenKeeper, auth: Auth = refreshing(), now: () => number = Date.now) =>
  clientFor(server.url, { auth }, { keeper, now }).request({ method: "GET", path: "/things" })

test("a rotated token is kept before the access that came with it is used", async () => {
  const server = await rotatingServer()
  const keeper = openMemoryKeeper()
  const seenAtSave: string[][] = []
  const watched: TokenKeeper = {
    ...keeper,
    save: async (kept) => {
      seenAtSave.push([...server.seen])
      await keeper.save(kept)
    },
  }
  expect((await call(server, watched)).body).toEqual({ token: "access-1" })
  expect(seenAtSave).toEqual([["POST /token"]])
  expect(await keeper.load()).toMatchObject({ refreshToken: "refresh-1", accessToken: "access-1" })
})

test("ten calls of each of two clients that share a keeper make one refresh", async () => {
  const server = await rotatingServer()
  const keeper = openMemoryKeeper()
  const clients = [clientFor(server.url, { auth: refreshing() }, { keeper }), clientFor(server.url, { auth: refreshing() }, { keeper })]
  const calls = clients.flatMap((client) => Array.from({ length: 10 }, (_, n) => client.request({ method: "GET", path: `/${n}` })))
  await Promise.all(calls)
  expect(server.asked).toHaveLength(1)
  // One of them finds its token refused; the other one goes on with what the first one got.
  server.access.clear()
  await Promise.all(clients.map((client) => client.request({ method: "GET", path: "/again" })))
  expect(server.asked.map((form) => form.get("refresh_token"))).toEqual(["refresh-0", "refresh-1"])
})

test("the next process goes on with what was kept: no token request while it is valid, the rotated one afterwards", async () => {
  let time = 1_800_000_000_000
  const server = await rotatingServer(100)
  const keeper = openMemoryKeeper()
  await call(server, keeper, refreshing(), () => time)
  await call(server, keeper, refreshing(), () => time + 1000)
  expect(server.asked).toHaveLength(1)
  time += 95_000
  await call(server, keeper, refreshing(), () => time)
  expect(server.asked.map((form) => form.get("refresh_token"))).toEqual(["refresh-0", "refresh-1"])
})

test("what could not be kept is not used; the next call keeps it first and asks for nothing new", async () => {
  const server = await rotatingServer()
  const keeper = openMemoryKeeper()
  let full = true
  const client = clientFor(
    server.url,
    { auth: refreshing() },
    { keeper: { ...keeper, save: (kept) => (full ? Promise.reject(new Error("ENOSPC")) : keeper.save(kept)) } },
  )
  expect(await faultOf(client.request({ method: "POST", path: "/x" }))).toMatchObject({
    class: "transient",
    message: expect.stringContaining("could not be kept"),
  })
  expect(server.seen).toEqual(["POST /token"])
  full = false
  expect((await client.request({ method: "POST", path: "/x" })).body).toEqual({ token: "access-1" })
  expect(server.seen).toEqual(["POST /token", "POST /x"])
})

test("a process that died between the answer and keeping it asks again with the token before, as long as the system allows it", async () => {
  const server = await rotatingServer()
  server.grace.on = true
  const dies: TokenKeeper = { ...openMemoryKeeper(), save: () => Promise.reject(new Error("killed")) }
  await faultOf(call(server, dies))
  expect((await call(server, openMemoryKeeper())).body).toEqual({ token: "access-2" })
})

test("a refresh token that the system refuses is an auth fault that says to authorise again", async () => {
  const server = await rotatingServer()
  const fault = await faultOf(call(server, openMemoryKeeper(), refreshing({ refreshToken: "stolen" })))
  expect(fault).toMatchObject({ class: "auth", message: expect.stringMatching(/renew the access \(invalid_grant\).*authorise again/) })
})

test("a new refresh token in the configuration makes what was kept of the old one void", async () => {
  const server = await rotatingServer()
  const keeper = openMemoryKeeper()
  await call(server, keeper)
  server.valid.add("refresh-new")
  await call(server, keeper, refreshing({ refreshToken: "refresh-new" }))
  expect(server.asked.map((form) => form.get("refresh_token"))).toEqual(["refresh-0", "refresh-new"])
})

test("a refresh that brings no new refresh token goes on with the same one", async () => {
  const asked: string[] = []
  let time = 1_800_000_000_000
  const server = await listen((request, response, body) => {
    if (request.url === "/token") asked.push(new URLSearchParams(body).get("refresh_token") ?? "")
    answerJson(response, 200, { access_token: "a", expires_in: 60 })
  })
  const keeper = openMemoryKeeper()
  await call(server, keeper, refreshing(), () => time)
  time += 120_000
  await call(server, keeper, refreshing(), () => time)
  expect(asked).toEqual(["refresh-0", "refresh-0"])
})

test("a code is exchanged once; from then on its refresh token is used", async () => {
  let time = 1_800_000_000_000
  const server = await rotatingServer(100)
  server.valid.add("code-1")
  const auth: Auth = {
    type: "oauth2AuthorizationCode",
    tokenUrl: "/token",
    clientId: "app",
    code: "code-1",
    redirectUri: "http://localhost/back",
    codeVerifier: "verifier-1",
  }
  const keeper = openMemoryKeeper()
  await call(server, keeper, auth, () => time)
  time += 200_000
  await call(server, keeper, auth, () => time)
  expect(server.asked.map((form) => Object.fromEntries(form))).toEqual([
    {
      grant_type: "authorization_code",
      code: "code-1",
      redirect_uri: "http://localhost/back",
      code_verifier: "verifier-1",
      client_id: "app",
    },
    { grant_type: "refresh_token", refresh_token: "refresh-1", client_id: "app" },
  ])
})

test("tokens that were kept are redacted, too", async () => {
  const kept: KeptToken[] = []
  const server = await rotatingServer()
  const keeper = openMemoryKeeper()
  await call(server, { ...keeper, save: (token) => (kept.push(token), keeper.save(token)) })
  const client = clientFor(server.url, { auth: refreshing() }, { keeper })
  await client.request({ method: "GET", path: "/" })
  for (const secret of ["refresh-0", "refresh-1", "access-1", "app-secret"]) expect(client.redact(`a ${secret} b`)).toBe("a <redacted> b")
})
