// A process may die at any durable point of anything it can have to do: the next one ends where nobody had died, with
// nothing doubled and nothing lost. How many points there are is kept beside this file, so that none is dropped unnoticed.
import { readFileSync, writeFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { afterAll, describe, expect, it } from "vitest"
import { openSqliteStore } from "@syncline/store"
import { createMemoryStore } from "../../src/store/index.ts"
import { enumerate, type OpenStore } from "./enumerate.ts"
import { EVERYDAY } from "./everyday.ts"
import { TROUBLE } from "./trouble.ts"

const SCENARIOS = [...EVERYDAY, ...TROUBLE]

/** Every so many deaths are followed by a second one; 1 for a long look. */
const AGAIN = Number(process.env["CRASH_AGAIN"] ?? 8)
/** Which scenarios run on a real database: every so many, or all. */
const REAL = Number(process.env["CRASH_REAL"] ?? 4)
const PINNED = new URL("points.json", import.meta.url)

const inMemory: OpenStore = () => Promise.resolve(createMemoryStore())
const sqlite: OpenStore = () => Effect.runPromise(openSqliteStore({ path: ":memory:" }))

const counts = new Map<string, number>()
let deaths = 0

describe("whenever the process dies", () => {
  it.each(SCENARIOS.map((scenario, index) => [scenario.title, scenario, index] as const))(
    "ends as if it had not: %s",
    async (title, scenario, index) => {
      const counted = await enumerate(scenario, index % REAL === 0 ? sqlite : inMemory, AGAIN)
      counts.set(title, counted.points)
      deaths += counted.deaths
      expect(counted.wrong.slice(0, 3), `${counted.wrong.length} of ${counted.deaths} ends differ`).toEqual([])
    },
  )
})

/** `CRASH_PIN=1` writes the counts down anew, where there are fewer for a good reason. */
it("no point is dropped unnoticed", () => {
  if (process.env["CRASH_PIN"] !== undefined) writeFileSync(PINNED, `${JSON.stringify(Object.fromEntries(counts), null, 2)}\n`)
  const pinned = Object.entries(JSON.parse(readFileSync(PINNED, "utf8")) as Readonly<Record<string, number>>)
  expect(pinned.filter(([title, points]) => (counts.get(title) ?? 0) < points)).toEqual([])
})

afterAll(() => {
  const points = [...counts.values()].reduce((sum, each) => sum + each, 0)
  console.log(`crash enumeration: ${counts.size} scenarios, ${points} durable points, ${deaths} deaths`)
})
