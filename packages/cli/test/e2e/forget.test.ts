// `forget` beside two live systems: no byte of the store holds the person any more, and no run takes them in again.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { isObject, type Json } from "@syncline/connector"
import { addressOf, town, type Item } from "./people.ts"
import { FILE, openWorld, type World } from "./world.ts"

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const contact = async (n: number): Promise<Item> =>
  (await world.crm.items()).find((item) => String(item["email"]).toLowerCase() === addressOf(n)) ?? {}
const member = async (n: number): Promise<Item> => (await world.email.items()).find((item) => item["email_address"] === addressOf(n)) ?? {}

/** Files of the store's folder in which a text stands, in any letter case. */
function places(text: string): readonly string[] {
  const folder = join(world.folder, ".syncline")
  return readdirSync(folder).filter((name) =>
    readFileSync(join(folder, name)).toString("latin1").toLowerCase().includes(Buffer.from(text).toString("latin1").toLowerCase()),
  )
}

/** Everything about her that was ever in the store: old and new values, and her ids. */
async function begin(): Promise<readonly string[]> {
  await world.begin(town(80, 61, { both: 1, crm: 0 }))
  await world.synced()
  const { id } = await contact(1)
  const path = `/contacts/${String(id)}`
  await world.crm.call("PATCH", path, { first_name: "Zebulonia", last_name: "Quartermain", phone: "+12125550177" })
  await world.synced()
  await world.crm.call("PATCH", path, { first_name: "Zebulonia-Maud", account: { name: "Quartermain & Daughters" } })
  await world.synced()
  const there = await member(1)
  return [addressOf(1), "Zebulonia", "Quartermain", "2125550177", String(id), String(there["id"]), String(there["contact_id"])]
}

const forgottenId = (receipt: Json): string => {
  const erased = isObject(receipt) ? receipt["erased"] : null
  const [blocked] = isObject(erased) && Array.isArray(erased["blocked"]) ? erased["blocked"].filter(isObject) : []
  return String(blocked?.["id"])
}

test(
  "after forgetting, no byte of the store names the person, the systems are left alone, and nobody comes in again",
  { timeout: 120_000 },
  async () => {
    const values = await begin()
    for (const value of values) expect(places(value), value).not.toEqual([])

    const asked = await world.cli("forget", FILE, addressOf(1))
    expect(asked.code, asked.out + asked.err).toBe(0)
    expect(asked.out).toMatch(/This cannot be taken back[\s\S]*syncline forget pipeline\.yaml rec_\w+ --yes/)
    expect(places("Quartermain")).not.toEqual([])

    const done = await world.cli("forget", FILE, addressOf(1), "--yes")
    expect(done.code, done.out + done.err).toBe(0)
    expect(done.out).toMatch(/1 record, 2 links.*erased; \d+ journal rows emptied; file and log cleared/)
    expect(done.out).toMatch(/kept: fgt_[0-9a-f]{32}/)
    for (const value of values) {
      expect(places(value), value).toEqual([])
      expect(done.out + done.err, value).not.toContain(value)
    }
    expect(places(addressOf(2))).not.toEqual([])

    await Promise.all([world.crm.forget(), world.email.forget()])
    await world.crm.call("PATCH", `/contacts/${String((await contact(1))["id"])}`, { first_name: "Zebulonia the Third" })
    await world.crm.forget()
    const run = await world.cli("run", FILE, "--full")
    expect(run.code, run.out + run.err).toBe(0)
    expect(run.out).toMatch(/an item is left alone, because whom it is about was forgotten \(fgt_/)
    expect([...(await world.crm.writes()), ...(await world.email.writes())]).toEqual([])
    for (const value of values) expect(places(value), value).toEqual([])
    const verified = await world.cli("verify", FILE)
    expect(verified.code, verified.out).toBe(0)
    expect(verified.out).toMatch(/2 about people who were forgotten/)
    expect((await world.cli("explain", FILE, addressOf(1))).code).toBe(2)
  },
)

test("everywhere deletes in both systems first; lifted, the person may come in again", { timeout: 120_000 }, async () => {
  const values = await begin()
  const receipt = await world.json("forget", FILE, addressOf(1), "--everywhere", "--yes")
  expect(isObject(receipt) ? receipt["systems"] : null).toEqual([
    { system: "crm", binding: "crm.contacts", outcome: "deleted" },
    { system: "email", binding: "email.members", outcome: "archived" },
  ])
  for (const value of values) {
    expect(places(value), value).toEqual([])
    expect(JSON.stringify(receipt)).not.toContain(value)
  }
  expect([await contact(1), await member(1)]).toEqual([{}, {}])
  expect((await world.crm.items()).length).toBe(79)
  await world.synced("--full")
  await world.crm.call("POST", "/contacts", { email: addressOf(1), first_name: "Back", stage: "lead" })
  await world.synced()
  expect(await member(1)).toEqual({})
  const lifted = await world.cli("forget", FILE, "--lift", forgottenId(receipt))
  expect(lifted.code, lifted.out + lifted.err).toBe(0)
  await world.synced()
  expect((await member(1))["status"]).toBe("subscribed")
  expect((await world.cli("forget", FILE, "--lift", "fgt_none")).code).toBe(2)
})

test("a system that is down keeps the erasure from being half done", { timeout: 120_000 }, async () => {
  await begin()
  await world.email.fault({ kind: "outage" })
  const stopped = await world.cli("forget", FILE, addressOf(1), "--everywhere", "--yes")
  expect(stopped.code, stopped.out + stopped.err).toBe(4)
  expect(stopped.out).toMatch(/Nothing was erased/)
  await world.email.heal()
  const done = await world.cli("forget", FILE, addressOf(1), "--everywhere", "--yes")
  expect(done.code, done.out + done.err).toBe(0)
  expect(places("Quartermain")).toEqual([])
  expect([await contact(1), await member(1)]).toEqual([{}, {}])
})
