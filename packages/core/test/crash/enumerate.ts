// Kills a process at every point of a scenario, lets the next ones finish, and compares with a world where nobody died.
// In: a scenario and how to open a store. Out: how many points there were, and each end that was not the same.
import { runPass } from "../../src/run/index.ts"
import type { Store } from "../../src/store/index.ts"
import { World, type WorldSpec } from "../fake-system/world.ts"
import { live, type Death } from "./mortal.ts"
import { actOf, type Act, type Scenario } from "./scenario.ts"

export type OpenStore = () => Promise<Store>

export interface Counted {
  readonly points: number
  readonly deaths: number
  readonly wrong: readonly string[]
}

/** Passes after the end, each after every deadline: enough for all that is owed. */
const PASSES = 3

interface Stage {
  readonly world: World
  readonly act: Act
  /** Of the processes after the first. */
  readonly next: Act
}

async function stage(scenario: Scenario, open: OpenStore): Promise<Stage> {
  const world = new World(scenario.spec, await open())
  const act = await actOf(scenario, world)
  world.wait(1_000)
  const pass: Act = (engine) => runPass(engine, scenario.options)
  if (scenario.remapped === undefined) return { world, act, next: scenario.next === "pass" ? pass : act }
  const { pipeline } = new World(remappedSpec(scenario)).engine
  const remapped: Act = (engine) => pass({ ...engine, pipeline })
  return { world, act: remapped, next: remapped }
}

const specs = new WeakMap<Scenario, WorldSpec>()
function remappedSpec(scenario: Scenario): WorldSpec {
  const spec = specs.get(scenario) ?? { ...scenario.spec, ...scenario.remapped }
  specs.set(scenario, spec)
  return spec
}

/** One process: until it is done, or until it dies. What it reached. `sure`: the death must happen. */
async function once(world: World, act: Act, death: Death | null, sure = true): Promise<readonly string[]> {
  const life = live(world, death)
  await world.effect(act(life.engine)).catch((error: unknown) => {
    if (!life.died()) throw error
  })
  const died = life.died()
  if (died !== (death !== null) && (died || sure)) throw new Error(`point ${death?.at ?? 0} was ${died ? "" : "not "}reached`)
  world.store = life.left()
  return life.points
}

/** The next processes, until nothing is left to do. */
async function finish(it: Stage, passes = PASSES): Promise<string> {
  for (let i = 0; i < passes; i++) {
    it.world.wait(600_000)
    await once(it.world, it.next, null)
  }
  return ending(it.world)
}

/** All that a user, or whoever looks at the store, can see: without ids, times and the journal. */
async function ending(world: World): Promise<string> {
  const systems = Object.entries(world.systems).map(([name, system]) => {
    const rows = [...system.rows.values()].map((row) => `${row.deleted ? "deleted " : ""}${canonical(row.item)}`)
    return [name, rows.toSorted()]
  })
  const reviews = (await world.reviews()).map((review) => [
    review.kind,
    review.field,
    review.sides.map((side) => `${side.system} ${JSON.stringify(side.value)}`).toSorted(),
  ])
  const quarantine = (await world.quarantined()).map((entry) => [entry.binding, entry.field, entry.direction, entry.reason])
  const records = await world.records()
  const links = await world.links()
  const kept = records.map((record) => [
    canonical(record.fields),
    links
      .filter((link) => link.recordId === record.id)
      .map(
        (link) => `${link.binding} ${link.state} ${link.remoteId === null ? "nowhere" : "there"} owes ${link.owes ?? canonical(link.owed)}`,
      )
      .toSorted(),
  ])
  const open = (await world.intents()).map((intent) => intent.kind)
  return JSON.stringify({ systems, reviews: sorted(reviews), quarantine: sorted(quarantine), records: sorted(kept), open }, null, 1)
}

const sorted = (rows: readonly unknown[]): readonly string[] => rows.map((row) => JSON.stringify(row)).toSorted()
const canonical = (values: object): string => {
  const own = Object.entries(values).filter(([name, value]) => name !== "uid" && value !== null && value !== undefined)
  return JSON.stringify(Object.fromEntries(own.toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

const withoutReviews = (end: string): string => JSON.stringify({ ...(JSON.parse(end) as object), reviews: [] })

const isCall = (name: string): boolean => name.includes(" ")

/** Every death of a life with these points; a tail is lost where a call may have had an effect that nobody remembers. */
export function deathsOf(points: readonly string[]): readonly Death[] {
  let tail = 0
  return points.flatMap((name, index): Death[] => {
    const at = index + 1
    if (!isCall(name)) tail = at
    const lost: Death[] = isCall(name) && tail > 0 ? [{ at, when: "lost tail", tail }] : []
    return [{ at, when: "before" }, { at, when: "after" }, ...lost]
  })
}

const told = (death: Death, points: readonly string[]): string => `${death.when} ${death.at}, ${points[death.at - 1] ?? "?"}`

/** `again`: of every so many deaths, the next process dies too, at each of its points in turn. */
export async function enumerate(scenario: Scenario, open: OpenStore, again: number): Promise<Counted> {
  const reference = await stage(scenario, open)
  const points = await once(reference.world, reference.act, null)
  const blurred = scenario.blurred ?? ((ending: string): string => ending)
  const expected = blurred(await finish(reference))
  /** Without what `synchronous = FULL` rules out, the end is the same; with it, a person may be asked more. */
  const same = (end: string, death: Death): boolean =>
    blurred(end) === expected || (death.when === "lost tail" && withoutReviews(end) === withoutReviews(expected))
  const wrong: string[] = []
  let deaths = 0
  for (const [index, death] of deathsOf(points).entries()) {
    if (scenario.wholeTail === true && death.when === "lost tail") continue
    deaths++
    const it = await stage(scenario, open)
    await once(it.world, it.act, death)
    it.world.wait(600_000)
    const recovery = await once(it.world, it.next, null)
    const end = await finish(it, PASSES - 1)
    if (!same(end, death)) wrong.push(`${told(death, points)}:\n${difference(expected, end)}`)
    if (index % again !== 0) continue
    // the second ends at one point of its own each time, so that in all every part of a recovery is hit
    const seconds = deathsOf(recovery).filter(({ when }) => when !== "lost tail" || scenario.wholeTail !== true)
    const second = seconds[(index / again) % seconds.length]
    if (second === undefined) continue
    deaths++
    const twice = await stage(scenario, open)
    await once(twice.world, twice.act, death)
    twice.world.wait(600_000)
    await once(twice.world, twice.next, second, false)
    const last = await finish(twice)
    if (!same(last, death) && !same(last, second))
      wrong.push(`${told(death, points)}; then ${told(second, recovery)}:\n${difference(expected, last)}`)
  }
  return { points: points.length, deaths, wrong }
}

function difference(expected: string, end: string): string {
  const [left, right] = [expected.split("\n"), end.split("\n")]
  return [
    ...left.filter((line) => !right.includes(line)).map((line) => `  - ${line.trim()}`),
    ...right.filter((line) => !left.includes(line)).map((line) => `  + ${line.trim()}`),
  ].join("\n")
}
