// `pnpm sim --seeds 1000 [--from N]` hunts, `pnpm sim --replay SEED` tells one story; a failing seed is cut down first.
import { parseArgs } from "node:util"
import { drawStory, drawTwists, runStory, shrink, type Story, tellStory } from "../../src/sim/index.ts"
import { openReference, openSqlite } from "./open-store.ts"

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    from: { type: "string", default: "1" },
    replay: { type: "string" },
    whole: { type: "boolean", default: false },
    store: { type: "string", default: "sqlite" },
    shrink: { type: "string", default: "400" },
    first: { type: "boolean", default: false },
    /** Seeds that come before all others. */
    try: { type: "string", default: "" },
    /** Only seeds in whose story somebody has this done: undo, … */
    with: { type: "string" },
  },
})
/** A chore, or a twist, by its name. */
const hasIn = ({ seed, steps }: Story, name: string): boolean =>
  steps.some((step) => step.kind === "chore" && step.chore === name) || [...drawTwists(seed)].some((kind) => kind === name)
const TOLD_TWICE = 20
const open = values.store === "memory" ? openReference : openSqlite

if (values.replay !== undefined) {
  const verdict = await runStory(drawStory(Number(values.replay)), open)
  const short = verdict.violations.length === 0 || values.whole ? verdict : await shrink(verdict, open, Number(values.shrink))
  console.log(tellStory(short))
  process.exitCode = verdict.violations.length === 0 ? 0 : 1
} else {
  const from = Number(values.from)
  const seeds = Number(values.seeds)
  const failed: number[] = []
  const sums = { passes: 0, writes: 0, crashes: 0 }
  const early = values.try.split(",").flatMap((text) => (text === "" ? [] : [Number(text)]))
  let played = 0
  for (const seed of [...early, ...Array.from({ length: seeds }, (_, at) => from + at)]) {
    const story = drawStory(seed)
    if (values.with !== undefined && !hasIn(story, values.with)) continue
    const verdict = await runStory(story, open)
    // one in so many is told twice: equal seeds, equal stories (I19)
    const again = ++played % TOLD_TWICE === 0 ? await runStory(drawStory(seed), open) : verdict
    sums.passes += verdict.passes
    sums.writes += verdict.writes
    sums.crashes += verdict.crashes
    const [first] = again.hash === verdict.hash ? verdict.violations : [{ invariant: "I19", what: "told twice, it is not the same story" }]
    if (first === undefined) continue
    failed.push(seed)
    console.log(`seed ${seed}: ${first.invariant}: ${first.what}\n  pnpm sim --replay ${seed}`)
    if (values.first) {
      console.log(`found after ${played} seeds`)
      break
    }
  }
  console.log(`${seeds} seeds from ${from}: ${failed.length} failed; ${sums.passes} passes, ${sums.writes} writes, ${sums.crashes} crashes`)
  process.exitCode = failed.length === 0 ? 0 : 1
}
