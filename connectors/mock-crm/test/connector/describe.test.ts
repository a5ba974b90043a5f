import { expect, test } from "vitest"
import { mockCrm } from "../../src/index.ts"
import { maxBatch, maxLookup, maxPage } from "../../src/connector/describe.ts"
import * as server from "../../src/server/options.ts"
import { connect } from "./connected.ts"

const config = { baseUrl: "http://127.0.0.1:1", token: "t" }

test("what the connector promises is what the server keeps", () => {
  const [contacts] = mockCrm.describe(config).resources
  expect([maxBatch, maxLookup, maxPage]).toEqual([server.maxBatch, server.maxLookup, server.maxPageSize])
  expect(contacts?.read.delta?.ttlMs).toBe(server.retentionMs)
  expect(contacts?.write.create?.keyTtlMs).toBe(server.idempotencyTtlMs)
  expect(mockCrm.describe(config)).toEqual(mockCrm.describe(config))
})

test("a static token goes before client credentials, and both are secrets", () => {
  expect(mockCrm.http(config).auth).toEqual({ type: "bearer", token: "t" })
  expect(mockCrm.http({ baseUrl: config.baseUrl, clientId: "c", clientSecret: "s" }).auth).toMatchObject({
    type: "oauth2ClientCredentials",
    tokenUrl: "/oauth/token",
    clientId: "c",
  })
  expect(mockCrm.configSchema).toMatchObject({ properties: { token: { writeOnly: true }, clientSecret: { writeOnly: true } } })
})

test("a resource or a key that it does not have is refused before any call", async () => {
  const { connector, statuses } = await connect()
  await expect(connector.pull("deals", { mode: "delta", cursor: null, limit: 1 })).rejects.toMatchObject({ fault: { class: "invalid" } })
  await expect(connector.lookup?.("contacts", "phone", ["1"])).rejects.toMatchObject({ fault: { class: "invalid" } })
  await expect(connector.push("deals", [])).rejects.toMatchObject({ fault: { class: "invalid" } })
  expect(await statuses()).toEqual([])
})
