// A platform that is down: said once and clearly, nothing owed is forgotten, and everything arrives when it is back.
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { isObject } from "@syncline/connector"
import { contactAddress, memberAddress } from "./in-step.ts"
import { town, type Item } from "./people.ts"
import { FILE, openWorld, type World } from "./world.ts"

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

/** Ten people of the CRM get another family name and a label, one comes, one opts out. */
async function editCrm(): Promise<void> {
  const contacts = (await world.crm.items()).toSorted((a, b) => (contactAddress(a) < contactAddress(b) ? -1 : 1))
  const linked = contacts.filter((item) => item["stage"] !== "lost").slice(0, 11)
  for (const [n, item] of linked.entries()) {
    const change: Item = n === 10 ? { email_opt_out: true } : { last_name: `Edited ${n}`, labels: ["edited"] }
    await world.crm.call("PATCH", `/contacts/${String(item["id"])}`, change)
  }
  await world.crm.call("POST", "/contacts", { first_name: "New", last_name: "Comer", email: "new@town.example", stage: "customer" })
}

const owedTo = async (system: string): Promise<number> => {
  const status = await world.json("status", FILE)
  const rows = isObject(status) && Array.isArray(status["bindings"]) ? status["bindings"].filter(isObject) : []
  return rows.filter((row) => row["system"] === system).reduce((sum, row) => sum + Number(row["owed"]), 0)
}

const troubles: readonly { readonly name: string; readonly start: () => Promise<void>; readonly end: () => Promise<void> }[] = [
  { name: "answers 503", start: () => world.email.fault({ kind: "outage" }), end: () => world.email.heal() },
  { name: "cuts every connection", start: () => world.email.fault({ kind: "outage", drop: true }), end: () => world.email.heal() },
  { name: "is not running", start: () => world.email.stop(), end: () => world.email.resume() },
]

describe.each(troubles)("the e-mail platform $name", ({ start, end }) => {
  test("run exits 4 with a clear line and keeps everything owed; the next run delivers all of it", async () => {
    await world.begin(town(60, 11))
    await world.synced()
    expect(await world.differences()).toEqual([])
    await editCrm()
    await start()
    const failed = await world.cli("run", FILE)
    expect(failed.code).toBe(4)
    expect(failed.out + failed.err).toMatch(/email.*(?:could not be reached|cannot be reached)/)
    expect(failed.out + failed.err).not.toMatch(/\n\s+at /)
    expect(await owedTo("email")).toBe(12)
    await end()
    // nothing came through meanwhile
    expect((await world.email.items()).map(memberAddress)).not.toContain("new@town.example")
    const delivered = await world.cli("run", FILE)
    expect(await world.differences(), delivered.out).toEqual([])
    expect(delivered.code).toBe(0)
    expect(await owedTo("email")).toBe(0)
    expect((await world.email.items()).map(memberAddress)).toContain("new@town.example")
  })
})

test("a watching run recovers by itself, and says when a system goes and comes back", async () => {
  await world.begin(town(30, 12), { poll: "every: 1s, idle: 1s" })
  await world.synced()
  await world.email.fault({ kind: "outage" })
  await editCrm()
  const watching = world.start("run", FILE, "--watch")
  await watching.says(/email cannot be reached/)
  await world.email.heal()
  await watching.says(/email is back/)
  await expect.poll(() => world.differences(), { timeout: 30_000, interval: 200 }).toEqual([])
  watching.process.kill("SIGINT")
  const { code, err } = await watching.ended
  expect(code).toBe(130)
  expect(err).toMatch(/Stopped\. Nothing is lost/)
})
