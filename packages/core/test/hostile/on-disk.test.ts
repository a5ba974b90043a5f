// Hostile items of every kind through a whole pass on a real database file: ids, texts and sizes come back as they were from
// another process's point of view, and a second pass finds everybody again.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type { Change, Json, Page } from "@syncline/connector"
import { openSqliteStore } from "@syncline/store"
import { afterEach, beforeEach, expect, it } from "vitest"
import { World } from "../fake-system/world.ts"

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "syncline-hostile-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const ODD: readonly string[] = [
  "9007199254740993",
  "9007199254740992",
  "a\u0000b",
  "a\u0000c",
  "\ud800",
  "\udc00",
  "a\ud800b",
  "\u0001",
  '\u0001"x',
  "'); DROP TABLE link; --",
  "%_\\",
  "e\u0301",
  "é",
  "\ufeffid",
  "👩‍👩‍👧",
  "__proto__",
  "x".repeat(1_000),
]

it("ids and texts that databases trip over stay apart, are kept whole, and are found again after the file was closed", async () => {
  const path = join(folder, "store.db")
  const open = () => Effect.runPromise(openSqliteStore({ path }))
  const world = new World({ systems: { a: {}, b: {} } }, await open())
  const huge = "long ".repeat(190_000)
  const changes = ODD.map((id, n): Change => {
    const item: Record<string, Json> = { email: `p${n}@x.com`, name: id, note: n === 0 ? huge : `${id} `, tags: [id, "t"] }
    return { kind: "upsert", id, version: "1", item }
  })
  world.wire("a").onPage = (page: Page) => ({ ...page, changes })
  await world.run()
  const shown = () =>
    world
      .system("b")
      .live()
      .map(({ item }) => [item["email"], item["name"], item["note"]])
      .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))
  const expected = changes.flatMap((change) =>
    change.kind === "upsert" ? [[change.item["email"], change.item["name"], change.item["note"]]] : [],
  )
  expect(shown()).toEqual(expected.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
  await Effect.runPromise(world.store.close())

  world.store = await open()
  const links = (await world.links()).filter((link) => link.binding === "a.people")
  expect(links.map((link) => link.remoteId).toSorted()).toEqual([...ODD].toSorted())
  for (const link of links) expect(link.seen?.["name"]).toBe(link.remoteId)
  const writes = world.writes()
  await world.run({ full: true })
  expect(world.writes()).toEqual(writes)
  // each is found by what people know of it
  for (const id of ODD) expect(await world.effect(world.store.find(id, 5)), JSON.stringify(id)).not.toEqual([])
  await Effect.runPromise(world.store.close())
})
