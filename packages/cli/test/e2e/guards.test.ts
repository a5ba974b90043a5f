// Deletes: a few propagate, many ask first, and an answer that is empty, cut or wrong deletes nobody.
import { describe, expect, test } from "vitest"
import { isObject } from "@syncline/connector"
import { contactAddress, memberAddress } from "./in-step.ts"
import { town, type Item } from "./people.ts"
import { FILE, inWorld, type World } from "./world.ts"

const byAddress = (a: Item, b: Item): number => (contactAddress(a) < contactAddress(b) ? -1 : 1)

async function deleteContacts(world: World, count: number): Promise<readonly string[]> {
  const chosen = (await world.crm.items()).toSorted(byAddress).slice(0, count)
  const operations = chosen.map((item, n) => ({ ref: String(n), op: "delete", id: item["id"] ?? null }))
  for (let at = 0; at < operations.length; at += 100)
    await world.crm.call("POST", "/contacts/batch", { operations: operations.slice(at, at + 100) })
  await world.crm.forget()
  return chosen.map(contactAddress)
}

/** All 500 are members of both, so that a delete on one side is one on the other. */
const everybody = (): ReturnType<typeof town> => town(500, 21, { both: 1, crm: 0 })

// much of the time is spent waiting for a system: side by side
describe.concurrent("deletes", { timeout: 180_000 }, () => {
  test("deleting 3 of 500 propagates; deleting 200 stops with an explanation until it is allowed", { timeout: 120_000 }, () =>
    inWorld(async (world) => {
      await world.begin(everybody())
      await world.synced()

      const three = await deleteContacts(world, 3)
      await world.email.forget()
      const few = await world.cli("run", FILE)
      expect(few.code, few.out + few.err).toBe(0)
      const left = (await world.email.items()).map(memberAddress)
      expect(left).toHaveLength(497)
      expect(left.filter((address) => three.includes(address))).toEqual([])

      await deleteContacts(world, 200)
      await world.email.forget()
      const stopped = await world.cli("run", FILE)
      expect(stopped.code).toBe(3)
      expect(stopped.out).toMatch(/would delete 200 items in email\.members, more than the guard allows/)
      expect(stopped.out).toMatch(/--allow delete=200/)
      expect([...(await world.email.writes()), ...(await world.crm.writes())]).toEqual([])
      // asked again, the answer is the same
      expect((await world.cli("run", FILE)).code).toBe(3)
      expect(await world.email.items()).toHaveLength(497)

      const allowed = await world.cli("run", FILE, "--allow", "delete=200")
      expect(allowed.code, allowed.out + allowed.err).toBe(0)
      expect(await world.email.items()).toHaveLength(297)
      expect(await world.differences()).toEqual([])
    }),
  )

  describe("an answer of the e-mail platform that is wrong deletes nobody", () => {
    const wrong: readonly (readonly [string, readonly Item[]])[] = [
      ["an empty list, half a list, refused credentials", [{ kind: "empty-list" }, { kind: "half-list" }, { kind: "unauthorized" }]],
      ["a web page", [{ kind: "html" }]],
      ["JSON cut in the middle", [{ kind: "truncated" }]],
    ]
    test.each(wrong)("%s", (_, faults) =>
      inWorld(async (own) => {
        await own.begin(town(60, 22))
        await own.synced()
        const before = [(await own.crm.items()).length, (await own.email.items()).length]
        await Promise.all([own.crm.forget(), own.email.forget()])
        for (const fault of faults) {
          await own.email.fault(fault)
          const full = await own.cli("run", FILE, "--full")
          expect([...(await own.crm.writes()), ...(await own.email.writes())], full.out + full.err).toEqual([])
          await own.email.heal()
        }
        await own.synced("--full")
        expect([(await own.crm.items()).length, (await own.email.items()).length]).toEqual(before)
        expect(await own.differences()).toEqual([])
      }),
    )
  })

  test("a delete that an expired cursor hides is found by the run after", () =>
    inWorld(async (world) => {
      await world.begin(town(40, 24, { both: 1, crm: 0 }))
      await world.synced()
      const [address] = await deleteContacts(world, 1)
      await world.crm.fault({ kind: "cursor-expired", times: 1 })
      await world.synced()
      await world.synced()
      expect((await world.email.items()).map(memberAddress)).not.toContain(address)
      expect(await world.email.items()).toHaveLength(39)
    }))

  test("a delete against an edit is asked about once, and the answer is carried out", () =>
    inWorld(async (world) => {
      await world.begin(town(30, 25, { both: 1, crm: 0 }))
      await world.synced()
      const [address] = await deleteContacts(world, 1)
      const member = (await world.email.items()).find((item) => memberAddress(item) === address)
      await world.email.call("PATCH", `/lists/newsletter/members/${String(member?.["id"])}`, { merge_fields: { LNAME: "Edited" } })
      const asked = await world.cli("run", FILE)
      expect(asked.code, asked.out).toBe(1)
      expect(await world.email.items()).toHaveLength(30)
      const decided = await world.cli("review", "resolve", FILE, "--kind", "delete_vs_edit", "--take", "delete", "--yes")
      expect(decided.code, decided.err).toBe(0)
      await world.synced()
      expect((await world.email.items()).map(memberAddress)).not.toContain(address)
      expect(await world.json("review", "list", FILE)).toEqual([])
      await world.synced()
    }))

  test("a member deleted for good is deleted in the CRM once a lookup proves it, and the journal says so", () =>
    inWorld(async (world) => {
      await world.begin(town(40, 23, { both: 1, crm: 0 }))
      await world.synced()
      const [gone] = (await world.email.items()).toSorted((a, b) => (memberAddress(a) < memberAddress(b) ? -1 : 1))
      const address = memberAddress(gone ?? {})
      await world.email.call("POST", `/lists/newsletter/members/${String(gone?.["id"])}/actions/delete-permanent`)
      // a lookup that answers nothing at all proves nothing
      await world.email.fault({ kind: "outage", match: { path: "/members$" } })
      expect((await world.cli("run", FILE, "--full")).code).toBe(4)
      expect((await world.crm.items()).map(contactAddress)).toContain(address)
      await world.email.heal()
      const run = await world.cli("run", FILE, "--full")
      expect(run.code, run.out + run.err).toBe(0)
      expect((await world.crm.items()).map(contactAddress)).not.toContain(address)
      const rows = await world.journal()
      const proof = rows.find((row) => row["kind"] === "deleted")
      expect(isObject(proof) ? proof["note"] : null).toMatch(/lookup/)
      expect(await world.differences()).toEqual([])
    }))
})
