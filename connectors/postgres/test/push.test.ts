// Writing to a real server: outcomes, refusals, lookups, and what a lost connection leaves behind.
import type { CallOptions, Fault, Outcome } from "@syncline/connector"
import { describe, expect, test } from "vitest"
import { cutAtCommit } from "./cut-at-commit.ts"
import { faultIn, ground } from "./ground.ts"
import { op, scan, told } from "./people.ts"

const world = ground()

const byRef = (outcomes: readonly Outcome[]): Record<string, Outcome> => Object.fromEntries(outcomes.map((each) => [each.ref, each]))
describe("writing", () => {
  test("creates, updates and deletes in one call, with types as they are read", async () => {
    const { connector, sql } = await world.stage("writes", { changes: "replication" })
    const item = {
      email: "ann@example.com",
      name: 'Ann \u0001 "quoted" 李',
      visits: "9007199254740993",
      tags: ["a,b", "c"],
      address: { city: "Oslo", zip: "01" },
      joined: "2024-02-29",
    }
    const [created] = await connector.push("people", [op("create", null, item)])
    expect(created).toMatchObject({ status: "applied", id: "1", item })
    const version = created?.status === "applied" ? (created.version ?? "") : ""
    const outcomes = byRef(
      await connector.push("people", [
        op("update", "1", { address: { city: "Bergen" }, tags: null }, { version }),
        op("update", "77", { name: "x" }),
        op("delete", "78", {}),
        op("create", null, { name: "Bo" }),
      ]),
    )
    expect(outcomes["update-1"]).toMatchObject({ status: "applied", item: { ...item, tags: null, address: { city: "Bergen", zip: "01" } } })
    expect(outcomes["update-77"]).toMatchObject({ status: "failed", fault: { class: "notFound" } })
    expect(outcomes["delete-78"]).toMatchObject({ status: "applied" })
    expect(outcomes["create-new"]).toMatchObject({ status: "applied", id: "2" })
    expect(await connector.push("people", [op("update", "1", { name: "late" }, { version })])).toMatchObject([
      { status: "failed", fault: { class: "conflict" } },
    ])
    expect(await sql("SELECT name FROM people WHERE id = 1")).toEqual([{ name: item.name }])
  })

  test("in a batch only the operation to blame fails, and a taken value names who has it", async () => {
    const { connector, sql } = await world.stage("blame", { changes: "replication" })
    await sql("INSERT INTO people (email, name) VALUES ('a@x', 'a'), ('b@x', 'b')")
    const outcomes = byRef(
      await connector.push("people", [
        op("update", "1", { name: "A" }),
        op("update", "2", { email: "a@x" }),
        op("update", "no number", { name: "x" }),
        op("create", null, { email: "c@x", visits: -1 }, { ref: "check" }),
        op("create", null, { email: "d@x", name: null }, { ref: "null" }),
        op("create", null, { email: "e@x", joined: "31 February" }, { ref: "date" }),
        op("create", null, { email: "b@x" }, { ref: "taken" }),
        op("create", null, { email: "f@x" }, { ref: "fine" }),
        op("create", null, { nonsense: "f@x" }, { ref: "column" }),
      ]),
    )
    const seen = Object.fromEntries(
      Object.entries(outcomes).map(([ref, each]) => [
        ref,
        each.status === "failed" ? [each.fault.class, each.fault.existingId] : each.status,
      ]),
    )
    expect(seen).toEqual({
      "update-1": "applied",
      "update-2": ["duplicate", "1"],
      "update-no number": ["invalid", undefined],
      check: ["invalid", undefined],
      null: ["invalid", undefined],
      date: ["invalid", undefined],
      taken: ["duplicate", "2"],
      fine: "applied",
      column: ["invalid", undefined],
    })
    expect(outcomes["null"]).toMatchObject({ fault: { fields: { name: expect.stringMatching(/null/) } } })
    expect(await sql("SELECT email FROM people ORDER BY email")).toEqual(["a@x", "b@x", "f@x"].map((email) => ({ email })))
  })

  test("a version column guards a write, and is raised by it", async () => {
    const { connector, sql } = await world.stage("versions", { version: "version" })
    await sql("INSERT INTO people (name, version) VALUES ('a', 5)")
    expect(await connector.push("people", [op("update", "1", { name: "b" }, { version: "4" })])).toMatchObject([
      { fault: { class: "conflict" } },
    ])
    expect(await connector.push("people", [op("update", "1", { name: "b" }, { version: "5" })])).toMatchObject([
      { status: "applied", version: "6" },
    ])
  })

  test("with a table of keys the same create twice makes one row", async () => {
    const { connector, sql } = await world.stage("keys", {}, { idempotencyTable: "syncline_keys" })
    const create = op("create", null, { name: "a" })
    const [first] = await connector.push("people", [create])
    await sql("UPDATE people SET name = 'edited'")
    expect(await connector.push("people", [create])).toMatchObject([
      { status: "applied", id: first?.status === "applied" ? first.id : "", item: { name: "edited" } },
    ])
    expect(await sql("SELECT count(*)::int AS n FROM people")).toEqual([{ n: 1 }])
  })

  test("rows are found by id and by unique columns; a value of the wrong type is nobody", async () => {
    const { connector, sql } = await world.stage("finds", { unique: [{ column: "email", ignoreCase: true }] })
    await sql("INSERT INTO people (email, name) VALUES ('Ann@X', 'a'), ('b@x', 'b')")
    const ids = await connector.lookup?.("people", "id", ["2", "9", "nobody", "1", "99999999999999999999999"])
    expect(ids?.map((each) => ("found" in each ? each.found.id : each.fault.class))).toEqual(["2", "notFound", "notFound", "1", "notFound"])
    const emails = await connector.lookup?.("people", "email", ["ANN@x", "c@x"])
    expect(emails?.map((each) => ("found" in each ? each.found.id : each.fault.class))).toEqual(["1", "notFound"])
  })

  test("several columns can be the key", async () => {
    const { connector, sql } = await world.stage("composite", { table: "memberships", key: ["org", "person"], unique: [] })
    await sql("CREATE TABLE memberships (org text, person bigint, name text, PRIMARY KEY (org, person))")
    await sql("INSERT INTO memberships VALUES ('a', 1, 'x'), ('a', 2, 'y'), ('b', 1, 'z')")
    const pages = await scan(connector, "snapshot", null, 1)
    expect(told(pages)).toEqual(['upsert ["a","1"] x', 'upsert ["a","2"] y', 'upsert ["b","1"] z'])
    expect(await connector.push("people", [op("update", '["a","2"]', { name: "Y" }), op("delete", '["b","1"]', {})])).toMatchObject([
      { status: "applied" },
      { status: "applied" },
    ])
    expect(await sql("SELECT name FROM memberships ORDER BY name")).toEqual([{ name: "Y" }, { name: "x" }])
  })
})

describe("trouble", () => {
  test("a commit whose answer was lost is found out by its transaction", async () => {
    const { open, sql } = await world.stage("commits", {})
    const way = await cutAtCommit(world.server.port)
    try {
      const connector = open({ url: world.server.url("commits").replace(String(world.server.port), String(way.port)) })
      const outcomes = await connector.push("people", [op("create", null, { name: "a" })])
      expect(outcomes).toMatchObject([{ status: "applied", id: "1", item: { name: "a" } }])
      expect(way.cuts()).toBe(1)
      expect(await sql("SELECT name FROM people")).toEqual([{ name: "a" }])
    } finally {
      await way.close()
    }
  })

  test("a commit that never arrived wrote nothing, and says so", async () => {
    const { connector, sql } = await world.stage("uncommitted", {})
    // a deferred trigger ends this very connection within the commit, before it counts
    await sql(
      "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$",
    )
    await sql("CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON people DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut()")
    expect(await faultIn(connector.push("people", [op("create", null, { name: "a" })]))).toMatchObject({ class: "transient" })
    expect(await sql("SELECT count(*)::int AS n FROM people")).toEqual([{ n: 0 }])
  })

  test("a wrong password, a missing database, table or column is said as such, without the password", async () => {
    const { open, connector } = await world.stage("wrong", {})
    const url = world.server.url("wrong")
    const faults: (Fault | null)[] = []
    for (const [config, pattern] of [
      [{ url: url.replace(/wrong$/, "nowhere").replace("syncline@", "syncline:s3cret-word@") }, /nowhere/],
      [{ url: url.replace("syncline@", "nobody:s3cret-word@") }, /nobody/],
      [{ url: `postgres://u:s3cret-word@127.0.0.1:1/x` }, /cannot be reached/],
      [{ tables: { people: { table: "persons" } } }, /no table "public"."persons"/],
      [{ tables: { people: { updatedAt: "modified", key: "ident" } } }, /no column ident, modified; it has id, email/],
      [{ tables: { people: { key: "name" } } }, /neither its primary key nor unique/],
      [{ publication: "other", tables: { people: { changes: "replication" } } }, /CREATE PUBLICATION "other" FOR TABLE "public"."people"/],
    ] as const) {
      const fault = await faultIn(open(config).check())
      expect(fault).toMatchObject({ message: expect.stringMatching(pattern) })
      faults.push(fault)
    }
    expect(JSON.stringify(faults)).not.toMatch(/s3cret-word/)
    expect(faults.map((each) => each?.class)).toEqual(["auth", "auth", "transient", "invalid", "invalid", "invalid", "invalid"])
    await expect(connector.check()).resolves.toBeUndefined()
  })

  test("a call that is cut off gives up at once and leaves nothing behind, whether it writes or reads", async () => {
    const { connector, sql } = await world.stage("cut", { changes: "updated_at", updatedAt: "updated_at" })
    await sql("INSERT INTO people (name) VALUES ('a')")
    const since = (await scan(connector, "snapshot", null)).at(-1)?.next ?? null
    await sql("BEGIN")
    await sql("LOCK TABLE people IN ACCESS EXCLUSIVE MODE")
    await sql("UPDATE people SET name = 'held' WHERE id = 1")
    const watcher = await world.client("cut")
    const waits = async (): Promise<number> =>
      (await watcher.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).rows[0].n
    const calls: Readonly<Record<string, (options: CallOptions) => Promise<unknown>>> = {
      push: (options) => connector.push("people", [op("update", "1", { name: "b" })], options),
      lookup: async (options) => connector.lookup?.("people", "id", ["1"], options),
      snapshot: (options) => connector.pull("people", { mode: "snapshot", cursor: null, limit: 10 }, options),
      delta: (options) => connector.pull("people", { mode: "delta", cursor: since, limit: 10 }, options),
    }
    for (const [name, call] of Object.entries(calls)) {
      const abort = new AbortController()
      const waiting = faultIn(call({ signal: abort.signal }))
      await expect.poll(waits, { timeout: 20_000, message: name }).toBe(1)
      abort.abort()
      expect(await waiting, name).toMatchObject({ class: "transient" })
      // the server would notice only when it gets the lock that nobody waits for any more
      await watcher.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
      await expect.poll(waits, { timeout: 20_000, message: name }).toBe(0)
    }
    await watcher.end()
    await sql("COMMIT")
    expect(await sql("SELECT name FROM people")).toEqual([{ name: "held" }])
    expect(await connector.push("people", [op("update", "1", { name: "b" })])).toMatchObject([{ status: "applied" }])
  })

  test("a notification wakes who listens", async () => {
    const { connector, sql } = await world.stage("hints", {})
    const abort = new AbortController()
    const heard = Promise.withResolvers<string>()
    const listening = connector.listen?.(["people"], heard.resolve, { signal: abort.signal })
    await expect
      .poll(async () => (await sql("SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"))[0]?.["n"])
      .toBe(1)
    await sql("INSERT INTO people (name) VALUES ('a')")
    expect(await heard.promise).toBe("people")
    abort.abort()
    await listening
  })
})
