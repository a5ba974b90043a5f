// The account agrees with what the systems saw: a plan names exactly the writes of the run that follows, the journal has
// one row for each, and a second run makes none.
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { isObject, type Json } from "@syncline/connector"
import { contactAddress, memberAddress } from "./in-step.ts"
import type { Mock } from "./mock.ts"
import { town, type Item } from "./people.ts"
import { leaves, whatHappened, type Happened } from "./traffic.ts"
import { FILE, openWorld, type World } from "./world.ts"

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const sortById = (a: Item, b: Item): number => (String(a["id"]) < String(b["id"]) ? -1 : 1)
const state = async (): Promise<string> =>
  JSON.stringify([(await world.crm.all()).toSorted(sortById), (await world.email.all()).toSorted(sortById)])

/** Kind, item and values of every write, as text; a create has no id yet, so its address names it. */
const asPlanned = (plan: Json, binding: string): readonly string[] => {
  const writes = isObject(plan) && Array.isArray(plan["writes"]) ? plan["writes"].filter(isObject) : []
  return writes
    .filter((write) => write["binding"] === binding)
    .map((write) => {
      const set = isObject(write["set"]) ? leaves(write["set"]) : {}
      return line(String(write["kind"]), String(write["kind"] === "create" ? "" : write["remoteId"]), set)
    })
    .toSorted()
}

const blank = (value: Json): boolean => value === null || value === "" || value === false || (Array.isArray(value) && value.length === 0)

const line = (kind: string, id: string, set: Readonly<Record<string, Json>>): string =>
  `${kind} ${id} ${JSON.stringify(
    Object.entries(set)
      .filter(([path, value]) => kind === "update" || (!blank(value) && !(path === "stage" && value === "lead")))
      .map(([path, value]) => [path, Array.isArray(value) ? value.map(String).toSorted() : blank(value) ? null : value])
      .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  )}`

const asHappened = (happened: readonly Happened[], before: readonly Item[], mock: Mock): readonly string[] => {
  const idBefore = new Map(before.map((item) => [String(mock.kind === "crm" ? item["id"] : item["contact_id"]), String(item["id"])]))
  return happened.map(({ kind, stable, changed }) => line(kind, kind === "create" ? "" : (idBefore.get(stable) ?? "?"), changed)).toSorted()
}

/** Plans, looks that nothing moved, runs, and compares what was planned with what the systems went through. */
async function planThenRun(): Promise<void> {
  const [files, systems] = [world.fingerprint(), await state()]
  await Promise.all([world.crm.forget(), world.email.forget()])
  const plan = await world.json("plan", FILE)
  expect(world.fingerprint(), "plan leaves the folder alone").toBe(files)
  expect(await state(), "plan leaves the systems alone").toBe(systems)
  expect([...(await world.crm.writes()), ...(await world.email.writes())]).toEqual([])

  const before = { crm: await world.crm.all(), email: await world.email.all() }
  const rowsBefore = (await world.journal()).length
  const run = await world.cli("run", FILE)
  expect(run.code, run.out + run.err).toBe(0)
  const rows = (await world.journal()).slice(rowsBefore)
  for (const mock of [world.crm, world.email]) {
    const binding = mock.kind === "crm" ? "crm.contacts" : "email.members"
    const after = await mock.all()
    const happened = whatHappened(mock.kind, before[mock.kind], after)
    expect(asHappened(happened, before[mock.kind], mock), `planned for ${binding}`).toEqual(asPlanned(plan, binding))

    const words = { create: "created", update: "updated", delete: "removed" } as const
    const told = rows
      .filter((row) => row["binding"] === binding && Object.values<string>(words).includes(String(row["kind"])))
      .map((row) => `${String(row["kind"])} ${String(row["remoteId"])}`)
    expect(told.toSorted(), `journal of ${binding}`).toEqual(happened.map(({ kind, id }) => `${words[kind]} ${id}`).toSorted())
  }
  const logged = (await world.crm.writes()).reduce((sum, entry) => sum + Number(entry["changed"]), 0)
  const loggedEmail = (await world.email.writes()).flatMap((entry) => (Array.isArray(entry["writes"]) ? entry["writes"] : []))
  const told = rows.filter((row) => ["created", "updated", "removed"].includes(String(row["kind"])))
  expect(told).toHaveLength(logged + loggedEmail.length)
}

async function quiet(): Promise<void> {
  await Promise.all([world.crm.forget(), world.email.forget()])
  const again = await world.cli("run", FILE)
  expect(again.code).toBe(0)
  expect(again.out).toMatch(/nothing to write/)
  expect([...(await world.crm.writes()), ...(await world.email.writes())]).toEqual([])
}

describe("plan, run, journal and the systems tell the same", () => {
  test("for a first sync, and for edits, new people, renames, opt-outs and deletes on both sides", { timeout: 120_000 }, async () => {
    await world.begin(town(120, 31))
    await planThenRun()
    expect(await world.differences()).toEqual([])
    await quiet()

    const contacts = (await world.crm.items()).toSorted((a, b) => (contactAddress(a) < contactAddress(b) ? -1 : 1))
    const members = (await world.email.items()).toSorted((a, b) => (memberAddress(a) > memberAddress(b) ? -1 : 1))
    const contact = (n: number): string => `/contacts/${String(contacts[n]?.["id"])}`
    const member = (n: number): string => `/lists/newsletter/members/${String(members[n]?.["id"])}`
    await world.crm.call("PATCH", contact(0), { first_name: "Changed", phone: "+12125550199" })
    await world.crm.call("PATCH", contact(1), { email: "renamed@town.example" })
    await world.crm.call("PATCH", contact(2), { stage: "lost" })
    await world.crm.call("PATCH", contact(3), { account: { name: "Elsewhere Ltd" }, labels: ["moved"] })
    await world.crm.call("DELETE", contact(4))
    await world.crm.call("POST", "/contacts", { first_name: "New", last_name: "Contact", email: "Contact@Town.example", stage: "customer" })
    await world.email.call("PATCH", member(0), { merge_fields: { LNAME: "Member", PHONE: "+12125550123" } })
    await world.email.call("PATCH", member(1), { email_address: "moved@town.example" })
    await world.email.call("PATCH", member(2), { status: "unsubscribed", tags: ["bye"] })
    await world.email.call("DELETE", member(3))
    await world.email.call("POST", "/lists/newsletter/members", { email_address: "Member@Town.example", status: "subscribed" })
    await planThenRun()
    expect(await world.differences()).toEqual([])
    await quiet()
  })
})
