// `backup` while a run is under way, and what happens after a `restore`, or after an old file was put back by hand:
// everything is read first, nothing is made twice, and whoever still has the old file open writes to it no more.
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { isObject } from "@syncline/connector"
import { addressOf, town } from "./people.ts"
import { FILE, openWorld, type World } from "./world.ts"

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const store = (): string => join(world.folder, ".syncline", "town.db")
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)
const forget = async (): Promise<unknown> => Promise.all([world.crm.forget(), world.email.forget()])
const writes = async (): Promise<number> => (await world.crm.writes()).length + (await world.email.writes()).length
const counts = async (): Promise<readonly number[]> => [(await world.crm.items()).length, (await world.email.items()).length]
const contact = async (n: number) => (await world.crm.items()).find((item) => String(item["email"]).toLowerCase() === addressOf(n))

/** In step, backed up, and lived on since: somebody new, an edit, somebody gone. */
async function livedOn(): Promise<void> {
  await world.begin(town(40, 91, { both: 1, crm: 0 }))
  await world.synced()
  const { code, out, err } = await world.cli("backup", FILE, "--out", "monday.db")
  expect(code, out + err).toBe(0)
  await world.crm.call("POST", "/contacts", { email: "new@example.com", first_name: "New", last_name: "Here", stage: "customer" })
  await world.crm.call("PATCH", `/contacts/${String((await contact(1))?.["id"])}`, { first_name: "Renamed" })
  await world.crm.call("DELETE", `/contacts/${String((await contact(2))?.["id"])}`)
  await world.synced()
  await forget()
}

test("a backup made in the middle of a first sync, and put back after it, leads to the same people", { timeout: 120_000 }, async () => {
  await world.begin(town(120, 90))
  await world.email.fault({ kind: "latency", ms: 6_000, times: 1, match: { method: "POST", path: "/batch$" } })
  const first = world.start("run", FILE)
  await first.says(/read {5}\w+\.\w+ {2}\d+ items[\s\S]*read {5}\w+\.\w+ {2}\d+ items/)
  // held still, so that it is under way however slow the machine is
  first.process.kill("SIGSTOP")
  const made = await world.json("backup", FILE, "--out", "middle.db")
  expect(made).toMatchObject({ out: join(world.folder, "middle.db") })
  expect(mode(join(world.folder, "middle.db"))).toBe("600")
  const refused = await world.cli("restore", FILE, "--from", "middle.db")
  expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/Another run is in progress|in use by another process/)])
  first.process.kill("SIGCONT")
  expect((await first.ended).code).toBe(0)
  const people = await counts()
  expect((await world.cli("restore", FILE, "--from", "middle.db")).code).toBe(0)
  await world.synced()
  expect(await counts()).toEqual(people)
  expect(await world.differences()).toEqual([])
  await forget()
  await world.synced("--full")
  expect(await writes()).toBe(0)
})

test("after a restore everything is read first, and what was done since is not done again", { timeout: 120_000 }, async () => {
  await livedOn()
  const people = await counts()
  const newest = readFileSync(store())
  const answer = await world.json("restore", FILE, "--from", "monday.db")
  const kept = isObject(answer) ? String(answer["kept"]) : ""
  expect(kept).toMatch(/town\.db\.replaced-\d{8}T\d{6}Z$/)
  expect([mode(store()), mode(kept), readFileSync(kept).length]).toEqual(["600", "600", newest.length])
  expect((await world.cli("status", FILE)).out).toMatch(/restored from a backup.*The next run reads every system in full/)
  expect((await world.cli("plan", FILE)).out).toMatch(/restored from a backup: every system was read in full/)

  await world.email.fault({ kind: "outage" })
  const down = await world.cli("run", FILE)
  expect([down.code, down.out]).toEqual([
    4,
    expect.stringMatching(/nothing is written until all systems have been read in full; not yet: email/),
  ])
  await world.email.heal()
  expect(await writes()).toBe(0)

  expect(await world.synced()).toMatch(/restored from a backup: every system was read in full before anything was written/)
  expect([await writes(), await counts(), await world.differences()]).toEqual([0, people, []])
  expect(await world.synced()).not.toMatch(/restored/)
  expect(await world.json("status", FILE)).toMatchObject({ restored: null })
})

test("an old backup brings back nobody who was forgotten since", { timeout: 120_000 }, async () => {
  await livedOn()
  const gone = await world.json("forget", FILE, addressOf(1), "--yes")
  expect(gone).toMatchObject({ erased: { records: 1 }, copies: [] })
  expect(await world.json("restore", FILE, "--from", "monday.db")).toMatchObject({ forgotten: { erased: 1, unknown: false } })
  expect(readFileSync(store()).includes(addressOf(1))).toBe(false)
  await world.synced()
  expect(readFileSync(store()).includes(addressOf(1))).toBe(false)
  expect((await contact(1))?.["first_name"]).toBe("Renamed")
  const again = await world.cli("forget", FILE, addressOf(3), "--yes")
  expect(again.out).toMatch(/files that a restore put aside still hold the person: rm \S*town\.db\.replaced-/)
})

test("an old file that was put back by hand is noticed, by a plan and by a run", { timeout: 120_000 }, async () => {
  await livedOn()
  const people = await counts()
  rmSync(store())
  copyFileSync(join(world.folder, "monday.db"), store())
  const files = world.fingerprint()
  const plan = await world.json("plan", FILE)
  expect(plan).toMatchObject({ writes: [], warnings: [expect.stringMatching(/replaced by another or an older one/)] })
  expect(world.fingerprint()).toBe(files)
  expect(await world.synced()).toMatch(/the store's file was replaced by another or an older one: every system was read in full/)
  expect([await writes(), await counts()]).toEqual([0, people])
  expect(await world.synced()).not.toMatch(/replaced/)
})

test("a damaged store is replaced all the same; a backup that is none is refused and changes nothing", { timeout: 60_000 }, async () => {
  await livedOn()
  writeFileSync(join(world.folder, "letter.txt"), "Dear Sir or Madam")
  const before = readFileSync(store())
  const refused = await world.cli("restore", FILE, "--from", "letter.txt")
  expect(refused.code).toBeGreaterThan(0)
  expect(refused.err).toMatch(/letter\.txt is no backup that can be put back[\s\S]*Nothing was changed/)
  expect(readFileSync(store()).equals(before)).toBe(true)
  expect(readdirSync(join(world.folder, ".syncline")).filter((name) => name.includes("part"))).toEqual([])

  writeFileSync(store(), before.fill(7, 0, 4096))
  const damaged = await world.cli("run", FILE)
  expect([damaged.code, damaged.err]).toEqual([
    2,
    expect.stringMatching(/town\.db is (?:damaged|not a Syncline store)[\s\S]*syncline restore FILE --from/),
  ])
  expect((await world.cli("restore", FILE, "--from", "monday.db")).code).toBe(0)
  await world.synced()
  expect(await world.differences()).toEqual([])
})

test("a process that still has the replaced file open is refused, and says what to do", { timeout: 60_000 }, async () => {
  await livedOn()
  const answer = await world.json("restore", FILE, "--from", "monday.db")
  const kept = isObject(answer) ? String(answer["kept"]) : ""
  const refused = await world.cli("run", FILE, "--store", `sqlite:${kept}`)
  expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/replaced by a restore[\s\S]*Start the command again/)])
  expect(await writes()).toBe(0)
  expect((await world.cli("restore", FILE, "--from", kept)).code).toBe(0)
  await world.synced()
  expect(await writes()).toBe(0)
})

test("what cannot be meant is refused as wrong usage", async () => {
  await world.begin(town(3, 92))
  const none = await world.cli("backup", FILE, "--out", "x.db")
  expect([none.code, none.err]).toEqual([2, expect.stringMatching(/There is no store/)])
  await world.synced()
  for (const args of [
    ["backup", FILE],
    ["restore", FILE],
    ["restore", FILE, "--from", "nothing.db"],
    ["backup", FILE, "--out", FILE],
  ])
    expect((await world.cli(...args)).code, args.join(" ")).toBe(2)
  expect(existsSync(join(world.folder, FILE))).toBe(true)
})
