// A backup that is older than an erasure: what is put back holds nobody who was forgotten since, and knows them again.
import { canonicalText, NO_CHANGES, type Changes, type Link } from "@syncline/core/model"
import type { Lease, Store } from "@syncline/core/store"
import * as Effect from "effect/Effect"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { backupSqliteStore, openSqliteStore, stageRestore, type ForgottenSince } from "../../src/index.ts"

const run = Effect.runPromise
const JANE = "jane@private.example"
const value = canonicalText([JANE])

let dir = ""
let path = ""
let out = ""
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "syncline-forgotten-"))
  path = join(dir, "store.db")
  out = join(dir, "monday.backup")
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** Jane as a record, as one that was deleted, and as an item in quarantine that was entered by hand; and Bob. */
const people: Changes = {
  ...NO_CHANGES,
  records: [
    { id: "rec_jane", entity: "person", fields: { email: JANE, name: "Unmistakable" }, stamps: {}, deleted: null },
    {
      id: "rec_before",
      entity: "person",
      fields: { email: JANE, name: "Unmistakable" },
      stamps: {},
      deleted: { system: "a", at: 1, proof: "gone" },
    },
    { id: "rec_bob", entity: "person", fields: { email: "bob@x.example", name: "Bob" }, stamps: {}, deleted: null },
  ],
  claim: [
    { entity: "person", key: "email", value, recordId: "rec_jane" },
    { entity: "person", key: "email", value: canonicalText(["bob@x.example"]), recordId: "rec_bob" },
  ],
  quarantine: ["Jane", "Bob"].map((name) => ({
    id: `q_${name}`,
    entity: "person",
    binding: "a.people",
    recordId: null,
    linkId: null,
    remoteId: `a-${name}-000001`,
    field: null,
    direction: "in" as const,
    reason: "no",
    item: { mail: ` ${name}@Private.Example`, note: `${name} Unmistakable` },
    version: null,
    since: 1,
  })),
}

async function opened(): Promise<{ readonly store: Store; readonly lease: Lease }> {
  const store = await run(openSqliteStore({ path }))
  return { store, lease: await run(store.acquire("me", 0, 1_000)) }
}

/** Everybody is there; a backup is made; Jane is forgotten. */
async function forgotten(first?: () => Promise<void>): Promise<void> {
  const { store, lease } = await opened()
  await run(store.commit(lease, people))
  await first?.()
  await run(backupSqliteStore({ path, out }))
  await run(
    store.forget(lease, {
      recordIds: ["rec_jane"],
      alike: [JANE],
      keys: [{ entity: "person", key: "email", value }],
      stableIn: [],
      names: [JANE],
      at: 1,
    }),
  )
  await run(store.close())
}

async function restore(): Promise<ForgottenSince> {
  const staged = await run(stageRestore({ path, from: out, restored: { at: 5, how: "backup" } }))
  return (await run(staged.put())).forgotten
}

const isKnown = async (): Promise<boolean> => {
  const store = await run(openSqliteStore({ path, readOnly: true }))
  const page = { entity: "person", binding: "a.people", remoteIds: [], secondaryIds: [], keys: [{ key: "email", value }] }
  const { forgotten: found } = await run(store.loadPage(page))
  await run(store.close())
  return found?.length === 1
}

test("whoever was forgotten since is erased from what is put back, in every file, and not taken in again", async () => {
  await forgotten()
  expect(readFileSync(out).includes(JANE)).toBe(true)
  expect(await restore()).toEqual({ carried: 1, erased: 2, unknown: false })
  const files = readdirSync(dir).filter((name) => !name.startsWith("monday"))
  for (const file of files) expect(readFileSync(join(dir, file)).toString("latin1"), file).not.toMatch(/jane@private|Jane Unmis|rec_jane/i)
  expect(await isKnown()).toBe(true)
  const store = await run(openSqliteStore({ path, readOnly: true }))
  expect((await run(store.records("person", "", 10))).map((row) => row.id)).toEqual(["rec_bob"])
  expect((await run(store.quarantined({ limit: 10 }))).map((row) => row.id)).toEqual(["q_Bob"])
  await run(store.close())
})

test("who had another address when the backup was made is known by an item, where an id means one item for ever", async () => {
  const { store, lease } = await opened()
  const item = (id: string, recordId: string): Link => ({
    id,
    recordId,
    entity: "person",
    binding: "a.people",
    state: "live",
    remoteId: `a-${id}-000001`,
    secondaryId: null,
    generation: 1,
    seen: {},
    owed: {},
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
  const first = { entity: "person", key: "email", value: canonicalText(["jane@first.example"]), recordId: "rec_jane" }
  const [jane, , bob] = people.records
  if (jane === undefined || bob === undefined) throw new Error("nobody is there")
  await run(
    store.commit(lease, {
      ...NO_CHANGES,
      records: [{ ...jane, fields: { email: "jane@first.example" } }, bob],
      links: [item("lnk_jane", "rec_jane"), item("lnk_bob", "rec_bob")],
      claim: [first],
    }),
  )
  await run(backupSqliteStore({ path, out }))
  const keys = [{ entity: "person", key: "email", value }]
  await run(store.forget(lease, { recordIds: ["rec_jane"], alike: [JANE], keys, stableIn: ["a.people"], names: [JANE], at: 1 }))
  await run(store.close())
  expect(await restore()).toEqual({ carried: 2, erased: 1, unknown: false })
  const again = await run(openSqliteStore({ path, readOnly: true }))
  expect((await run(again.records("person", "", 10))).map((row) => row.id)).toEqual(["rec_bob"])
  const page = {
    entity: "person",
    binding: "a.people",
    remoteIds: ["a-lnk_jane-000001", "a-lnk_bob-000001"],
    secondaryIds: [],
    keys: [first],
  }
  expect((await run(again.loadPage(page))).forgotten?.map((each) => each.value)).toEqual([first.value, "a-lnk_jane-000001"])
  await run(again.close())
})

test("a backup in which others were forgotten before knows both", async () => {
  const { store, lease } = await opened()
  await run(
    store.forget(lease, {
      recordIds: [],
      alike: [],
      keys: [{ entity: "person", key: "email", value: "[1]" }],
      stableIn: [],
      names: [],
      at: 1,
    }),
  )
  await run(store.release(lease))
  await run(store.close())
  await forgotten()
  expect(await restore()).toEqual({ carried: 2, erased: 2, unknown: false })
  expect(await isKnown()).toBe(true)
})

test("where the old file cannot be read, that is said; where nobody was forgotten, there is nothing to say", async () => {
  await forgotten()
  writeFileSync(path, "Dear Sir or Madam, this was a store once")
  rmSync(`${path}-wal`, { force: true })
  expect(await restore()).toEqual({ carried: 0, erased: 0, unknown: true })
  rmSync(path)
  expect(await restore()).toEqual({ carried: 0, erased: 0, unknown: false })
})
