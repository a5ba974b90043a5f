import { createHmac, generateKeyPairSync } from "node:crypto"
import { jwtVerify } from "jose"
import { expect, test } from "vitest"
import type { Auth } from "../../src/index.ts"
import { answerJson, clientFor, faultOf, listen } from "../http/local-server.ts"

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString()
const hexKey = "00ff10a0".repeat(8)

const ghost: Auth = {
  type: "jwt",
  algorithm: "HS256",
  key: hexKey,
  keyEncoding: "hex",
  keyId: "key-1",
  claims: { aud: "/admin/" },
  lifeMs: 300_000,
  header: "Authorization",
  prefix: "Ghost ",
}

test("a signed token is the credential itself, as the Ghost Admin API wants it, and is made once for many calls", async () => {
  const seen: string[] = []
  const server = await listen((request, response) => {
    seen.push(request.headers.authorization ?? "")
    answerJson(response, 200, {})
  })
  const now = 1_800_000_000_000
  const client = clientFor(server.url, { auth: ghost }, { now: () => now })
  for (let n = 0; n < 3; n++) await client.request({ method: "GET", path: "/members" })
  expect(new Set(seen).size).toBe(1)
  const [scheme, token = ""] = (seen[0] ?? "").split(" ")
  expect(scheme).toBe("Ghost")
  const { payload, protectedHeader } = await jwtVerify(token, Buffer.from(hexKey, "hex"), { currentDate: new Date(now) })
  expect(protectedHeader).toEqual({ alg: "HS256", typ: "JWT", kid: "key-1" })
  expect(payload).toEqual({ aud: "/admin/", iat: 1_800_000_000, exp: 1_800_000_300 })
  expect(client.redact(`${token} ${hexKey}`)).toBe("<redacted> <redacted>")
})

test("a clock that is ten minutes off costs one refused call: the next token is dated by the system's own clock", async () => {
  const server = await listen((request, response) => {
    const claims = (request.headers.authorization ?? "").split(".")[1] ?? ""
    const { iat, exp } = JSON.parse(Buffer.from(claims, "base64url").toString())
    const seconds = Date.now() / 1000
    answerJson(response, iat <= seconds + 5 && exp > seconds ? 200 : 401, {}, { date: new Date().toUTCString() })
  })
  for (const off of [-600_000, 600_000]) {
    const client = clientFor(server.url, { auth: ghost }, { now: () => Date.now() + off })
    await client.request({ method: "GET", path: "/" })
    await client.request({ method: "GET", path: "/" })
    expect(client.stats.attempts).toBe(3)
  }
})

test("a signed token is exchanged for an access token, as Salesforce wants it", async () => {
  const forms: URLSearchParams[] = []
  const server = await listen((request, response, body) => {
    if (request.url !== "/services/oauth2/token") return answerJson(response, 200, { sent: request.headers.authorization })
    forms.push(new URLSearchParams(body))
    answerJson(response, 200, { access_token: "00D-token", instance_url: "https://elsewhere.example", token_type: "Bearer" })
  })
  const auth: Auth = {
    type: "oauth2JwtBearer",
    tokenUrl: "/services/oauth2/token",
    algorithm: "RS256",
    // as it stands in an environment variable
    key: pem.replaceAll("\n", "\\n"),
    keyEncoding: "pem",
    claims: { iss: "consumer-key", sub: "sync@example.com", aud: "https://login.example.com" },
    lifeMs: 180_000,
  }
  const client = clientFor(server.url, { auth })
  expect((await client.request({ method: "GET", path: "/" })).body).toEqual({ sent: "Bearer 00D-token" })
  const [form] = forms
  expect(form?.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer")
  const { payload } = await jwtVerify(form?.get("assertion") ?? "", publicKey)
  expect(payload).toMatchObject({ iss: "consumer-key", sub: "sync@example.com", aud: "https://login.example.com" })
  const line = pem.split("\n")[3] ?? ""
  expect(client.redact(`key ${line}`)).toBe("key <redacted>")
})

test.each<[string, Auth]>([
  ["a key that is no hex", { ...ghost, key: "canary-no-hex" }],
  ["a key that is no PEM", { ...ghost, algorithm: "RS256", keyEncoding: "pem", key: "canary-no-pem" }],
  ["an RSA key for an elliptic curve", { ...ghost, algorithm: "ES256", keyEncoding: "pem", key: pem }],
  ["an empty key", { ...ghost, keyEncoding: "utf8", key: "" }],
])("%s is an auth fault that shows nothing of it, and nothing is sent", async (_title, auth) => {
  const server = await listen((_request, response) => answerJson(response, 200, {}))
  const fault = await faultOf(clientFor(server.url, { auth }).request({ method: "GET", path: "/" }))
  expect(fault).toMatchObject({ class: "auth", message: expect.stringContaining("signing key cannot be used") })
  expect(fault.message).not.toContain("canary")
  expect(server.seen).toEqual([])
})

test("each request is signed over its method, path, body and time", async () => {
  const server = await listen((request, response, body) => {
    const [id, stamp, signature] = (request.headers["x-signature"] ?? "").toString().split(":")
    const expected = createHmac("sha256", "shared").update(`${request.method}\n${request.url}\n${stamp}\n${body}`).digest("base64")
    answerJson(response, id === "id-1" && signature === expected ? 200 : 403, {})
  })
  const auth: Auth = {
    type: "hmac",
    key: "shared",
    keyEncoding: "utf8",
    algorithm: "sha256",
    encoding: "base64",
    message: ({ method, path, timestamp, body }) => `${method}\n${path}\n${timestamp}\n${body}`,
    headers: ({ timestamp }, signature) => ({ "X-Signature": `id-1:${timestamp}:${signature}` }),
  }
  const client = clientFor(server.url, { auth })
  await client.request({ method: "GET", path: "/a", query: { b: "c d", e: ["1", "2"] } })
  await client.request({ method: "POST", path: "/a", json: { name: "Zoë" } })
  await client.request({ method: "PUT", path: "/a", content: { type: "application/octet-stream", data: "plain" } })
  expect(server.seen).toEqual(["GET /a?b=c+d&e=1&e=2", "POST /a", "PUT /a"])
})

test("a key in the query is sent and never shown", async () => {
  const shown: string[] = []
  const server = await listen((request, response) =>
    request.url === "/ok?key=canary-9&x=1"
      ? answerJson(response, 200, {})
      : answerJson(response, 422, { detail: `no ${request.url}`, key: "canary-9" }),
  )
  const auth: Auth = { type: "apiKeyQuery", parameter: "key", key: "canary-9" }
  const client = clientFor(server.url, { auth }, { log: (entry) => shown.push(JSON.stringify(entry)) })
  await client.request({ method: "GET", path: "/ok?key=overwritten&x=1" })
  const fault = await faultOf(client.request({ method: "POST", path: "/bad" }))
  expect(`${JSON.stringify(fault)}${shown.join()}`).not.toContain("canary")
  expect(fault.message).toContain("<redacted>")
})
