// Every way to sign in that a manifest knows, as a real server sees it.
import { createHmac } from "node:crypto"
import { expect, test } from "vitest"
import { openHttpClient, type JsonObject } from "../../../src/index.ts"
import { compileManifest } from "../../../src/manifest/index.ts"
import { answerJson, faultOf, listen } from "../../http/local-server.ts"

const compiled = (auth: string) => {
  const text = `manifest: 1
id: fake
baseUrl: "{config.baseUrl}"
auth:
${auth.replaceAll(/^/gm, "  ")}
resources:
  things:
    schema: { type: object, properties: { id: { type: string } } }
    id: =rec.id
    read: { snapshot: { request: GET /things } }
`
  const { definition, diagnostics } = compileManifest(text, { path: "fake.yaml", readFile: () => ({ error: "there is none" }) })
  if (definition === null) throw new Error(JSON.stringify(diagnostics))
  return definition
}

/** What the server sees of one call; a token URL answers every form with the form itself as the token. */
const sent = async (auth: string, config: JsonObject) => {
  const calls: { readonly url: string; readonly headers: Readonly<Record<string, unknown>>; readonly body: string }[] = []
  const server = await listen((request, response, body) => {
    calls.push({ url: request.url ?? "", headers: request.headers, body })
    answerJson(response, 200, request.url === "/token" ? { access_token: "issued", refresh_token: "next" } : {})
  })
  const settings = compiled(auth).http({ baseUrl: server.url, ...config })
  const client = openHttpClient(settings, { now: () => 1_800_000_000_000 })
  await client.request({ method: "POST", path: "/x?y=1", json: { a: 1 } })
  await client.close()
  return calls
}

test.each<[string, string, JsonObject, JsonObject]>([
  [
    "a key with a prefix in a header",
    "{ type: apiKey, name: X-Key, prefix: 'Key ', key: { secret: k } }",
    { k: "1" },
    { "x-key": "Key 1" },
  ],
  [
    "user name and password",
    "{ type: basic, username: =config.u, password: { secret: p } }",
    { u: "a", p: "b" },
    { authorization: "Basic YTpi" },
  ],
  ["a bearer token", "{ type: bearer, token: { secret: t } }", { t: "1" }, { authorization: "Bearer 1" }],
])("%s", async (_title, auth, config, headers) => {
  expect((await sent(auth, config)).at(-1)?.headers).toMatchObject(headers)
})

test("a key in the query", async () => {
  expect((await sent("{ type: apiKey, in: query, name: key, key: { secret: k } }", { k: "a b" })).at(-1)?.url).toBe("/x?y=1&key=a+b")
})

const oauth = (grant: string, more: string): string =>
  `{ type: oauth2, grant: ${grant}, tokenUrl: /token, clientId: app, clientAuth: body, params: { audience: =config.baseUrl }, ${more} }`

test.each<[string, string, JsonObject, JsonObject]>([
  [
    "client_credentials",
    "clientSecret: { secret: s }, scope: a b",
    { s: "1" },
    { grant_type: "client_credentials", scope: "a b", client_secret: "1" },
  ],
  [
    "refresh_token",
    "refreshToken: { secret: r }",
    { r: "first" },
    { grant_type: "refresh_token", refresh_token: "first", client_id: "app" },
  ],
  [
    "authorization_code",
    "code: { secret: c }, redirectUri: http://localhost/, codeVerifier: { secret: v }",
    { c: "code", v: "pkce" },
    { grant_type: "authorization_code", code: "code", redirect_uri: "http://localhost/", code_verifier: "pkce" },
  ],
  ["authorization_code", "refreshToken: { secret: r }", { r: "later" }, { grant_type: "refresh_token", refresh_token: "later" }],
])("OAuth 2, %s with %s", async (grant, more, config, form) => {
  const calls = await sent(oauth(grant, more), config)
  expect(Object.fromEntries(new URLSearchParams(calls[0]?.body))).toMatchObject({
    ...form,
    audience: expect.stringContaining("http://127"),
  })
  expect(calls[1]?.headers).toMatchObject({ authorization: "Bearer issued" })
})

test("a signature over the request, and whatever else the headers are to say", async () => {
  const auth = `
type: hmac
key: { secret: k }
encoding: base64
payload: '=request.method + "\\n" + request.path + "\\n" + string(timestamp) + "\\n" + request.body'
headers: { x-app: =config.app, x-time: =timestamp, x-signature: '="v1=" + signature' }`
  const [call] = await sent(auth, { k: "shared", app: "me" })
  const signature = createHmac("sha256", "shared").update(`POST\n/x?y=1\n1800000000\n{"a":1}`).digest("base64")
  expect(call?.headers).toMatchObject({ "x-app": "me", "x-time": "1800000000", "x-signature": `v1=${signature}` })
})

test("a signed token is sent in the header and with the words that the manifest names", async () => {
  const auth = `{ type: jwt, algorithm: HS256, key: { secret: k }, keyEncoding: hex, keyId: =config.id, claims: { aud: /admin/ }, prefix: 'Ghost ' }`
  const [call] = await sent(auth, { k: "00ff", id: "key-1" })
  const [head, claims] = String(call?.headers["authorization"]).replace("Ghost ", "").split(".").slice(0, 2)
  const said = [head, claims].map((part) => JSON.parse(Buffer.from(part ?? "", "base64url").toString()))
  expect(said).toEqual([
    { alg: "HS256", typ: "JWT", kid: "key-1" },
    { aud: "/admin/", iat: 1_800_000_000, exp: 1_800_000_300 },
  ])
})

const either = `
oneOf:
  - { type: bearer, token: { secret: token } }
  - { type: basic, username: =config.user, password: { secret: password } }`

test("of several ways, the first whose settings are all there", async () => {
  expect((await sent(either, { token: "t", user: "u", password: "p" })).at(-1)?.headers).toMatchObject({ authorization: "Bearer t" })
  expect((await sent(either, { user: "u", password: "p" })).at(-1)?.headers).toMatchObject({ authorization: "Basic dTpw" })
})

test("a setting that is missing is named, and nothing is sent", async () => {
  const opening = Promise.resolve().then(() =>
    openHttpClient(compiled("{ type: bearer, token: { secret: token } }").http({ baseUrl: "http://127.0.0.1:1" }), { now: Date.now }),
  )
  expect(await faultOf(opening)).toMatchObject({ class: "auth", message: expect.stringContaining("lacks token") })
})
