// A person who was forgotten is in no byte of the store: not in its pages, free ones included, and not in its log.
import { NO_CHANGES } from "@syncline/core/model"
import type { Changes, Link, RecordRow } from "@syncline/core/model"
import * as Effect from "effect/Effect"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { openSqliteStore } from "../../src/index.ts"

const run = Effect.runPromise
const PEOPLE = 400

let dir = ""
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "syncline-store-"))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** Where in the folder a text stands, in any of the ways in which a file may hold it. */
function places(text: string): readonly string[] {
  const forms = [Buffer.from(text), Buffer.from(JSON.stringify(text).slice(1, -1)), Buffer.from(text, "utf16le")]
  return readdirSync(dir).filter((name) => {
    const bytes = readFileSync(join(dir, name))
    return forms.some((form) => bytes.includes(form))
  })
}

const secret = (n: number, what: string): string => `${what}-of-person-${n}-é\u0001"`
const person = (n: number, round: number): RecordRow => ({
  id: `rec_${n}_abcdefgh`,
  entity: "person",
  fields: { email: `p${n}@private.example`, name: secret(n, `name${round}`), note: secret(n, "note").repeat(20) },
  stamps: { email: { system: "crm", at: 1, certainty: "item" } },
  deleted: null,
})
const item = (n: number, round: number): Link => ({
  id: `lnk_${n}_abcdefgh`,
  recordId: `rec_${n}_abcdefgh`,
  entity: "person",
  binding: "crm.contacts",
  state: "live",
  remoteId: `remote-of-${n}-xyz`,
  secondaryId: `second-of-${n}-xyz`,
  generation: 1,
  seen: { email: `p${n}@private.example`, first: secret(n, `seen${round}`) },
  owed: round === 1 ? { name: [secret(n, "owed")] } : {},
  owes: null,
  means: {},
  version: null,
  seenAt: 1,
  dueAt: null,
  attempts: 0,
  rereadAt: null,
  doubtedAt: null,
  blocked: null,
})

const round = (n: number, turn: number): Partial<Changes> => ({
  records: [person(n, turn)],
  links: [item(n, turn)],
  claim: [{ entity: "person", key: "email", value: `["p${n}@private.example"]`, recordId: `rec_${n}_abcdefgh` }],
  journal: [
    {
      kind: "accepted",
      at: 1,
      run: "run_1",
      entity: "person",
      recordId: `rec_${n}_abcdefgh`,
      binding: "crm.contacts",
      remoteId: `remote-of-${n}-xyz`,
      changes: [{ field: "name", before: secret(n, `name${turn - 1}`), after: secret(n, `name${turn}`) }],
      note: secret(n, "why"),
    },
  ],
})

const valuesOf = (n: number): readonly string[] => [
  ...["name0", "name1", "name2", "name3", "note", "seen1", "seen2", "owed", "why"].map((what) => secret(n, what)),
  `p${n}@private.example`,
  `remote-of-${n}-xyz`,
  `second-of-${n}-xyz`,
  `rec_${n}_abcdefgh`,
  `lnk_${n}_abcdefgh`,
]

test("after forgetting, no byte of the store holds a value of the person, while others keep theirs", async () => {
  const store = await run(openSqliteStore({ path: join(dir, "store.db") }))
  const lease = await run(store.acquire("me", 0, 9))
  // rows that grow, shrink and move leave copies behind in free pages and in the log
  for (const turn of [1, 2]) for (let n = 0; n < PEOPLE; n++) await run(store.commit(lease, { ...NO_CHANGES, ...round(n, turn) }))
  await run(store.commit(lease, { ...NO_CHANGES, ...round(7, 3) }))
  expect(places(secret(7, "name3"))).toContain("store.db-wal")
  for (const value of valuesOf(8).filter((one) => !/^(?:name[03]|owed)/.test(one))) expect(places(value), value).not.toEqual([])

  await run(
    store.forget(lease, {
      recordIds: ["rec_7_abcdefgh"],
      alike: ["p7@private.example"],
      keys: [{ entity: "person", key: "email", value: '["p7@private.example"]' }],
      stableIn: [],
      names: ["p7@private.example", "remote-of-7-xyz", "second-of-7-xyz"],
      at: 5,
    }),
  )
  for (const value of valuesOf(7)) expect(places(value), value).toEqual([])
  expect((await run(store.loadRecords(["rec_8_abcdefgh"]))).links).toEqual([item(8, 2)])
  // life goes on: what is written afterwards is as whole as before
  await run(store.commit(lease, { ...NO_CHANGES, ...round(PEOPLE + 1, 1) }))
  await run(store.close())
  for (const value of valuesOf(7)) expect(places(value), value).toEqual([])
  const again = await run(openSqliteStore({ path: join(dir, "store.db") }))
  expect((await run(again.loadRecords([`rec_${PEOPLE + 1}_abcdefgh`]))).records).toHaveLength(1)
  await run(again.close())
})

test("the log is cleared while another process has the store open to read", async () => {
  const path = join(dir, "store.db")
  const store = await run(openSqliteStore({ path }))
  const reader = await run(openSqliteStore({ path }))
  const lease = await run(store.acquire("me", 0, 9))
  await run(store.commit(lease, { ...NO_CHANGES, ...round(7, 1) }))
  expect((await run(reader.loadRecords(["rec_7_abcdefgh"]))).records).toHaveLength(1)
  await run(store.forget(lease, { recordIds: ["rec_7_abcdefgh"], alike: [], keys: [], stableIn: [], names: [], at: 5 }))
  expect(places(secret(7, "note"))).toEqual([])
  expect((await run(reader.loadRecords(["rec_7_abcdefgh"]))).records).toEqual([])
  await run(reader.close())
  await run(store.close())
})
