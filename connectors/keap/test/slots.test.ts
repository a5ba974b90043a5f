import { expect, it, onTestFinished } from "vitest"
import { manifestConnector, openConnector } from "@syncline/testkit/connector"
import { demoToken, fake } from "../fake/index.ts"

const keap = manifestConnector(new URL("../keap.connector.yaml", import.meta.url))

const EMAILS = ["EMAIL1", "EMAIL2", "EMAIL3"].map((field) => ({
  field,
  email: `${field.toLowerCase()}@harbour.example`,
  opt_in_reason: "asked",
}))
const PHONES = ["PHONE1", "PHONE2"].map((field) => ({ field, number: `555-${field}` }))

const connected = async () => {
  const system = await fake.start({ settings: { generous: true } })
  const connector = openConnector(keap, { baseUrl: system.url, token: demoToken }, system.clock)
  onTestFinished(async () => {
    await connector.close()
    await system.close()
  })
  const { id } = system.world.add({ given_name: "Ada", email_addresses: EMAILS, phone_numbers: PHONES })
  return { connector, id, now: () => system.world.find(id)?.item }
}

it("a changed address leaves those in other slots as they are, with what they consented to, and the numbers", async () => {
  const { connector, id, now } = await connected()
  const outcomes = await connector.write("contacts", { kind: "update", id, set: { email: "new@harbour.example" } })
  expect(outcomes).toMatchObject([{ status: "applied" }])
  const list = now()?.["email_addresses"]
  expect(list).toHaveLength(3)
  expect(list).toEqual(
    expect.arrayContaining([expect.objectContaining({ field: "EMAIL1", email: "new@harbour.example", opt_in_reason: "" })]),
  )
  for (const other of EMAILS.slice(1)) expect(list).toEqual(expect.arrayContaining([expect.objectContaining(other)]))
  expect(now()?.["phone_numbers"]).toEqual(PHONES)
})

it("a cleared number goes, and the other numbers and the addresses stay", async () => {
  const { connector, id, now } = await connected()
  await connector.write("contacts", { kind: "update", id, set: { phone: null } })
  expect(now()?.["phone_numbers"]).toEqual(PHONES.slice(1))
  expect(now()?.["email_addresses"]).toHaveLength(3)
})
