import { describe, expect, test } from "vitest"
import { isInnerAddress } from "../../src/http/egress.ts"
import { FaultError, openHttpClient } from "../../src/index.ts"
import { answerJson, clientFor, faultOf, listen } from "./local-server.ts"

describe("addresses", () => {
  test.each([
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
  ])("%s is inner", (address) => expect(isInnerAddress(address)).toBe(true))
  test.each(["fe80::1", "fd00::1", "::", "ff02::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1"])(
    "%s is inner",
    (address) => expect(isInnerAddress(address)).toBe(true),
  )
  test.each(["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "8.8.8.8", "172.32.0.1", "192.0.2.1", "2001:db8::1", "::ffff:8.8.8.8"])(
    "%s is not",
    (address) => expect(isInnerAddress(address)).toBe(false),
  )
})

const open = (baseUrl: string, allowPrivateHosts: string[] = []): unknown => {
  try {
    return openHttpClient({ baseUrl, auth: { type: "none" }, limits: { windows: [] } }, { now: Date.now, allowPrivateHosts })
  } catch (error) {
    return error instanceof FaultError ? error.fault.message : error
  }
}

test.each([
  "http://192.168.1.10/api",
  "http://169.254.169.254/latest/meta-data",
  "http://[fe80::1]/",
  "http://[::ffff:10.0.0.1]/",
  // Other spellings of 10.0.0.1.
  "http://167772161/",
  "http://0x0a.0.0.1/",
])("the private address %s has to be allowed by name", (url) => {
  expect(open(url)).toContain("private network")
  expect(open(url, [new URL(url).hostname])).toHaveProperty("request")
})

test.each([
  ["nonsense", "not an absolute URL"],
  ["ftp://files.example", "begins with https://"],
  ["https://user:canary@crm.example", "Credentials for crm.example belong under auth"],
])("the base URL %s is refused with a reason", (url, reason) => {
  expect(open(url)).toContain(reason)
  expect(open(url)).not.toContain("canary")
})

test("the token URL is checked like the base URL", () => {
  const auth = { type: "oauth2ClientCredentials", tokenUrl: "http://10.0.0.1/token", clientId: "a", clientSecret: "b" } as const
  expect(() => openHttpClient({ baseUrl: "https://crm.example", auth, limits: { windows: [] } }, { now: Date.now })).toThrow(
    "private network",
  )
})

test("loopback by name needs no permission", async () => {
  const server = await listen((_request, response) => answerJson(response, 200, "here"))
  expect((await clientFor(`http://localhost:${server.port}`).request({ method: "GET", path: "/" })).body).toBe("here")
})

test("a name that does not resolve is a transient fault, also for a change", async () => {
  const fault = await faultOf(clientFor("http://no-such-host.invalid").request({ method: "POST", path: "/", json: {} }))
  expect(fault).toMatchObject({ class: "transient", message: expect.stringMatching(/^no-such-host\.invalid was not reached: /) })
})
