// A verdict as a story in words: the setting, what was done, what came of it, and what is wrong with that.
import type { Verdict } from "./run-seed.ts"
import { strained } from "./strains.ts"

export function tellStory({ story, violations, trace, hash }: Verdict): string {
  const shapes = Object.entries(strained(story.seed, story.setting, story.strains ?? {}).shapes).map(
    ([name, shape]) => `${name}: ${JSON.stringify(shape)}`,
  )
  const rates = Object.entries(story.rates).filter(([, rate]) => rate > 0)
  return [
    `seed ${story.seed}, trace ${hash}`,
    "",
    ...shapes,
    `twists: ${
      Object.entries(story.twists ?? {})
        .map(([kind, what]) => (what === true ? kind : `${kind} ${JSON.stringify(what)}`))
        .join(", ") || "none"
    }`,
    `strains: ${Object.keys(story.strains ?? {}).join(", ") || "none"}`,
    `faults: ${rates.map(([kind, rate]) => `${kind} ${rate}`).join(", ") || "none"}`,
    "",
    story.setting.text,
    ...trace,
    "",
    ...violations.map(({ invariant, what }) => `${invariant}: ${what}`),
  ].join("\n")
}
