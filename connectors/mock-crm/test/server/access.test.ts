import { describe, expect, test } from "vitest"
import { startTestCrm } from "../running-crm.ts"

const form = { "content-type": "application/x-www-form-urlencoded" }
const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`

describe("client credentials", () => {
  test("are traded for a token that works until it expires", async () => {
    let now = 1_800_000_000_000
    const crm = await startTestCrm({ now: () => now, tokenTtlMs: 60_000 })
    const grant = await crm.call("POST", "/oauth/token", {
      token: null,
      headers: { ...form, authorization: basic("demo-client", "demo-secret") },
      text: "grant_type=client_credentials",
    })
    expect(grant.body).toMatchObject({ token_type: "Bearer", expires_in: 60 })
    expect(grant.headers.get("cache-control")).toBe("no-store")
    const token = String(grant.body["access_token"])
    expect((await crm.call("GET", "/contacts", { token })).status).toBe(200)
    now += 60_000
    const late = await crm.call("GET", "/contacts", { token })
    expect([late.status, late.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="mock-crm", error="invalid_token"'])
  })

  test("may stand in the form, and wrong ones are refused in the words of OAuth", async () => {
    const crm = await startTestCrm({ clientId: "me", clientSecret: "p:w%" })
    const ask = (text: string, headers: Record<string, string> = {}) =>
      crm.call("POST", "/oauth/token", { token: null, headers: { ...form, ...headers }, text })
    const good = new URLSearchParams({ grant_type: "client_credentials", client_id: "me", client_secret: "p:w%" }).toString()
    expect((await ask(good)).status).toBe(200)
    expect((await ask("grant_type=client_credentials", { authorization: basic("me", "p%3Aw%25") })).status).toBe(200)
    expect((await ask(good.replace("me", "you"))).body).toMatchObject({ status: 401, error: "invalid_client" })
    expect((await ask(good.replace("client_credentials", "password"))).body).toMatchObject({ status: 400, error: "unsupported_grant_type" })
  })
})

test("no token, an unknown token and another scheme are refused; the admin side needs none", async () => {
  const crm = await startTestCrm({ token: null })
  expect((await crm.call("GET", "/contacts", { token: null })).status).toBe(401)
  expect((await crm.call("GET", "/contacts")).status).toBe(401)
  expect((await crm.call("GET", "/contacts", { headers: { authorization: basic("demo-client", "demo-secret") } })).status).toBe(401)
  expect((await crm.call("GET", "/admin/dump", { token: null })).status).toBe(200)
})

test("a full window answers 429 with the time to wait, and every answer tells what is left", async () => {
  const crm = await startTestCrm({ limits: { max: 2, perMs: 3_600_000 } })
  const first = await crm.call("GET", "/contacts")
  expect([first.headers.get("x-ratelimit-limit"), first.headers.get("x-ratelimit-remaining")]).toEqual(["2", "1"])
  expect(Number(first.headers.get("x-ratelimit-reset"))).toBeGreaterThan(3000)
  await crm.call("GET", "/nothing")
  const refused = await crm.call("GET", "/contacts")
  expect([refused.status, refused.body["code"], refused.headers.get("x-ratelimit-remaining")]).toEqual([429, "rate-limited", "0"])
  expect(refused.headers.get("retry-after")).toBe(refused.headers.get("x-ratelimit-reset"))
})
