// How fast two systems get in step, from outside: real servers, the real command, real files; first sync, delta, quiet run.
// Each next to its floor, measured in the same run on a second pair of servers that holds the same: the same pages fetched
// raw, as many bytes written durably to SQLite, the same items pushed raw in the same batches.
//   pnpm bench [people]        20 000 if nothing is said
import { isObject, type Json } from "@syncline/connector"
import { town } from "../test/e2e/people.ts"
import { FILE, openWorld } from "../test/e2e/world.ts"
import { fetchChanges, fetchPages, idsOf, pushRaw, stateOf, writeRows, type Write } from "./floor.ts"
import { watchMemory } from "./memory.ts"

const PEOPLE = Number(process.argv[2] ?? 20_000)
const EDITS = Math.min(1000, Math.floor(PEOPLE / 4))

interface Measured {
  readonly name: string
  readonly items: number
  readonly writes: number
  readonly wallMs: number
  readonly passMs: number
  readonly peakMb: number
  readonly floor: { readonly fetchMs: number; readonly storeMs: number; readonly pushMs: number }
}

const [world, mirror] = [await openWorld(), await openWorld()]
try {
  await main()
} finally {
  await Promise.all([world.close(), mirror.close()])
}

async function main(): Promise<void> {
  const people = town(PEOPLE, 3)
  const variation = { guards: "delete: { max: 10, percent: 2 }" }
  await world.begin(people, variation)
  await mirror.begin(people, variation)
  const items = people.crm.length + people.email.length
  console.log(`${PEOPLE} people: ${people.crm.length} in the CRM, ${people.email.length} in the e-mail platform\n`)

  const results: Measured[] = []
  results.push(await measure("first sync", items, () => fetchPages(mirror)))
  // a run reads back what the run before it wrote; from here on only edits are new
  await world.synced()
  const before = await stateOf(mirror)
  await edit(world)
  await edit(mirror)
  results.push(await measure(`delta, ${EDITS} edits`, EDITS, () => fetchChanges(mirror, before)))
  const quietFrom = await stateOf(mirror)
  await world.synced()
  results.push(await measure("quiet run", 0, () => fetchChanges(mirror, quietFrom)))
  print(results)
  const differences = await world.differences()
  if (differences.length > 0) throw new Error(`not in step afterwards:\n${differences.slice(0, 10).join("\n")}`)
}

/** A plan tells what will be written, a run writes it, and the floor does the same to the mirror without an engine. */
async function measure(name: string, items: number, fetchRaw: () => Promise<void>): Promise<Measured> {
  const writes = writesOf(await world.json("plan", FILE))
  const started = performance.now()
  const child = world.start("run", FILE, "--json")
  const memory = watchMemory(child.process.pid ?? 0)
  const { code, out, err } = await child.ended
  const wallMs = performance.now() - started
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${out}${err}`)
  const answer: Json = JSON.parse(out)
  const report = isObject(answer) && isObject(answer["data"]) ? answer["data"] : {}
  const passMs = Number(report["endedAt"]) - Number(report["startedAt"])
  const fetchMs = await timed(fetchRaw)
  const storeMs = await timed(() => writeRows(mirror.folder, items, writes.length))
  const ids = await idsOf(mirror)
  const pushMs = await timed(() => pushRaw(mirror, writes, ids))
  return { name, items, writes: writes.length, wallMs, passMs, peakMb: memory.end(), floor: { fetchMs, storeMs, pushMs } }
}

function writesOf(plan: Json): readonly Write[] {
  const writes = isObject(plan) && Array.isArray(plan["writes"]) ? plan["writes"].filter(isObject) : []
  return writes.map((write) => ({
    system: write["system"] === "crm" ? "crm" : "email",
    kind: write["kind"] === "create" ? "create" : "update",
    address: String(write["label"]),
    set: isObject(write["set"]) ? write["set"] : {},
  }))
}

/** Half of the edits on each side, in different people, in batches, the way integrations do. */
async function edit({ crm, email }: typeof world): Promise<void> {
  const half = EDITS / 2
  const contacts = (await crm.items()).toSorted((a, b) => (String(a["email"]).toLowerCase() < String(b["email"]).toLowerCase() ? -1 : 1))
  const members = (await email.items()).toSorted((a, b) => (String(a["email_address"]) > String(b["email_address"]) ? -1 : 1))
  const operations = contacts
    .slice(0, half)
    .map((item, n) => ({ ref: String(n), op: "update", id: item["id"] ?? null, data: { first_name: `Edited ${n}` } }))
  for (let at = 0; at < operations.length; at += 100)
    await crm.call("POST", "/contacts/batch", { operations: operations.slice(at, at + 100) })
  const changed = members
    .slice(0, half)
    .map((item, n) => ({ match: item["email_address"] ?? null, merge_fields: { LNAME: `Edited ${n}` } }))
  for (let at = 0; at < changed.length; at += 500)
    await email.call("POST", "/lists/newsletter/batch", { update_existing: true, members: changed.slice(at, at + 500) })
}

async function timed(work: () => Promise<void> | void): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function print(results: readonly Measured[]): void {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`
  const rows = [
    ["", "items", "writes", "wall", "pass", "items/s", "floor", "= fetch", "+ store", "+ push", "pass/floor", "peak"],
    ...results.map(({ name, items, writes, wallMs, passMs, peakMb, floor }) => {
      const floorMs = floor.fetchMs + floor.storeMs + floor.pushMs
      return [
        name,
        String(items),
        String(writes),
        seconds(wallMs),
        seconds(passMs),
        items === 0 ? "–" : String(Math.round(items / (passMs / 1000))),
        seconds(floorMs),
        seconds(floor.fetchMs),
        seconds(floor.storeMs),
        seconds(floor.pushMs),
        `${(passMs / floorMs).toFixed(1)} x`,
        `${peakMb.toFixed(0)} MB`,
      ]
    }),
  ]
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? []
  for (const row of rows)
    console.log(row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  "))
  console.log("\nwall: the whole command, Node's start included; pass: from the first call to the report")
}
