// The owner of a system removes, renames or retypes a field: nobody is cleared anywhere, everything else flows, it is told,
// and it goes on by itself when the field is back.
import { afterAll, beforeAll, expect, test } from "vitest"
import { isObject } from "@syncline/connector"
import { addressOf, town, type Item } from "./people.ts"
import { FILE, openWorld, type World } from "./world.ts"

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const phonesOf = (items: readonly Item[]): readonly string[] =>
  items
    .map((item) => JSON.stringify(item["phone"] ?? (isObject(item["merge_fields"]) ? item["merge_fields"]["PHONE"] : null) ?? ""))
    .toSorted()
const members = async (): Promise<readonly string[]> => phonesOf(await world.email.items())
const contact = async (n: number): Promise<Item> =>
  (await world.crm.items()).find((item) => String(item["email"]).toLowerCase() === addressOf(n)) ?? {}
const member = async (n: number): Promise<Item> => (await world.email.items()).find((item) => item["email_address"] === addressOf(n)) ?? {}
const merge = (item: Item): Item => (isObject(item["merge_fields"]) ? item["merge_fields"] : {})

async function begin(): Promise<void> {
  await world.begin(town(30, 97, { both: 1, crm: 0 }))
  await world.synced()
  await world.synced()
}

test("a field that is renamed in the CRM and back again", { timeout: 120_000 }, async () => {
  await begin()
  const before = await members()
  await world.crm.call("POST", "/admin/schema", { rename: { field: "phone", to: "mobile" } })
  await world.crm.call("PATCH", `/contacts/${String((await contact(1))["id"])}`, { first_name: "Renamed" })
  for (const args of [[], ["--full"]]) {
    const { code, out, err } = await world.cli("run", FILE, ...args)
    expect(code, out + err).toBe(args.length === 0 ? 1 : 0)
    expect(out).toMatch(/crm\.contacts: phone is no longer there, so phone is held/)
    expect(await members()).toEqual(before)
  }
  expect(merge(await member(1))["FNAME"]).toBe("Renamed")
  const status = await world.cli("status", FILE)
  expect(status.out).toMatch(/phone is no longer there, so phone is held/)
  expect(await world.json("status", FILE)).toMatchObject({
    bindings: expect.arrayContaining([
      expect.objectContaining({ binding: "crm.contacts", held: [expect.objectContaining({ path: "phone", kind: "gone" })] }),
    ]),
  })
  // a comparison knows why they differ, and repairs nothing of it
  const verified = await world.json("verify", FILE)
  expect(isObject(verified) && verified["causes"]).toEqual({ drift: expect.any(Number) })
  // an edit of it elsewhere waits for the CRM, alone
  await world.email.call("PATCH", `/lists/newsletter/members/${String((await member(2))["id"])}`, {
    merge_fields: { PHONE: "+12125550199", FNAME: "Two" },
  })
  await world.synced()
  expect((await contact(2))["first_name"]).toBe("Two")

  await world.crm.call("POST", "/admin/schema", { rename: { field: "mobile", to: "phone" } })
  expect(await world.synced()).toMatch(/phone is back/)
  expect((await contact(2))["phone"]).toBe("+12125550199")
  expect(await world.differences()).toEqual([])
  expect(await world.synced()).not.toMatch(/held|is back/)
})

test("a field that was renamed in the CRM and is only written to", { timeout: 120_000 }, async () => {
  await begin()
  await world.crm.call("POST", "/admin/schema", { rename: { field: "phone", to: "mobile" } })
  await world.email.call("PATCH", `/lists/newsletter/members/${String((await member(2))["id"])}`, {
    merge_fields: { PHONE: "+12125550199" },
  })
  // its write is refused, or an overlapping page shows first that the field is gone
  expect((await world.cli("run", FILE)).code).toBe(1)
  expect((await world.cli("run", FILE)).out).toMatch(/crm\.contacts: phone is no longer there, so phone is held/)
  await world.crm.call("POST", "/admin/schema", { rename: { field: "mobile", to: "phone" } })
  await world.synced()
  expect((await contact(2))["phone"]).toBe("+12125550199")
  expect(await world.json("quarantine", "list", FILE)).toEqual([])
})

test("a field of the CRM that becomes a number", { timeout: 120_000 }, async () => {
  await begin()
  const before = await members()
  await world.crm.call("POST", "/admin/schema", { retype: { field: "phone", to: "number" } })
  const { code, out, err } = await world.cli("run", FILE, "--full")
  expect(code, out + err).toBe(1)
  expect(out).toMatch(/phone was string and is number now|phone is no longer there/)
  expect(await members()).toEqual(before)
  expect(await world.json("quarantine", "list", FILE)).toEqual([])
})
