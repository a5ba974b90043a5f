// A platform that is down: said once and clearly, nothing owed is forgotten, and everything arrives when it is back.
import { describe, expect, test } from "vitest"
import { isObject } from "@syncline/connector"
import { contactAddress, memberAddress } from "./in-step.ts"
import { town, type Item } from "./people.ts"
import { FILE, inWorld, type World } from "./world.ts"

/** Ten people of the CRM get another family name and a label, one comes, one opts out. */
async function editCrm(world: World): Promise<void> {
  const contacts = (await world.crm.items()).toSorted((a, b) => (contactAddress(a) < contactAddress(b) ? -1 : 1))
  const linked = contacts.filter((item) => item["stage"] !== "lost").slice(0, 11)
  for (const [n, item] of linked.entries()) {
    const change: Item = n === 10 ? { email_opt_out: true } : { last_name: `Edited ${n}`, labels: ["edited"] }
    await world.crm.call("PATCH", `/contacts/${String(item["id"])}`, change)
  }
  await world.crm.call("POST", "/contacts", { first_name: "New", last_name: "Comer", email: "new@town.example", stage: "customer" })
}

const owedTo = async (world: World, system: string): Promise<number> => {
  const status = await world.json("status", FILE)
  const rows = isObject(status) && Array.isArray(status["bindings"]) ? status["bindings"].filter(isObject) : []
  return rows.filter((row) => row["system"] === system).reduce((sum, row) => sum + Number(row["owed"]), 0)
}

const troubles: readonly (readonly [string, (world: World) => Promise<void>, (world: World) => Promise<void>])[] = [
  ["answers 503", ({ email }) => email.fault({ kind: "outage" }), ({ email }) => email.heal()],
  ["cuts every connection", ({ email }) => email.fault({ kind: "outage", drop: true }), ({ email }) => email.heal()],
  ["is not running", ({ email }) => email.stop(), ({ email }) => email.resume()],
]

// most of the time is spent waiting for the system: side by side
describe.concurrent("while the e-mail platform is down", { timeout: 180_000 }, () => {
  test.each(troubles)("it %s: run exits 4 with a clear line, keeps everything owed, and the next run delivers all of it", (_, start, end) =>
    inWorld(async (world) => {
      await world.begin(town(60, 11))
      await world.synced()
      expect(await world.differences()).toEqual([])
      await editCrm(world)
      await start(world)
      const failed = await world.cli("run", FILE)
      expect(failed.code).toBe(4)
      expect(failed.out + failed.err).toMatch(/email.*(?:could not be reached|cannot be reached)/)
      expect(failed.out + failed.err).not.toMatch(/\n\s+at /)
      expect(await owedTo(world, "email")).toBe(12)
      await end(world)
      // nothing came through meanwhile
      expect((await world.email.items()).map(memberAddress)).not.toContain("new@town.example")
      const delivered = await world.cli("run", FILE)
      expect(await world.differences(), delivered.out).toEqual([])
      expect(delivered.code).toBe(0)
      expect(await owedTo(world, "email")).toBe(0)
      expect((await world.email.items()).map(memberAddress)).toContain("new@town.example")
    }),
  )

  test("a watching run recovers by itself, and says when a system goes and comes back", () =>
    inWorld(async (world) => {
      await world.begin(town(30, 12), { poll: "every: 1s, idle: 1s" })
      await world.synced()
      await world.email.fault({ kind: "outage" })
      await editCrm(world)
      const watching = world.start("run", FILE, "--watch")
      await watching.says(/email cannot be reached/)
      await world.email.heal()
      await watching.says(/email is back/)
      await expect.poll(() => world.differences(), { timeout: 30_000, interval: 200 }).toEqual([])
      watching.process.kill("SIGINT")
      const { code, err } = await watching.ended
      expect(code).toBe(130)
      expect(err).toMatch(/Stopped\. Nothing is lost/)
    }))
})
