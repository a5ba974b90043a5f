// `verify` beside two live systems: nothing where all is well, everything that was damaged in silence, and its repair.
import { afterAll, beforeAll, expect, test } from "vitest"
import { isObject, type Json } from "@syncline/connector"
import { addressOf, town } from "./people.ts"
import { loseMember, tamperContact, tamperMember, tamperRecord } from "./tamper.ts"
import { FILE, openWorld, type World } from "./world.ts"

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const writes = async (): Promise<number> => (await world.crm.writes()).length + (await world.email.writes()).length
const told = (report: Json): readonly string[] =>
  (isObject(report) && Array.isArray(report["differences"]) ? report["differences"].filter(isObject) : [])
    .map((each) => `${String(each["cause"])} ${String(each["system"])} ${String(each["label"])} ${String(each["field"])}`)
    .toSorted()

/** All are in both systems, and the first was edited in the CRM and delivered. */
async function begin(size: number): Promise<void> {
  await world.begin(town(size, 77, { both: 1, crm: 0 }))
  await world.synced()
  const [contact] = (await world.crm.items()).filter((item) => String(item["email"]).toLowerCase() === addressOf(1))
  await world.crm.call("PATCH", `/contacts/${String(contact?.["id"])}`, { first_name: "Renamed", phone: "+12125550188" })
  await world.synced()
  await Promise.all([world.crm.forget(), world.email.forget()])
}

test("where all is in step nothing differs, and nothing is written, not even to the store", { timeout: 120_000 }, async () => {
  await begin(150)
  const files = world.fingerprint()
  const { code, out, err } = await world.cli("verify", FILE)
  expect(code, out + err).toBe(0)
  expect(out).toMatch(/crm\.contacts\s+150\s+150/)
  expect(out).toMatch(/✓ No difference: \d.* values compared\./)
  expect(world.fingerprint()).toBe(files)
  expect(await writes()).toBe(0)
})

test("silent damage is found completely, with its cause, and repaired", { timeout: 120_000 }, async () => {
  await begin(60)
  // two items that neither revision nor time betrays, one write that got lost, one item that vanished, one wrong record
  tamperContact(world, addressOf(2), { last_name: "Tampered" })
  tamperMember(world, addressOf(3), { LNAME: "Tampered too" })
  const before = (await world.email.items()).find((item) => item["email_address"] === addressOf(1))
  expect(isObject(before?.["merge_fields"]) ? before["merge_fields"]["FNAME"] : null).toBe("Renamed")
  tamperMember(world, addressOf(1), { FNAME: givenNameOf(1) })
  loseMember(world, addressOf(4))
  const company = (await world.crm.items()).find((item) => String(item["email"]).toLowerCase() === addressOf(5))?.["last_name"]
  tamperRecord(world, `"${String(company)}"`, '"Nobody wrote this"')

  const report = await world.json("verify", FILE)
  expect(told(report)).toEqual(
    [
      `lost_write email ${addressOf(1)} givenName`,
      `edited_outside crm ${addressOf(2)} familyName`,
      `edited_outside email ${addressOf(3)} familyName`,
      `missing email ${addressOf(4)} null`,
      `record crm ${addressOf(5)} familyName`,
      `record email ${addressOf(5)} familyName`,
    ].toSorted(),
  )
  const text = await world.cli("verify", FILE)
  expect(text.code).toBe(1)
  expect(text.out).toMatch(/≠ 6 differences\..*verify pipeline\.yaml --repair/)
  expect(await writes()).toBe(0)

  const repaired = await world.cli("verify", FILE, "--repair")
  expect(repaired.code, repaired.out + repaired.err).toBe(0)
  expect(repaired.out).toMatch(/Repaired: no difference is left/)
  expect(await world.differences()).toEqual([])
  expect((await world.email.items()).find((item) => item["email_address"] === addressOf(1))).toMatchObject({
    merge_fields: { FNAME: "Renamed" },
  })
  expect((await world.crm.items()).find((item) => String(item["email"]).toLowerCase() === addressOf(3))?.["last_name"]).toBe("Tampered too")
  expect((await world.crm.items()).map((item) => String(item["email"]).toLowerCase())).not.toContain(addressOf(4))
  const kinds = (await world.journal()).filter((row) => row["kind"] === "repaired")
  expect(kinds.length).toBeGreaterThanOrEqual(2)
  expect((await world.cli("verify", FILE)).code).toBe(0)
})

test("a system that is down is said, and what could not be compared is not called the same", { timeout: 120_000 }, async () => {
  await begin(10)
  await world.email.fault({ kind: "outage" })
  const { code, out } = await world.cli("verify", FILE)
  await world.email.heal()
  expect(code).toBe(4)
  expect(out).toMatch(/email cannot be reached/)
  expect(out).toMatch(/Not all could be compared/)
})

/** What the platform held before the CRM's edit came: the name that the town gave. */
const givenNameOf = (n: number): string => {
  const person = town(60, 77, { both: 1, crm: 0 }).crm[n - 1]
  return String(person?.["first_name"])
}
