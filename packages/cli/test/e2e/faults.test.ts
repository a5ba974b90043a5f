// Trouble during a first sync, of every kind that the mocks can make: afterwards everybody is there, and nobody twice.
import { describe, expect, test } from "vitest"
import type { Kind } from "./mock.ts"
import { town, type Item } from "./people.ts"
import { FILE, inWorld } from "./world.ts"

const BATCH = { method: "POST", path: "/batch$" }
const READS = { method: "GET" }

const troubles: readonly (readonly [Kind, string, readonly Item[]])[] = [
  [
    "crm",
    "writes applied without an answer, batches done in part and told in another order, a connection cut in the middle of an answer",
    [
      { kind: "applied-no-answer", times: 1, match: BATCH },
      { kind: "partial-batch", times: 1, fail_every: 3, drop_every: 5, shuffle: true },
      { kind: "truncated", mode: "connection", times: 1, match: BATCH },
    ],
  ],
  [
    "crm",
    "a burst of 500 on reads, a token revoked under way, a web page and half an answer to writes",
    [
      { kind: "status", status: 500, times: 1, match: READS },
      { kind: "unauthorized", times: 1, match: READS },
      { kind: "html", times: 1, match: BATCH },
      { kind: "truncated", times: 1, match: BATCH },
    ],
  ],
  [
    "crm",
    "a burst of 503 and rate limits",
    [
      { kind: "status", status: 503, times: 2, match: BATCH },
      { kind: "rate-limit", retry_after: 1, times: 1 },
    ],
  ],
  [
    "email",
    "writes applied without an answer, and batches done in part without a word",
    [
      { kind: "applied-no-answer", times: 1, match: BATCH },
      { kind: "partial-batch", times: 1, keep: 7, rest: "missing" },
      { kind: "partial-batch", times: 1, keep: 7, rest: "unreported" },
    ],
  ],
  [
    "email",
    "batches that fail in part, half an answer, a web page",
    [
      { kind: "partial-batch", times: 1, keep: 7, rest: "failed" },
      { kind: "truncated", times: 1, match: BATCH },
      { kind: "html", times: 1, match: BATCH },
    ],
  ],
  [
    "email",
    "a burst of 503, and rate limits that do not say how long",
    [
      { kind: "status", status: 503, times: 1, match: BATCH },
      { kind: "rate-limit", times: 2 },
    ],
  ],
]

/** Enough for what is owed to be tried again, and for writes without an answer to be judged. */
const MOST_RUNS = 6

// much of the time is spent waiting for a system: side by side
describe.concurrent("a first sync of 200 people", { timeout: 180_000 }, () => {
  test.each(troubles)("survives, in the %s, %s", (kind, name, faults) =>
    inWorld(async (world) => {
      await world.begin(town(200, name.length))
      await world[kind].fault(...faults)
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
    }),
  )
})
