// The connector on a fake of its own, both closed when the test is over.
import { onTestFinished } from "vitest"
import type { JsonObject } from "@syncline/connector"
import { manifestConnector, openConnector } from "@syncline/testkit/connector"
import { demoHookSecret, demoKey, demoList, fake } from "../fake/index.ts"

export const mailchimp = manifestConnector(new URL("../mailchimp.connector.yaml", import.meta.url))

export const member = (email: string, more: JsonObject = {}): JsonObject => ({
  email_address: email,
  last_changed: "2026-02-01T08:00:00+00:00",
  ...more,
})

export const connected = async (...members: readonly JsonObject[]) => {
  const system = await fake.start({ seed: { members } })
  const settings = { baseUrl: system.url, apiKey: demoKey, list: demoList, webhookSecret: demoHookSecret }
  const connector = openConnector(mailchimp, settings, system.clock)
  onTestFinished(async () => {
    await connector.close()
    await system.close()
  })
  const find = (who: string) => system.world.audience(demoList)?.find(who)
  /** id and secondary of a member, as operations name it. */
  const named = (who: string) => {
    const there = find(who)
    return { id: who, ...(there === undefined ? {} : { secondary: there.contactId }) }
  }
  const writes = () => system.requests().filter(({ write }) => write)
  return { system, connector, find, named, writes }
}
