import { expect, it } from "vitest"
import { drawStory, runStory, tellStory } from "../../src/sim/index.ts"
import { openSqlite } from "./open-store.ts"

const SEEDS = 24
/** From here on stories have extras: processes stopped past their lease, late answers, copies of old pages, hostile words. */
const WITH_EXTRAS = 500_020
const MORE_SEEDS = 12

it.each([
  [SEEDS, 1],
  [MORE_SEEDS, WITH_EXTRAS],
])("%i worlds, drawn from seed %i on, end with every edit accounted for and nothing doubled", { timeout: 600_000 }, async (seeds, from) => {
  for (let seed = from; seed < from + seeds; seed++) {
    const verdict = await runStory(drawStory(seed), openSqlite)
    expect(verdict.violations, tellStory(verdict)).toEqual([])
  }
})

it("a long story, of 200 edits in 24 hours at least, ends like that as well", { timeout: 120_000 }, async () => {
  const story = drawStory(60_000_000, true)
  expect(story.steps.filter(({ kind }) => kind === "act").length).toBeGreaterThanOrEqual(200)
  expect(story.steps.reduce((ms, step) => ms + (step.kind === "wait" ? step.ms : 0), 0)).toBeGreaterThanOrEqual(86_400_000)
  const verdict = await runStory(story, openSqlite)
  expect(verdict.violations, tellStory(verdict)).toEqual([])
})

it("one seed is one story, to the last letter", { timeout: 60_000 }, async () => {
  const first = await runStory(drawStory(7), openSqlite)
  const second = await runStory(drawStory(7), openSqlite)
  expect(second.hash).toBe(first.hash)
  expect(second.trace).toEqual(first.trace)
})
