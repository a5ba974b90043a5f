// How a story ends: no more edits, no more faults; passes until nothing moves, answers to what is asked, passes again, and
// the oracle looks at what is left. Some stories end in a harder way: one system stays down, or all pages come once more.
import { canonicalText, RESTORED } from "@syncline/core"
import { audit, audited } from "./audit.ts"
import { Desk } from "./desk.ts"
import { NO_FAULTS } from "./faults.ts"
import { hostPass } from "./host.ts"
import { atRest, inStepBesidesDrift, inStepWithout } from "./oracle/at-rest.ts"
import { Chance } from "./random.ts"
import type { World } from "./world.ts"

/** More passes than any calm world needs to settle. */
const MOST_CALM_PASSES = 14
/** As many as those that can be reached need, whatever becomes of the one that cannot. */
const PASSES_WITHOUT_ONE = 6
const ROUNDS_OF_ANSWERS = 4
/** Somebody looked at what the guards stopped, and let it pass. */
const ALLOWED = { allow: { delete: 1_000_000 } } as const

export interface Count {
  passes: number
  crashes: number
}

export async function calmDown(world: World, seed: number, count: Count): Promise<void> {
  if (world.violations.length > 0) return
  world.note("all calm down")
  world.calm = true
  for (const wire of world.wires.values()) {
    wire.rates = NO_FAULTS
    wire.outage = null
    if (wire.limit !== null) wire.limit.open = true
  }
  if (world.twists.driftLasts === true) await withDrift(world, count)
  if (world.violations.length > 0) return
  for (const system of world.systems.values()) {
    if (system.drifts.size > 0) world.flips.calm()
    system.drifts.clear()
    system.dates.ahead = null
  }
  await world.time.pass(3_600_000)
  if (world.extras.oneStaysDown === true) await withoutOne(world, count)
  for (let round = 0; round <= ROUNDS_OF_ANSWERS; round++) {
    await settle(world, count)
    if (world.violations.length > 0) return
    await atRest(world)
    if (world.violations.length > 0) return
    const answered = round === ROUNDS_OF_ANSWERS ? 0 : await new Desk(world).decide(true, new Chance(seed, 10_000 + round))
    if (answered === 0) break
  }
  if (world.audit !== null) {
    await audit(world, world.audit)
    if (world.violations.length > 0) return
    await settle(world, count)
    if (world.violations.length > 0) return
    await atRest(world)
    if (world.violations.length > 0) return
    await audited(world)
  }
  if (world.extras.replay === true) await playAgain(world, count)
}

async function settle(world: World, count: Count): Promise<void> {
  let quiet = 0
  for (let at = 0; at < MOST_CALM_PASSES; at++) {
    await world.time.pass(1_200_000)
    const before = await mark(world)
    count.passes++
    await hostPass(world, { ...(at % 2 === 1 ? { full: true } : {}), ...ALLOWED }, { crashAt: null })
    if ((await world.ask(world.store.systemState(RESTORED))) !== null)
      world.violate("I17", "a pass in which all systems answered does not end the wait of a store that was put back")
    if (world.violations.length > 0) return
    quiet = (await mark(world)) === before ? quiet + 1 : 0
    if (quiet === 3) return
  }
  world.violate("I8", "passes keep writing although nothing happens any more")
}

/** What a quiet pass must not change: one that tries a write, in vain even, is not quiet. */
async function mark(world: World): Promise<string> {
  const [last] = await world.ask(world.store.journal({ limit: 1, newestFirst: true }))
  return `${world.sent}/${world.effects.length}/${last?.seq ?? 0}/${(await world.ask(world.store.openIntents(1_000))).length}`
}

/** I15: a schema that drifted holds what it touches and nothing else. */
async function withDrift(world: World, count: Count): Promise<void> {
  const drifts = [...world.systems.values()].flatMap(({ name, drifts }) =>
    [...drifts.values()].map(({ path, how }) => `${path} of ${name} ${how}`),
  )
  if (drifts.length === 0) return
  world.note(`it stays as it is: ${drifts.join(", ")}`)
  const left = (): number => [...world.systems.values()].reduce((sum, system) => sum + system.drifts.size, 0)
  // one that ends meanwhile is taken in again: all is in step as many passes later
  for (let before = 0; before !== left();) {
    before = left()
    await passOn(world, count)
    if (world.violations.length > 0) return
  }
  if (world.violations.length === 0 && (await world.ask(world.store.systemState(RESTORED))) === null) await inStepBesidesDrift(world)
}

/** I15: a system that is down for long keeps no two others apart. */
async function withoutOne(world: World, count: Count): Promise<void> {
  const down = [...world.wires.values()].at(-1)
  if (down === undefined) return
  down.outage = "down"
  world.note(`${down.system.name} stays down`)
  await passOn(world, count)
  if (world.violations.length > 0) return
  // a store that was put back writes nothing before all systems were read
  if ((await world.ask(world.store.systemState(RESTORED))) === null) await inStepWithout(world, down.system.name)
  down.outage = null
}

async function passOn(world: World, count: Count): Promise<void> {
  for (let at = 0; at < PASSES_WITHOUT_ONE; at++) {
    await world.time.pass(1_200_000)
    count.passes++
    await hostPass(world, { ...(at % 2 === 1 ? { full: true } : {}), ...ALLOWED }, { crashAt: null })
    if (world.violations.length > 0) return
  }
}

/** I7: everything that was ever shown comes once more, in any order: the same state, and no further writes. */
async function playAgain(world: World, count: Count): Promise<void> {
  const before = stateOf(world)
  const effects = world.effects.length
  for (const wire of world.wires.values()) wire.replaysNext = true
  world.note("all that was ever shown is shown once more")
  for (let at = 0; at < 3; at++) {
    count.passes++
    await hostPass(world, ALLOWED, { crashAt: null })
    await world.time.pass(1_200_000)
    if (world.violations.length > 0) return
  }
  if (world.effects.length > effects) world.violate("I7", `${world.effects.length - effects} writes follow from what was shown before`)
  const after = stateOf(world)
  const moved = [...after].find(([id, text]) => before.get(id) !== text)
  if (moved !== undefined) world.violate("I7", `${moved[0]} is ${moved[1]} after a replay, and was ${before.get(moved[0]) ?? "nothing"}`)
}

/** What everybody knows about everybody, but for when it was seen. */
function stateOf(world: World): ReadonlyMap<string, string> {
  const { records, links } = world.knowledge
  return new Map([
    ...[...records.values()].map(({ id, fields, deleted }) => [id, canonicalText([fields, deleted !== null])] as const),
    ...[...links.values()].map(
      ({ id, state, remoteId, owed, owes }) =>
        [id, canonicalText([state, state === "gone" ? null : remoteId, Object.keys(owed), owes])] as const,
    ),
  ])
}
