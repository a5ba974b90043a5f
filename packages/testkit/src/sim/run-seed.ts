// One seed from beginning to end: the script is played, then everything calms down, and the oracle looks at what is left.
import { createHash } from "node:crypto"
import type { Store } from "@syncline/core"
import { calmDown, type Count } from "./calm.ts"
import { withChores } from "./chores.ts"
import { Desk } from "./desk.ts"
import { crowded, drawExtras, drawHectic, drawWide, EXTRA_KINDS, haunted, HECTIC_KINDS, hurried, withExtras } from "./extras.ts"
import { drawRates, FAULT_KINDS, flaky, inDoubt, type FaultKind, type Rates } from "./faults.ts"
import { hostPass } from "./host.ts"
import { Operator } from "./operator.ts"
import { withSafety } from "./safety/draw.ts"
import { setTrap } from "./trap.ts"
import { Chance } from "./random.ts"
import { drawScript, type Step } from "./script.ts"
import { drawSetting } from "./setup.ts"
import { drawStrains, STRAIN_KINDS, strainedSteps } from "./strains.ts"
import { twisted } from "./twists.ts"
import type { Plot, Violation } from "./world.ts"
import { World } from "./world.ts"

export interface Story extends Plot {
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

/** A long story is one of its own: it does not begin as the short one of the same seed does. */
export function drawStory(seed: number, isLong = false): Story {
  const chance = new Chance(seed)
  const rare = new Chance(seed, 7)
  const hectic = new Chance(seed, 10)
  const wide = new Chance(seed, 14)
  const extras = seed < FIRST_WITH_EXTRAS ? {} : { ...drawExtras(rare), ...drawHectic(hectic), ...drawWide(wide) }
  const setting = drawSetting(chance, extras)
  const drawn = drawRates(chance)
  const doubtful = extras.doubt === true ? inDoubt(drawn) : drawn
  const rates = extras.flaky === true ? flaky(doubtful) : doubtful
  const steps = withExtras(drawScript(chance, Object.keys(setting.shapes), isLong), extras, rare)
  const hasty = extras.rivals === true || extras.doubt === true ? hurried(steps, hectic) : steps
  const systems = Object.keys(setting.shapes)
  const full = extras.crowd === true ? crowded(hasty, systems, wide) : hasty
  const paced = extras.revenants === true ? haunted(full, systems, wide) : full
  if (seed < FIRST_WITH_EXTRAS) return { seed, setting, rates, extras, steps: paced }
  const strains = drawStrains(seed)
  const own = twisted(seed, { setting, steps: withSafety(seed, withChores(paced, new Chance(seed, 8))) })
  return { seed, rates, extras, strains, ...own, steps: strainedSteps(seed, own.steps, strains) }
}

/** Lower seeds tell plain stories. */
const FIRST_WITH_EXTRAS = 1_000

export async function runStory(story: Story, openStore: OpenStore): Promise<Verdict> {
  const store = await openStore()
  const world = new World(story, store)
  const count = { passes: 0, crashes: 0 }
  const release = setTrap((what) => world.violate("I19", what))
  try {
    await play(world, story, count)
    await calmDown(world, story.seed, count)
    const polluted = Object.keys(Object.prototype)
    if (polluted.length > 0) world.violate("I20", `every object has ${polluted.join(", ")} now`)
  } catch (error) {
    world.violate("defect", error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  release()
  await world.ask(world.store.close())
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

async function play(world: World, story: Story, count: Count): Promise<void> {
  const desk = new Desk(world)
  const operator = new Operator(world, story.seed, count)
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
      case "drift":
        drift(world, step)
        break
      case "setBack":
        setBack(world, step)
        break
      case "deed": {
        const roll = new Chance(story.seed, 20_000 + step.n)
        if (step.deed === "ponder") await desk.ponder(roll)
        else if (step.deed === "answerMany") await desk.decideMany(roll)
        else await desk.answerLate(roll)
        break
      }
      case "chore":
        await operator.does(step)
        break
      case "act": {
        if (step.act === "decide") await desk.decide(false, new Chance(story.seed, 100 + step.n))
        else if (step.act === "retry") await desk.retryQuarantined()
        else {
          const act = (): void => {
            const told = world.people.act(step)
            world.flips.calm()
            for (const person of [step.person, step.other]) world.flips.begin(person)
            if (told !== null) world.note(`[${step.n}] ${told}`)
          }
          if (step.afterMs === 0) act()
          else world.time.at(world.time.now + step.afterMs, act)
        }
        break
      }
      case "pass": {
        count.passes++
        const options = { ...(step.full ? { full: true } : {}), ...(step.patient ? { patient: true } : {}) }
        const report = await hostPass(world, options, { crashAt: step.crashAt, ...(step.stop === undefined ? {} : { stop: step.stop }) })
        if (report === null) count.crashes++
      }
    }
    if (world.violations.length > 0) return
  }
}

/**
 * Where versions are times, a copy from before says that it is newer than what came after: nobody can tell, and where there
 * are late copies the clock stays as it is.
 */
function setBack(world: World, { system: name, ms }: Extract<Step, { kind: "setBack" }>): void {
  const system = world.system(name)
  const { version, lagById, lagDelta } = system.shape
  const { staleCopies, replay } = world.extras
  if (version === "timestamp" && (lagById + lagDelta > 0 || staleCopies === true || replay === true)) return
  system.setBack(ms)
  world.note(`the clock of ${name} is set back by ${ms} ms`)
}

function drift(world: World, { system: name, drift: how, afterMs, ms }: Extract<Step, { kind: "drift" }>): void {
  const system = world.system(name)
  world.time.at(world.time.now + afterMs, () => {
    if (world.calm) return
    world.note(`${name}: ${how.path} is ${how.how} there for ${ms} ms`)
    system.drifts.set(how.path, how)
    if (how.how !== "retyped") world.knowledge.vanishes(system, how.path)
  })
  world.time.at(world.time.now + afterMs + ms, () => {
    if (!system.drifts.delete(how.path)) return
    // what a field shows once it is there again is as good as typed
    world.flips.calm()
    world.note(`${name}: ${how.path} is as it was`)
  })
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
  for (const kind of [...EXTRA_KINDS, ...HECTIC_KINDS])
    if (best.story.extras?.[kind] === true) await attempt({ ...best.story, extras: { ...best.story.extras, [kind]: false } })
  for (const kind of STRAIN_KINDS) {
    const { [kind]: own, ...strains } = best.story.strains ?? {}
    if (own === true) await attempt({ ...best.story, strains })
  }
  return best
}

const without = (rates: Rates, kind: FaultKind): Rates => ({ ...rates, [kind]: 0 })
