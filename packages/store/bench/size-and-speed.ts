// How large and how fast the store is: 10 000 linked pairs, and the operations of a page of 1 000.
// Prints bytes per linked pair against the goal, and times next to a floor: the same number of plain rows of the same size,
// written durably in one transaction of the same database engine.
import type { Changes, Link, RecordRow } from "@syncline/core/model"
import { NO_CHANGES } from "@syncline/core/model"
import * as Effect from "effect/Effect"
import Database from "better-sqlite3"
import { createHash } from "node:crypto"
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openSqliteStore } from "../src/index.ts"

const PAIRS = 10_000
const PAGE = 1_000
const GOAL_BYTES = 1024

/** Ids as the engine makes them: a prefix and random letters. */
const idOf = (kind: string, n: number): string => `${kind}_${createHash("sha256").update(`${kind}${n}`).digest("base64url").slice(0, 16)}`
const pick = <A>(list: readonly A[], n: number): A => list[n % list.length] as A

const FIRST = ["Jane", "Amélie", "Søren", "Wei", "Oluwaseun", "María José", "Jürgen", "Aleksandr"]
const FAMILY = ["Smith", "Müller", "García Lorca", "Nguyễn", "Okonkwo", "van der Berg", "Kowalska"]

function pair(n: number): { record: RecordRow; links: readonly Link[]; claims: Changes["claim"] } {
  const [first, family] = [pick(FIRST, n), pick(FAMILY, n * 3)]
  const email = `${first.toLowerCase().replace(" ", ".")}.${n}@customer-domain.example`
  const phone = `+41 79 ${String(1_000_000 + n)}`
  const tags = n % 3 === 0 ? ["vip", "newsletter"] : ["newsletter"]
  const [recordId, at] = [idOf("rec", n), 1_795_000_000_000 + n * 977]
  const by = { system: "crm", at, certainty: "item" } as const
  const fields = {
    email,
    givenName: first,
    familyName: family,
    phone,
    company: `Company ${n % 400} Ltd`,
    tags,
    consent: n % 5 === 0 ? "opted_out" : "subscribed",
  }
  const stamps = {
    email: by,
    givenName: by,
    familyName: by,
    phone: by,
    company: by,
    tags: { ...by, system: "email" },
    consent: { ...by, system: "email", at: at + 5000 },
  }
  const common = {
    recordId,
    entity: "person",
    state: "live",
    generation: 1,
    owed: {},
    owes: null,
    means: {},
    dueAt: null,
    attempts: 0,
    rereadAt: null,
    doubtedAt: null,
    blocked: null,
  } as const
  const remote = String(100_000_000 + n)
  const crm: Link = {
    ...common,
    id: idOf("lnk", n),
    binding: "crm.contacts",
    remoteId: remote,
    secondaryId: null,
    version: `"${idOf("v", n).slice(2, 10)}"`,
    seenAt: at + 60_000,
    seen: {
      email,
      first_name: first,
      last_name: family,
      phone,
      company: { name: `Company ${n % 400} Ltd` },
      tags,
      stage: "customer",
      opted_out: n % 5 === 0,
    },
  }
  const hash = createHash("md5").update(email).digest("hex")
  const mail: Link = {
    ...common,
    id: idOf("lnk", n + PAIRS),
    binding: "email.members",
    remoteId: hash,
    secondaryId: `m${1_000_000 + n}`,
    version: null,
    seenAt: at + 60_000,
    seen: {
      email_address: email,
      status: n % 5 === 0 ? "unsubscribed" : "subscribed",
      merge_fields: { FNAME: first, LNAME: family, PHONE: phone },
      tags,
    },
  }
  const claims = [
    { entity: "person", key: "email", value: JSON.stringify([email]), recordId },
    { entity: "person", key: "phone+familyName", value: JSON.stringify([phone, family]), recordId },
  ]
  return { record: { id: recordId, entity: "person", fields, stamps, deleted: null }, links: [crm, mail], claims }
}

const run = Effect.runPromise
const dir = mkdtempSync(join(tmpdir(), "syncline-bench-"))
const path = join(dir, "store.db")
const store = await run(openSqliteStore({ path }))
const lease = await run(store.acquire("bench", Date.now(), 3_600_000))

async function timed<A>(work: () => Promise<A>): Promise<readonly [ms: number, answer: A]> {
  const start = performance.now()
  const answer = await work()
  return [performance.now() - start, answer]
}
const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0

const pairs = Array.from({ length: PAIRS }, (_, n) => pair(n))
const pages = Array.from({ length: PAIRS / PAGE }, (_, page) => pairs.slice(page * PAGE, (page + 1) * PAGE))
const changesOf = (page: typeof pairs): Changes => ({
  ...NO_CHANGES,
  records: page.map((one) => one.record),
  links: page.flatMap((one) => one.links),
  claim: page.flatMap((one) => one.claims),
})

const commits: number[] = []
for (const page of pages) commits.push((await timed(() => run(store.commit(lease, changesOf(page)))))[0])
const again: number[] = []
for (const page of pages) again.push((await timed(() => run(store.commit(lease, changesOf(page)))))[0])
const sightings: number[] = []
const loads: number[] = []
for (const page of pages) {
  const remoteIds = page.map((one) => one.links[0]?.remoteId ?? "")
  const keys = page.flatMap((one) => one.claims.map(({ key, value }) => ({ key, value })))
  loads.push((await timed(() => run(store.loadPage({ entity: "person", binding: "crm.contacts", remoteIds, secondaryIds: [], keys }))))[0])
  const linkIds = page.map((one) => one.links[0]?.id ?? "")
  sightings.push((await timed(() => run(store.commit(lease, { ...NO_CHANGES, sighted: { linkIds, at: Date.now() } }))))[0])
}
const owing = pairs.flatMap((one) => one.links.map((link): Link => ({ ...link, owed: { familyName: ["x"] }, dueAt: 5 })))
await run(store.commit(lease, { ...NO_CHANGES, links: owing }))
const dues: number[] = []
for (let i = 0; i < 5; i++) dues.push((await timed(() => run(store.due("crm.contacts", "person", 10, PAGE))))[0])
const counts: number[] = []
for (let i = 0; i < 5; i++) counts.push((await timed(() => run(store.dueCounts(10))))[0])
const [findMs] = await timed(() => run(store.find("JANE.0@customer-domain.example", 5)))
const [statusMs] = await timed(() => run(store.status()))
const [forkMs, fork] = await timed(() => run(store.fork()))
await run(fork.close())
await run(store.commit(lease, { ...NO_CHANGES, links: pairs.flatMap((one) => one.links) }))
await run(store.close())

const fresh = join(dir, "fresh.db")
const second = await run(openSqliteStore({ path: fresh }))
const secondLease = await run(second.acquire("bench", Date.now(), 3_600_000))
for (const page of pages) await run(second.commit(secondLease, changesOf(page)))
await run(second.close())
const bytes = statSync(fresh).size / PAIRS

// The floor: rows of the same number and of the bytes they take here, without any meaning.
const floorDb = new Database(join(dir, "floor.db"))
floorDb.pragma("journal_mode = WAL")
floorDb.pragma("synchronous = FULL")
floorDb.exec("CREATE TABLE row (no INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")
const insert = floorDb.prepare("INSERT INTO row (body) VALUES (?)")
const body = "x".repeat(Math.round(bytes / 5))
const floors = pages.map((page) => {
  const start = performance.now()
  floorDb.transaction(() => page.forEach(() => [0, 1, 2, 3, 4].forEach(() => insert.run(body)))).immediate()
  return performance.now() - start
})
floorDb.close()

const perTable = new Database(fresh, { readonly: true })
const tables = perTable
  .prepare<[], { name: string; bytes: number }>("SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 10")
  .all()
perTable.close()
rmSync(dir, { recursive: true })

const line = (name: string, ms: number): void =>
  console.log(`${name.padEnd(58)} ${ms.toFixed(1).padStart(8)} ms  ${(ms / median(floors)).toFixed(1).padStart(6)} x floor`)
const seenBytes = pairs.flatMap((one) => one.links).reduce((sum, link) => sum + Buffer.byteLength(JSON.stringify(link.seen)), 0) / PAIRS / 2
console.log(`mean seen: ${seenBytes.toFixed(0)} bytes as JSON`)
console.log(`bytes per linked pair: ${bytes.toFixed(0)} (goal: at most ${GOAL_BYTES})`)
for (const { name, bytes: size } of tables) console.log(`  ${name.padEnd(30)} ${(size / PAIRS).toFixed(0).padStart(5)} bytes a pair`)
line("floor: 5 000 plain rows in one durable transaction", median(floors))
line("commit 1 000 new records, 2 000 links, 2 000 claims", median(commits))
line("commit them again", median(again))
line("load a page of 1 000 remote ids and 2 000 keys", median(loads))
line("mark 1 000 links as seen again", median(sightings))
line("1 000 due links of 10 000, with their records", median(dues))
line("count what is due among 20 000 links", median(counts))
line("find a text among 10 000 pairs", findMs)
line("status of 10 000 pairs", statusMs)
line("fork of 10 000 pairs", forkMs)
