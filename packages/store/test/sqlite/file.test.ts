// The store as a file: its mode, what is refused and in which words, and that reading leaves no trace.
import { NO_CHANGES } from "@syncline/core/model"
import type { StoreError } from "@syncline/core/store"
import * as Effect from "effect/Effect"
import Database from "better-sqlite3"
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { migrations } from "../../src/migrations/index.ts"
import { openWith } from "../../src/sqlite/open.ts"
import { openSqliteStore } from "../../src/index.ts"

const run = Effect.runPromise
const refused = (options: { path: string; readOnly?: boolean }): Promise<StoreError> => run(Effect.flip(openSqliteStore(options)))
const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8)
const one = { ...NO_CHANGES, records: [{ id: "r1", entity: "person", fields: { a: "b" }, stamps: {}, deleted: null }] }

let dir = ""
let path = ""
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "syncline-store-"))
  path = join(dir, "store.db")
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

async function filled(): Promise<void> {
  const store = await run(openSqliteStore({ path }))
  await run(store.commit(await run(store.acquire("me", 0, 9)), one))
  await run(store.close())
}
/** Every file beside the store, with its bytes. */
const disk = () =>
  readdirSync(dir)
    .sort()
    .map((name) => [name, readFileSync(join(dir, name), "base64"), statSync(join(dir, name)).mtimeMs])

test("the file, its log and its directory are for their owner alone", async () => {
  const deep = join(dir, "new", "deeper", "store.db")
  const store = await run(openSqliteStore({ path: deep }))
  await run(store.acquire("me", 0, 9))
  expect(["", "-wal", "-shm"].map((end) => mode(deep + end))).toEqual(["600", "600", "600"])
  expect([mode(join(dir, "new")), mode(join(dir, "new", "deeper"))]).toEqual(["700", "700"])
  await run(store.close())
  expect(readdirSync(join(dir, "new", "deeper"))).toEqual(["store.db"])
})

test("a file that others could read is closed to them", async () => {
  await filled()
  chmodSync(path, 0o644)
  await run((await run(openSqliteStore({ path }))).close())
  expect(mode(path)).toBe("600")
})

test("commits are synced and logged", async () => {
  await filled()
  const db = new Database(path, { readonly: true })
  expect(db.pragma("journal_mode", { simple: true })).toBe("wal")
  db.close()
})

test("a file that is no database is refused and left alone", async () => {
  writeFileSync(path, "name,email\n".repeat(500))
  const before = readFileSync(path)
  for (const readOnly of [false, true]) {
    expect(await refused({ path, readOnly })).toMatchObject({
      _tag: "StoreError",
      reason: "corrupt",
      message: expect.stringContaining("not a Syncline store"),
    })
  }
  expect(readFileSync(path)).toEqual(before)
  expect(readdirSync(dir)).toEqual(["store.db"])
})

test("a database of another program is refused and left alone", async () => {
  const other = new Database(path)
  other.exec("CREATE TABLE bookmark (url TEXT)")
  other.close()
  const before = disk()
  for (const readOnly of [false, true]) {
    expect(await refused({ path, readOnly })).toMatchObject({ reason: "version", message: expect.stringContaining("another program") })
  }
  expect(disk()).toEqual(before)
})

test("a store of a newer Syncline is refused and left alone", async () => {
  await run((await run(openWith({ path }, [...migrations, "CREATE TABLE later (a INTEGER) STRICT"]))).close())
  const before = disk()
  for (const readOnly of [false, true]) {
    const error = await refused({ path, readOnly })
    expect(error).toMatchObject({
      reason: "version",
      message: expect.stringContaining(
        `newer Syncline (store version ${migrations.length + 1}, this one knows ${migrations.length}). Update`,
      ),
    })
  }
  expect(disk()).toEqual(before)
})

test("an older store is brought up to date, and keeps what it holds", async () => {
  await filled()
  const newer = [...migrations, "CREATE TABLE later (a INTEGER) STRICT", "INSERT INTO later VALUES (1)"]
  const reader = await run(openWith({ path, readOnly: true }, newer))
  expect(await run(reader.records("person", "", 9))).toEqual(one.records)
  const writer = await run(openWith({ path }, newer))
  expect(await run(writer.records("person", "", 9))).toEqual(one.records)
  await run(writer.close())
  expect((await refused({ path })).message).toContain(`store version ${migrations.length + 2}`)
})

test("a migration that fails leaves the store at its version", async () => {
  await filled()
  await expect(
    run(openWith({ path }, [...migrations, "CREATE TABLE later (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1)"])),
  ).rejects.toThrow()
  const store = await run(openSqliteStore({ path }))
  expect(await run(store.records("person", "", 9))).toEqual(one.records)
  await run(store.close())
})

test("a damaged file is refused, or its reads say so", async () => {
  await filled()
  const bytes = readFileSync(path)
  bytes.fill(0x5a, 4096)
  writeFileSync(path, bytes)
  const error = await run(Effect.flip(Effect.flatMap(openSqliteStore({ path }), (store) => store.records("person", "", 9))))
  expect(error).toMatchObject({ reason: "corrupt", message: expect.stringContaining("Restore it from a backup") })
})

test("a half written file is refused", async () => {
  await filled()
  writeFileSync(path, readFileSync(path).subarray(0, 6000))
  const error = await run(Effect.flip(Effect.flatMap(openSqliteStore({ path, readOnly: true }), (store) => store.status())))
  expect(error.reason).toBe("corrupt")
})

test("a path that is a directory, or leads through a file, is refused", async () => {
  mkdirSync(path)
  expect(await refused({ path })).toMatchObject({ reason: "unavailable", message: expect.stringContaining("cannot be opened") })
  expect((await refused({ path, readOnly: true })).reason).toBe("unavailable")
  writeFileSync(join(dir, "file"), "")
  expect((await refused({ path: join(dir, "file", "store.db") })).reason).toBe("unavailable")
})

test("a store that another process keeps locked is reported as locked", async () => {
  const store = await run(openWith({ path }, migrations, 10))
  const other = new Database(path)
  other.exec("BEGIN IMMEDIATE")
  expect(await run(Effect.flip(store.acquire("me", 0, 9)))).toMatchObject({
    reason: "locked",
    message: expect.stringContaining("Try again"),
  })
  other.exec("ROLLBACK")
  other.close()
  expect((await run(store.acquire("me", 0, 9))).epoch).toBe(1)
  await run(store.close())
})

test("reading a store that does not exist finds nothing and makes no file", async () => {
  const missing = join(dir, "not", "there", "store.db")
  const store = await run(openSqliteStore({ path: missing, readOnly: true }))
  expect(await run(store.status())).toEqual([])
  expect(await run(store.records("person", "", 9))).toEqual([])
  await run(store.close())
  expect(readdirSync(dir)).toEqual([])
})

test("reading, forking and rehearsing on a store leave every byte beside it as it was", async () => {
  await filled()
  const before = disk()
  const store = await run(openSqliteStore({ path, readOnly: true }))
  expect(await run(store.records("person", "", 9))).toEqual(one.records)
  const fork = await run(store.fork())
  await run(
    fork.commit(await run(fork.acquire("rehearsal", 1, 9)), {
      ...NO_CHANGES,
      dropLinks: ["l1"],
      records: [{ id: "r2", entity: "person", fields: {}, stamps: {}, deleted: null }],
    }),
  )
  expect(await run(fork.records("person", "", 9))).toHaveLength(2)
  await run(fork.close())
  expect(await run(store.records("person", "", 9))).toHaveLength(1)
  await run(store.close())
  expect(disk()).toEqual(before)
})

test("a store that was opened for reading refuses every write", async () => {
  await filled()
  const store = await run(openSqliteStore({ path, readOnly: true }))
  const refusal = { reason: "unavailable", message: expect.stringContaining("reading only") }
  expect(await run(Effect.flip(store.acquire("me", 0, 9)))).toMatchObject(refusal)
  expect(await run(Effect.flip(store.decide({ id: "d", at: 1, by: "jane", note: null, kind: "drop", quarantineId: "q" })))).toMatchObject(
    refusal,
  )
  await run(store.close())
})

test("what a process left in the log is read without opening the store for writing", async () => {
  const store = await run(openSqliteStore({ path }))
  await run(store.commit(await run(store.acquire("me", 0, 9)), one))
  const reader = await run(openSqliteStore({ path, readOnly: true }))
  expect(await run(reader.records("person", "", 9))).toEqual(one.records)
  await run(reader.close())
  await run(store.close())
  expect(readdirSync(dir)).toEqual(["store.db"])
})
