// Two automations, one in each system, that each put their own spelling back: frozen with its history, decided once, over.
import { afterAll, beforeAll, expect, test } from "vitest"
import { isObject, type Json } from "@syncline/connector"
import { addressOf, town } from "./people.ts"
import { FILE, openWorld, type World } from "./world.ts"

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const contact = async () => (await world.crm.items()).find((item) => String(item["email"]).toLowerCase() === addressOf(1)) ?? {}
const member = async () => (await world.email.items()).find((item) => item["email_address"] === addressOf(1)) ?? {}
const mergeName = (item: { readonly [name: string]: Json }): Json | undefined => {
  const merge = item["merge_fields"]
  return isObject(merge) ? merge["LNAME"] : undefined
}
const crmInsists = async (): Promise<void> => {
  const { id, last_name } = await contact()
  if (last_name !== "Lane") await world.crm.call("PATCH", `/contacts/${String(id)}`, { last_name: "Lane" })
}
const emailInsists = async (): Promise<void> => {
  const found = await member()
  if (mergeName(found) !== "LANE")
    await world.email.call("PATCH", `/lists/newsletter/members/${String(found["id"])}`, { merge_fields: { LNAME: "LANE" } })
}
const writes = async (): Promise<number> => (await world.crm.writes()).length + (await world.email.writes()).length

test(
  "a field that goes back and forth is frozen, asked about with its history, and free again once decided",
  { timeout: 120_000 },
  async () => {
    await world.begin(town(5, 95, { both: 1, crm: 0 }))
    await world.synced()
    let frozen = ""
    for (let i = 0; i < 8 && frozen === ""; i++) {
      await (i % 2 === 0 ? crmInsists() : emailInsists())
      const { code, out, err } = await world.cli("run", FILE)
      expect(code, out + err).toBeLessThanOrEqual(1)
      if (code === 1) frozen = out
    }
    expect(frozen).toMatch(/1 question \(1 new\) for a person/)
    const reviews = await world.json("review", "list", FILE)
    const [review] = Array.isArray(reviews) ? reviews.filter(isObject) : []
    expect(review).toMatchObject({
      kind: "conflict",
      field: "familyName",
      message: expect.stringMatching(/goes back and forth by itself, 3 times/),
    })
    expect(String(review?.["message"])).toMatch(/"Lane" \(crm\) → "LANE" \(email\)/)

    await Promise.all([world.crm.forget(), world.email.forget()])
    expect((await world.cli("run", FILE)).code).toBe(0)
    expect(await writes()).toBe(0)

    const resolved = await world.cli("review", "resolve", FILE, String(review?.["id"]), "--take", "crm")
    expect(resolved.code, resolved.out + resolved.err).toBe(0)
    await world.synced()
    expect([(await contact())["last_name"], mergeName(await member())]).toEqual(["Lane", "Lane"])
  },
)
