// Stories that once went wrong, kept as they were drawn: each ends well now.
import { expect, it } from "vitest"
import { runStory, tellStory } from "../../src/sim/index.ts"
import { keptStories } from "./kept-stories.ts"
import { openSqlite } from "./open-store.ts"

for (const { name, story } of keptStories()) {
  it(name, { timeout: 60_000 }, async () => {
    const verdict = await runStory(story, openSqlite)
    expect(verdict.violations, tellStory(verdict)).toEqual([])
  })
}
