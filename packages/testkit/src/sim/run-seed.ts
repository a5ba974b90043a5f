// One seed from beginning to end: the script is played, then everything calms down, and the oracle looks at what is left.
import { createHash } from "node:crypto"
import type { Store } from "@syncline/core"
import { drawRates, FAULT_KINDS, type FaultKind, NO_FAULTS, type Rates } from "./faults.ts"
import { atRest } from "./oracle/at-rest.ts"
import { Chance } from "./random.ts"
import { drawScript, type Step } from "./script.ts"
import { drawSetting, type Setting } from "./setup.ts"
import type { Violation } from "./world.ts"
import { World } from "./world.ts"

export interface Story {
  readonly seed: number
  readonly setting: Setting
  readonly rates: Rates
  readonly steps: readonly Step[]
}

export interface Verdict {
  readonly story: Story
  readonly violations: readonly Violation[]
  readonly trace: readonly string[]
  /** Of the whole trace: equal for equal seeds. */
  readonly hash: string
  readonly passes: number
  readonly writes: number
  readonly crashes: number
}

export type OpenStore = () => Promise<Store>

export function drawStory(seed: number): Story {
  const chance = new Chance(seed)
  const setting = drawSetting(chance)
  const rates = drawRates(chance)
  return { seed, setting, rates, steps: drawScript(chance, Object.keys(setting.shapes)) }
}

/** More passes than any calm world needs to settle. */
const MOST_CALM_PASSES = 14
const ROUNDS_OF_ANSWERS = 4

export async function runStory(story: Story, openStore: OpenStore): Promise<Verdict> {
  const store = await openStore()
  const world = new World(story.seed, story.setting, story.rates, store)
  const count = { passes: 0, crashes: 0 }
  try {
    await play(world, story, count)
    await calmDown(world, story, count)
  } catch (error) {
    world.violate("defect", error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  await world.ask(store.close())
  const hash = createHash("sha256").update(world.trace.join("\n")).digest("hex").slice(0, 16)
  return {
    story,
    violations: world.violations,
    trace: world.trace,
    hash,
    passes: count.passes,
    crashes: count.crashes,
    writes: world.effects.length,
  }
}

async function play(world: World, story: Story, count: { passes: number; crashes: number }): Promise<void> {
  for (const step of story.steps) {
    switch (step.kind) {
      case "wait":
        await world.time.pass(step.ms)
        break
      case "outage": {
        const wire = world.wires.get(step.system)
        if (wire === undefined) break
        wire.outage = step.how
        world.note(`${step.system} is ${step.how === "down" ? "down" : "there and shows nothing"} for ${step.ms} ms`)
        world.time.at(world.time.now + step.ms, () => {
          wire.outage = null
        })
        break
      }
      case "act": {
        if (step.act === "decide") await world.decide(false, new Chance(story.seed, 100 + step.n))
        else if (step.act === "retry") await world.retryQuarantined()
        else {
          const act = (): void => {
            const told = world.people.act(step)
            world.flips.calm()
            if (told !== null) world.note(`[${step.n}] ${told}`)
          }
          if (step.afterMs === 0) act()
          else world.time.at(world.time.now + step.afterMs, act)
        }
        break
      }
      case "pass": {
        count.passes++
        const report = await world.pass({ ...(step.full ? { full: true } : {}), ...(step.patient ? { patient: true } : {}) }, step.crashAt)
        if (report === null) count.crashes++
      }
    }
    if (world.violations.length > 0) return
  }
}

/** No more edits, no more faults: passes until nothing moves, answers to what is asked, passes again, and the verdict. */
async function calmDown(world: World, story: Story, count: { passes: number; crashes: number }): Promise<void> {
  if (world.violations.length > 0) return
  world.note("all calm down")
  for (const wire of world.wires.values()) {
    wire.rates = NO_FAULTS
    wire.outage = null
  }
  await world.time.pass(3_600_000)
  for (let round = 0; round <= ROUNDS_OF_ANSWERS; round++) {
    await settle(world, count)
    if (world.violations.length > 0) return
    await atRest(world)
    if (world.violations.length > 0 || round === ROUNDS_OF_ANSWERS) return
    const answered = await world.decide(true, new Chance(story.seed, 10_000 + round))
    if (answered === 0) return
  }
}

async function settle(world: World, count: { passes: number }): Promise<void> {
  let quiet = 0
  for (let at = 0; at < MOST_CALM_PASSES; at++) {
    await world.time.pass(1_200_000)
    const before = await mark(world)
    count.passes++
    await world.pass(at % 2 === 1 ? { full: true } : {}, null)
    if (world.violations.length > 0) return
    quiet = (await mark(world)) === before ? quiet + 1 : 0
    if (quiet === 3) return
  }
  world.violate("I8", "passes keep writing although nothing happens any more")
}

/** What a quiet pass must not change. */
async function mark(world: World): Promise<string> {
  const [last] = await world.ask(world.store.journal({ limit: 1, newestFirst: true }))
  return `${world.effects.length}/${last?.seq ?? 0}/${(await world.ask(world.store.openIntents(1_000))).length}`
}

/** The same story with some steps left out, or some faults, while it still goes wrong in the same way. */
export async function shrink(verdict: Verdict, openStore: OpenStore, most: number): Promise<Verdict> {
  const wanted = verdict.violations[0]?.invariant
  let best = verdict
  let tries = 0
  const attempt = async (story: Story): Promise<boolean> => {
    if (tries++ >= most) return false
    const next = await runStory(story, openStore)
    if (next.violations[0]?.invariant !== wanted) return false
    best = next
    return true
  }
  for (const kind of FAULT_KINDS) if (best.story.rates[kind] > 0) await attempt({ ...best.story, rates: without(best.story.rates, kind) })
  for (let size = Math.ceil(best.story.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.story.steps.length;) {
      const steps = best.story.steps.filter((_, at) => at < from || at >= from + size)
      if (!(await attempt({ ...best.story, steps }))) from += size
    }
  }
  for (const kind of FAULT_KINDS) if (best.story.rates[kind] > 0) await attempt({ ...best.story, rates: without(best.story.rates, kind) })
  return best
}

const without = (rates: Rates, kind: FaultKind): Rates => ({ ...rates, [kind]: 0 })
