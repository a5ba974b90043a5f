// `pnpm sim --seeds 1000 [--from N]` hunts, `pnpm sim --replay SEED` tells one story; a failing seed is cut down first.
import { drawStory, drawTwists, hasStrain, runStory, shrink, type Story, tellStory } from "../../src/sim/index.ts"
import { count, counts, tool } from "../../src/tool.ts"
import { keptStories } from "./kept-stories.ts"
import { openReference, openSqlite } from "./open-store.ts"

const values = tool("pnpm sim", "Plays the whole engine against simulated systems, and judges all that happens.")
  .option("--seeds <n>", "so many seeds", count, 100)
  .option("--from <n>", "the first of them", count, 1)
  .option("--replay <seed>", "tell one story in words, cut down if it goes wrong", count)
  .option("--long", "stories of 200 edits in 24 hours at least, ten times as slow", false)
  .option("--whole", "tell it as it is", false)
  .option("--shrink <n>", "so many attempts to cut it down", count, 400)
  .option("--store <kind>", "sqlite, or memory: 2.5 times faster, the same stories", "sqlite")
  .option(
    "--with <name>",
    "only stories in which this is played: undo, audit, verify, apply, forget, remap, restore, filter, drift, pingPong, reads, …",
  )
  .option("--try <seeds>", "seeds that come before all others, with commas", counts, [])
  .option("--kept", "the stories that are kept, before all seeds", false)
  .option("--first", "stop at the first that goes wrong", false)
  .parse()
  .opts<{
    seeds: number
    from: number
    replay?: number
    long: boolean
    whole: boolean
    shrink: number
    store: string
    with?: string
    try: readonly number[]
    kept: boolean
    first: boolean
  }>()
/** A chore, a twist, an extra, or a strain or its group, by its name. */
const hasIn = ({ seed, steps, strains = {}, extras = {} }: Story, name: string): boolean =>
  steps.some((step) => step.kind === "chore" && step.chore === name) ||
  Object.entries(extras).some(([kind, has]) => kind === name && has) ||
  [...drawTwists(seed)].some((kind) => kind === name) ||
  hasStrain(strains, name)
const TOLD_TWICE = 20
const story = (seed: number): Story => drawStory(seed, values.long)
const open = values.store === "memory" ? openReference : openSqlite

if (values.replay !== undefined) {
  const verdict = await runStory(story(values.replay), open)
  const short = verdict.violations.length === 0 || values.whole ? verdict : await shrink(verdict, open, values.shrink)
  console.log(tellStory(short))
  process.exitCode = verdict.violations.length === 0 ? 0 : 1
} else {
  const { from, seeds } = values
  const failed: number[] = []
  const sums = { passes: 0, writes: 0, crashes: 0 }
  let played = 0
  let kept = 0
  for (const { name, story: told } of values.kept ? keptStories() : []) {
    const [first] = (await runStory(told, open)).violations
    if (first === undefined) continue
    kept++
    console.log(`kept story "${name}": ${first.invariant}: ${first.what}`)
    if (values.first) break
  }
  for (const seed of kept > 0 && values.first ? [] : [...values.try, ...Array.from({ length: seeds }, (_, at) => from + at)]) {
    const drawn = story(seed)
    if (values.with !== undefined && !values.try.includes(seed) && !hasIn(drawn, values.with)) continue
    const verdict = await runStory(drawn, open)
    // one in so many is told twice: equal seeds, equal stories (I19)
    const again = ++played % TOLD_TWICE === 0 ? await runStory(story(seed), open) : verdict
    sums.passes += verdict.passes
    sums.writes += verdict.writes
    sums.crashes += verdict.crashes
    const [first] = again.hash === verdict.hash ? verdict.violations : [{ invariant: "I19", what: "told twice, it is not the same story" }]
    if (first === undefined) continue
    failed.push(seed)
    console.log(`seed ${seed}: ${first.invariant}: ${first.what}\n  pnpm sim${values.long ? " --long" : ""} --replay ${seed}`)
    if (values.first) {
      console.log(`found after ${played} seeds`)
      break
    }
  }
  console.log(`${seeds} seeds from ${from}: ${failed.length} failed; ${sums.passes} passes, ${sums.writes} writes, ${sums.crashes} crashes`)
  process.exitCode = failed.length + kept === 0 ? 0 : 1
}
