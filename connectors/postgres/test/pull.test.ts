// Reading from a real server: snapshots, each way of following, and deletes.
import { describe, expect, test } from "vitest"
import { faultIn, ground } from "./ground.ts"
import { lastOf, op, scan, told } from "./people.ts"

const world = ground()

describe.each([
  ["replication", { changes: "replication" }],
  ["updated_at", { changes: "updated_at", updatedAt: "updated_at", overlap: 0 }],
  ["sequence", { changes: "sequence", sequence: "change_no", overlap: 0 }],
] as const)("following by %s", (way, table) => {
  test("a snapshot gives each row once, whatever the page size, and the delta goes on from where it began", async () => {
    const { connector, sql } = await world.stage(`snap_${way}`, table)
    await sql("INSERT INTO people (name) SELECT 'p' || n FROM generate_series(1, 25) AS n")
    const big = await scan(connector, "snapshot", null)
    const small = await scan(connector, "snapshot", null, 1)
    expect(told(small)).toEqual(told(big))
    expect(new Set(told(big)).size).toBe(25)
    expect(big.at(-1)).toMatchObject({ more: false, complete: true })
    await sql("UPDATE people SET name = 'Ann' WHERE id = 3")
    await sql("INSERT INTO people (name) VALUES ('Bo')")
    const delta = await scan(connector, "delta", lastOf(big), 1)
    expect(told(delta)).toEqual(expect.arrayContaining(["upsert 3 Ann", "upsert 26 Bo"]))
    const quiet = await scan(connector, "delta", lastOf(delta))
    // a poll reads its last moment again; the log tells nothing twice
    expect(told(quiet).length).toBeLessThanOrEqual(way === "replication" ? 0 : 1)
    await sql("UPDATE people SET name = 'Cy' WHERE id = 4")
    expect(told(await scan(connector, "delta", lastOf(quiet)))).toContain("upsert 4 Cy")
  })

  test("a transaction that ends after the next scan has begun is not lost", async () => {
    const { connector, sql } = await world.stage(`late_${way}`, way === "sequence" ? { ...table, overlap: 10 } : table)
    const late = await world.client(`late_${way}`)
    const start = lastOf(await scan(connector, "snapshot", null))
    await late.query("BEGIN")
    await late.query("INSERT INTO people (name) VALUES ('late')")
    await sql("INSERT INTO people (name) VALUES ('early')")
    const before = await scan(connector, "delta", start)
    expect(told(before).join()).toMatch(/early/)
    expect(told(before).join()).not.toMatch(/late/)
    await late.query("COMMIT")
    await late.end()
    expect(told(await scan(connector, "delta", lastOf(before))).join()).toMatch(/late/)
  })
})

describe("the log of changes", () => {
  test("tells deletes, changed keys, and only the last word on each row", async () => {
    const { connector, sql } = await world.stage("log_words", { changes: "replication" })
    await sql("INSERT INTO people (name) VALUES ('a'), ('b'), ('c'), ('d')")
    const start = lastOf(await scan(connector, "snapshot", null))
    await sql("DELETE FROM people WHERE id = 1")
    await sql("UPDATE people SET id = 20 WHERE id = 2")
    await sql("UPDATE people SET name = 'C1' WHERE id = 3")
    await sql("UPDATE people SET name = 'C2' WHERE id = 3")
    await sql("INSERT INTO people (name) VALUES ('gone')")
    await sql("DELETE FROM people WHERE name = 'gone'")
    await sql("DELETE FROM people WHERE id = 4")
    await sql("INSERT INTO people (id, name) VALUES (4, 'again')")
    expect(told(await scan(connector, "delta", start)).sort()).toEqual(
      ["delete 1", "delete 5", "rekey 2 -> 20", "upsert 20 b", "upsert 3 C2", "upsert 4 again"].sort(),
    )
  })

  test("is read again from the same cursor until the next one is used, also across a crash of the server", async () => {
    const { connector, sql, open } = await world.stage("log_replay", { changes: "replication" }, { keepLog: 0 })
    const start = lastOf(await scan(connector, "snapshot", null))
    await sql("INSERT INTO people (name) SELECT 'p' || n FROM generate_series(1, 7) AS n")
    await sql("DELETE FROM people WHERE id = 2")
    const [first] = await scan(connector, "delta", start, 3)
    const once = told(await scan(connector, "delta", start, 3))
    await world.server.crash()
    const again = open()
    expect(told(await scan(again, "delta", start, 3))).toEqual(once)
    // a scan that was cut off goes on in the middle of a transaction
    const rest = await scan(again, "delta", first?.next ?? null, 3)
    expect([...told(first === undefined ? [] : [first]), ...told(rest)]).toEqual(once)
    expect(told(await scan(again, "delta", lastOf(rest)))).toEqual([])
    // and what the store once went beyond cannot be asked for again
    expect(await faultIn(scan(again, "delta", start))).toMatchObject({ class: "cursorExpired" })
  })

  test("a slot that somebody dropped, and a truncated table, call for a full scan", async () => {
    const { connector, sql } = await world.stage("log_lost", { changes: "replication" })
    const start = lastOf(await scan(connector, "snapshot", null))
    await sql("INSERT INTO people (name) VALUES ('a')")
    await sql("TRUNCATE people")
    expect(await faultIn(scan(connector, "delta", start))).toMatchObject({
      class: "cursorExpired",
      message: expect.stringMatching(/truncated/),
    })
    await sql("SELECT pg_drop_replication_slot('log_lost_people')")
    expect(await faultIn(scan(connector, "delta", start))).toMatchObject({ class: "cursorExpired", message: expect.stringMatching(/gone/) })
    await sql("INSERT INTO people (name) VALUES ('b')")
    const anew = await scan(connector, "snapshot", null)
    expect(told(anew).join()).toMatch(/b$/)
    await sql("UPDATE people SET name = 'B'")
    expect(told(await scan(connector, "delta", lastOf(anew))).join()).toMatch(/B$/)
  })
})

test("rows marked as deleted are deletes; deleting marks them", async () => {
  const { connector, sql } = await world.stage("marks", { updatedAt: "updated_at", deletedAt: "deleted_at" })
  await sql("INSERT INTO people (name, deleted_at) VALUES ('a', NULL), ('b', now())")
  expect(told(await scan(connector, "snapshot", null))).toEqual(["upsert 1 a", "delete 2"])
  expect(await connector.push("people", [op("delete", "1", {})])).toMatchObject([{ status: "applied", id: "1" }])
  expect(await sql("SELECT id FROM people WHERE deleted_at IS NULL")).toEqual([])
  expect(await connector.push("people", [op("update", "1", { name: "x" })])).toMatchObject([{ status: "failed", fault: { class: "gone" } }])
})
