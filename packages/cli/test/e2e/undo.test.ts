// `undo` beside two live systems: planned without a trace, done once, and not written again by the next run.
import { afterAll, beforeAll, expect, test } from "vitest"
import { isObject } from "@syncline/connector"
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
const givenName = async (n: number): Promise<unknown> => {
  const merge = (await member(n))["merge_fields"]
  return isObject(merge) ? merge["FNAME"] : null
}
const runOf = (out: string): string => /run_\w+/.exec(out)?.[0] ?? ""
const forget = async (): Promise<unknown> => Promise.all([world.crm.forget(), world.email.forget()])
const writes = async (): Promise<number> => (await world.crm.writes()).length + (await world.email.writes()).length

test("updates and deletes of a run are taken back, and the next run does not do them again", { timeout: 120_000 }, async () => {
  await world.begin(town(40, 41, { both: 1, crm: 0 }))
  await world.synced()
  const was = await givenName(1)
  await world.crm.call("PATCH", `/contacts/${String((await contact(1))["id"])}`, { first_name: "Renamed" })
  await world.crm.call("DELETE", `/contacts/${String((await contact(2))["id"])}`)
  const run = runOf(await world.synced())
  expect([await givenName(1), Object.keys(await member(2)).length]).toEqual(["Renamed", 0])

  await forget()
  const files = world.fingerprint()
  const plan = await world.cli("undo", FILE, run.slice(0, 12))
  expect(plan.code, plan.out + plan.err).toBe(0)
  expect(plan.out).toMatch(/restore {2}1/)
  expect(plan.out).toMatch(/create anew {2}1/)
  expect(plan.out).toMatch(new RegExp(`syncline undo pipeline.yaml ${run.slice(0, 12)} --yes`))
  expect(world.fingerprint()).toBe(files)
  expect(await writes()).toBe(0)

  const done = await world.cli("undo", FILE, run, "--yes")
  expect(done.code, done.out + done.err).toBe(1)
  expect(await givenName(1)).toBe(was)
  expect((await contact(1))["first_name"]).toBe("Renamed")
  expect((await member(2))["status"]).toBe("subscribed")
  expect(await contact(2), "it stays deleted where its users deleted it").toEqual({})

  await forget()
  for (const full of [[], ["--full"]]) {
    const again = await world.cli("run", FILE, ...full)
    expect(again.code, again.out + again.err).toBe(0)
  }
  expect(await writes()).toBe(0)

  const resolved = await world.cli("review", "resolve", FILE, "--field", "givenName", "--take", "email", "--yes")
  expect(resolved.code, resolved.out + resolved.err).toBe(0)
  await world.synced()
  expect((await contact(1))["first_name"]).toBe(was)
})

test("a first sync is taken back once its guard is told so, and the systems are as they were", { timeout: 120_000 }, async () => {
  await world.begin(town(60, 42))
  const shown = async (): Promise<string> =>
    JSON.stringify([
      (await world.crm.items()).map((item) => [item["email"], item["first_name"], item["last_name"], item["labels"]]).toSorted(),
      (await world.email.items()).map((item) => [item["email_address"], item["merge_fields"], item["status"], item["tags"]]).toSorted(),
    ])
  const before = await shown()
  const run = runOf(await world.synced())
  expect(await shown()).not.toBe(before)
  const stopped = await world.cli("undo", FILE, run, "--yes")
  expect(stopped.code, stopped.out + stopped.err).toBe(3)
  expect(stopped.out).toMatch(/this undo would delete \d+ items in (crm\.contacts|email\.members)/)
  const done = await world.cli("undo", FILE, run, "--yes", "--allow", "delete=100")
  expect(done.code, done.out + done.err).toBe(1)
  expect(await shown()).toBe(before)
  await forget()
  expect((await world.cli("run", FILE)).code).toBe(0)
  expect(await writes()).toBe(0)
})

test("a run that is not known is refused with what to do", { timeout: 120_000 }, async () => {
  await world.begin(town(3, 43))
  await world.synced()
  const none = await world.cli("undo", FILE, "run_nothing", "--yes")
  expect(none.code).toBe(2)
  expect(none.err).toMatch(/No run run_nothing has done anything\.[\s\S]*syncline log/)
  expect((await world.cli("undo", FILE)).code).toBe(2)
})
