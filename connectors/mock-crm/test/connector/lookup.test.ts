import { expect, test } from "vitest"
import { connect } from "./connected.ts"

test("contacts are found by id, in the order asked; what is missing says whether it was deleted", async () => {
  const { crm, connector } = await connect()
  const ada = await crm.add({ first_name: "Ada" })
  const bob = await crm.add({ first_name: "Bob" })
  await crm.call("DELETE", `/contacts/${bob}`)
  const answers = await connector.lookup?.("contacts", "id", ["never", ada, bob, ada])
  expect(answers).toMatchObject([
    { fault: { class: "notFound" } },
    { found: { kind: "upsert", id: ada, version: "1", item: { first_name: "Ada" } } },
    { fault: { class: "gone" } },
    { found: { id: ada } },
  ])
})

test("contacts are found by address however it is spelt, and of several the oldest", async () => {
  const { crm, connector } = await connect()
  const oldest = await crm.add({ email: " Ada@X.com" })
  await crm.add({ email: "ada@x.com" })
  const answers = await connector.lookup?.("contacts", "email", ["ADA@x.com", "nobody@x.com", ""])
  expect(answers).toMatchObject([{ found: { id: oldest } }, { fault: { class: "notFound" } }, { fault: { class: "notFound" } }])
})

test("more values than one call takes are asked for in several", async () => {
  const { crm, connector, statuses } = await connect()
  const id = await crm.add({})
  await statuses()
  const answers = (await connector.lookup?.("contacts", "id", [...Array.from({ length: 250 }, (_, n) => `x${n}`), id])) ?? []
  expect(answers).toHaveLength(251)
  expect(answers.at(-1)).toMatchObject({ found: { id } })
  expect(await statuses()).toEqual([200, 200])
})
