// Stories that once went wrong, kept as they were drawn: each ends well now.
import { readdirSync, readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { runStory, type Story, tellStory } from "../../src/sim/index.ts"
import { openSqlite } from "./open-store.ts"

const FOLDER = new URL("stories/", import.meta.url)

for (const file of readdirSync(FOLDER)) {
  it(file.replace(/\.json$/, "").replaceAll("-", " "), { timeout: 60_000 }, async () => {
    const story = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as Story
    const verdict = await runStory(story, openSqlite)
    expect(verdict.violations, tellStory(verdict)).toEqual([])
  })
}
