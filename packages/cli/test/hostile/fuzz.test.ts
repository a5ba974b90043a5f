// A few cases of the fuzzer with each change; `pnpm fuzz --runs 100000` for a long look.
import { describe, expect, it, test } from "vitest"
import { chance } from "../e2e/people.ts"
import { fuzz, sayFinding } from "./fuzz/fuzz.ts"
import { pipelines } from "./fuzz/pipelines.ts"
import { atOnce, CANARY, isBlocked, meanwhile, wrongText } from "./fuzz/watch.ts"

const RUNS = { pipelines: 60, expressions: 800, answers: 6 } as const

test.each(Object.entries(RUNS))("nothing is found in a few mutated %s", { timeout: 120_000 }, async (name, runs) => {
  const { cases, findings } = await fuzz(name, { runs, seed: 11 })
  expect(findings.map(sayFinding)).toEqual([])
  expect(cases).toBe(runs)
})

test("one case is the same each time it is played", async () => {
  const inputs = await Promise.all([17, 17, 18].map(async (die) => (await pipelines().play(chance(die))).input))
  expect(inputs[0]).toBe(inputs[1])
  expect(inputs[0]).not.toBe(inputs[2])
})

describe("what is looked for is found", () => {
  it.each([
    ["a throw", () => atOnce(() => [][0]?.["x"] ?? JSON.parse("{")), /^threw SyntaxError/],
    ["a secret", () => wrongText(`token ${CANARY}!`), /a secret is told/],
    ["a stack", () => wrongText(`broken\n    at parse (file:///x/parse.ts:10:3)`), /a stack is shown/],
    ["a changed prototype", () => atOnce(() => polluted(() => [])), /a prototype was changed/],
    ["a long computation", () => atOnce(() => spin(300)), /^blocked for \d+ ms/],
  ] as const)("%s", (_, work, told) => {
    const found = work()
    delete (Object.prototype as Record<string, unknown>)["polluted"]
    expect(found).toEqual([expect.stringMatching(told)])
  })

  it("a long computation in the middle of waiting", async () => {
    const found = await meanwhile(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return spin(300)
    })
    expect(found).toHaveLength(1)
    expect(isBlocked(found[0] ?? "")).toBe(true)
  })
})

function polluted<A>(work: () => A): A {
  Object.defineProperty(Object.prototype, "polluted", { value: 1, configurable: true, enumerable: false })
  return work()
}

/** Of this thread's own time, however busy the machine is. */
function spin(ms: number): readonly string[] {
  const spent = (): number => process.threadCpuUsage().user / 1_000
  for (const began = spent(); spent() - began < ms;);
  return []
}
