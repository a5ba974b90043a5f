// Trouble during a first sync, of every kind that the mocks can make: afterwards everybody is there, and nobody twice.
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Kind } from "./mock.ts"
import { town, type Item } from "./people.ts"
import { FILE, openWorld, type World } from "./world.ts"

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const BATCH = { method: "POST", path: "/batch$" }
const READS = { method: "GET" }

const troubles: readonly (readonly [Kind, string, Item])[] = [
  ["crm", "writes applied without an answer", { kind: "applied-no-answer", times: 2, match: BATCH }],
  [
    "crm",
    "batches that fail and drop in part, in another order",
    { kind: "partial-batch", times: 2, fail_every: 3, drop_every: 5, shuffle: true },
  ],
  ["crm", "a burst of 503 on writes", { kind: "status", status: 503, times: 2, match: BATCH }],
  ["crm", "a burst of 500 on reads", { kind: "status", status: 500, times: 2, match: READS }],
  ["crm", "an answer to a write cut in the middle", { kind: "truncated", times: 1, match: BATCH }],
  ["crm", "a connection cut in the middle of an answer", { kind: "truncated", mode: "connection", times: 1, match: BATCH }],
  ["crm", "a web page instead of an answer", { kind: "html", times: 1, match: BATCH }],
  ["crm", "rate limits", { kind: "rate-limit", retry_after: 1, times: 2 }],
  ["crm", "a token that is revoked under way", { kind: "unauthorized", times: 1, match: READS }],
  ["email", "writes applied without an answer", { kind: "applied-no-answer", times: 2, match: BATCH }],
  ["email", "batches that fail in part", { kind: "partial-batch", times: 1, keep: 7, rest: "failed" }],
  ["email", "batches that are done in part, untold", { kind: "partial-batch", times: 1, keep: 7, rest: "missing" }],
  ["email", "batches whose answers lack items that were written", { kind: "partial-batch", times: 1, keep: 7, rest: "unreported" }],
  ["email", "a burst of 503 on writes", { kind: "status", status: 503, times: 2, match: BATCH }],
  ["email", "an answer to a write cut in the middle", { kind: "truncated", times: 1, match: BATCH }],
  ["email", "a web page instead of an answer", { kind: "html", times: 1, match: BATCH }],
  ["email", "rate limits without a header", { kind: "rate-limit", times: 2 }],
]

/** Enough for what is owed to be tried again, and for writes without an answer to be judged. */
const MOST_RUNS = 4

describe("a first sync of 200 people", () => {
  test.each(troubles)("survives, in the %s, %s", async (kind, name, fault) => {
    await world.begin(town(200, 50 + name.length))
    await world[kind].fault(fault)
    const told: string[] = []
    for (let round = 0; round < MOST_RUNS; round++) {
      const run = await world.cli("run", FILE)
      told.push(`run ${round + 1} ended with ${run.code}\n${run.out}${run.err}`)
      expect([0, 1, 4], told.join("\n")).toContain(run.code)
      if ((await world.differences()).length === 0 && run.code === 0) break
    }
    expect(await world.differences(), told.join("\n")).toEqual([])
    await world[kind].heal()
    await Promise.all([world.crm.forget(), world.email.forget()])
    const again = await world.cli("run", FILE)
    expect(again.code, told.join("\n") + again.out + again.err).toBe(0)
    expect([...(await world.crm.writes()), ...(await world.email.writes())], told.join("\n") + again.out).toEqual([])
  })
})
