// The suite of a folder of examples: each `scenario.yaml` is played with real servers and the real command line, and its
// transcript is compared with the `expected.txt` beside it (written on the first run, except in CI).
import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { playScenario } from "./scenario/play.ts"
import { transcript } from "./scenario/transcript.ts"

/** Several servers and a dozen processes, on a machine that may be busy. */
const STORY_MS = 240_000

export const storySuite = (folder: string): void => {
  const examples = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()

  describe("the examples", () => {
    it("are numbered, in the order in which to read them", () => {
      expect(examples.filter((name) => !/^\d\d-[a-z0-9-]+$/.test(name))).toEqual([])
    })

    for (const name of examples.filter((example) => existsSync(join(folder, example, "scenario.yaml")))) {
      it(
        `${name} ends as it is told`,
        async () => {
          await expect(transcript(await playScenario(join(folder, name)))).toMatchFileSnapshot(join(folder, name, "expected.txt"))
        },
        STORY_MS,
      )
    }
  })
}
