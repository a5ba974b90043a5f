import { expect, it } from "vitest"
import { drawStory, runStory, tellStory } from "../../src/sim/index.ts"
import { openSqlite } from "./open-store.ts"

const SEEDS = 40

it(`${SEEDS} drawn worlds end with every edit accounted for and nothing doubled`, { timeout: 120_000 }, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const verdict = await runStory(drawStory(seed), openSqlite)
    expect(verdict.violations, tellStory(verdict)).toEqual([])
  }
})

it("one seed is one story, to the last letter", async () => {
  const first = await runStory(drawStory(7), openSqlite)
  const second = await runStory(drawStory(7), openSqlite)
  expect(second.hash).toBe(first.hash)
  expect(second.trace).toEqual(first.trace)
})
