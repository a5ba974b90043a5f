// The connector on a fake of its own, both closed when the test is over.
import { onTestFinished } from "vitest"
import type { JsonObject } from "@syncline/connector"
import { manifestConnector, openConnector } from "@syncline/testkit/connector"
import type { FakeOptions } from "@syncline/testkit/fake"
import { demoApp, demoToken, fake } from "../fake/index.ts"

export const hubspot = manifestConnector(new URL("../hubspot.connector.yaml", import.meta.url))

export const connected = async (options: FakeOptions = {}, config: JsonObject = {}) => {
  const system = await fake.start(options)
  const settings = { baseUrl: system.url, token: demoToken, clientSecret: demoApp.clientSecret, ...config }
  const connector = openConnector(hubspot, settings, system.clock)
  onTestFinished(async () => {
    await connector.close()
    await system.close()
  })
  const calls = (part: string) => system.requests().filter(({ path }) => path.includes(part))
  return { system, connector, calls }
}

export const contact = (id: string, properties: JsonObject, at = "2026-02-01T08:00:00Z"): JsonObject => ({ id, at, properties })
