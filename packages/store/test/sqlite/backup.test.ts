// Copies of a store: one instant, checked, for their owner alone; and what putting one in place leaves behind.
import { NO_CHANGES } from "@syncline/core/model"
import { readMark, RESTORED } from "@syncline/core/store"
import type { StoreError } from "@syncline/core/store"
import * as Effect from "effect/Effect"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { backupSqliteStore, openSqliteStore, stageRestore } from "../../src/index.ts"

const run = Effect.runPromise
const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8)
const record = (id: string) => ({ ...NO_CHANGES, records: [{ id, entity: "person", fields: { a: id }, stamps: {}, deleted: null }] })

let dir = ""
let path = ""
let out = ""
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "syncline-backup-"))
  path = join(dir, "store.db")
  out = join(dir, "copies", "store.backup")
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const idsIn = async (file: string): Promise<readonly string[]> => {
  const store = await run(openSqliteStore({ path: file, readOnly: true }))
  const ids = (await run(store.records("person", "", 100))).map((each) => each.id)
  await run(store.close())
  return ids
}

test("a copy holds what was committed when it was made, and its writer goes on", async () => {
  const store = await run(openSqliteStore({ path }))
  const lease = await run(store.acquire("me", 0, 1_000))
  await run(store.commit(lease, record("r1")))
  const { bytes } = await run(backupSqliteStore({ path, out }))
  await run(store.commit(lease, record("r2")))
  expect([await idsIn(out), await idsIn(path)]).toEqual([["r1"], ["r1", "r2"]])
  expect([bytes, mode(out), readdirSync(join(dir, "copies"))]).toEqual([statSync(out).size, "600", ["store.backup"]])
  await run(store.close())
})

test("a copy replaces nothing, and is made of a store alone", async () => {
  await run((await run(openSqliteStore({ path }))).close())
  await run(backupSqliteStore({ path, out }))
  const refused = (from: string, to: string): Promise<StoreError> => run(Effect.flip(backupSqliteStore({ path: from, out: to })))
  expect((await refused(path, out)).message).toMatch(/is there already/)
  const letter = join(dir, "letter.txt")
  writeFileSync(letter, "Dear Sir or Madam")
  writeFileSync(join(dir, "empty.db"), "")
  for (const from of [letter, join(dir, "empty.db"), join(dir, "nothing.db")]) {
    expect((await refused(from, join(dir, "x.db"))).message).toMatch(/not a Syncline store|is not there/)
    expect(existsSync(join(dir, "x.db"))).toBe(false)
  }
  expect(readdirSync(dir).filter((name) => name.includes("part"))).toEqual([])
})

test("a copy that is put in place is marked, free for writing, and the old file stays beside it", async () => {
  const store = await run(openSqliteStore({ path }))
  const lease = await run(store.acquire("me", 0, 1e12))
  await run(store.commit(lease, record("r1")))
  await run(backupSqliteStore({ path, out }))
  await run(store.commit(lease, record("r2")))
  await run(store.close())
  const old = readFileSync(path)
  const at = Date.UTC(2026, 4, 6, 7, 8, 9)
  const staged = await run(stageRestore({ path, from: out, restored: { at, how: "backup" } }))
  expect(readFileSync(path).equals(old)).toBe(true)
  const { kept } = await run(staged.put())
  expect(kept).toBe(`${path}.replaced-20260506T070809Z`)
  expect([await idsIn(path), await idsIn(kept ?? ""), mode(path)]).toEqual([["r1"], ["r1", "r2"], "600"])
  const restored = await run(openSqliteStore({ path }))
  await run(restored.acquire("another", 0, 9))
  expect(readMark(await run(restored.systemState(RESTORED)))).toEqual({ at, how: "backup" })
  await run(restored.close())
  expect(readdirSync(dir).toSorted()).toEqual(["copies", "store.db", "store.db.replaced-20260506T070809Z"])
})
