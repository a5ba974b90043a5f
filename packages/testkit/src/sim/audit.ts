// Silent corruption, planted once all is quiet: a value that changes, a write that is lost, an item that vanishes, and no
// version, time or log of the system says so. A full comparison must name each of them and nothing else, and a repair must
// bring all of them to an end. Entered and left with a quiet world.
import { type Binding, canonicalText, type Cause, type Difference, repairAll, type VerifyReport, verifyAll } from "@syncline/core"
import { host } from "./host.ts"
import type { Chance } from "./random.ts"
import { presentOf, type Row, type SimSystem, type Version } from "./system.ts"
import { plain } from "./words.ts"
import type { World } from "./world.ts"

interface Planted {
  readonly system: SimSystem
  readonly row: Row
  readonly id: string
  /** null: the item as a whole. */
  readonly path: string | null
  readonly causes: readonly Cause[]
  readonly what: string
}

const PATHS = ["name", "note", "phone"] as const
/** What people or policies wait for, and what is known and on its way: no fault of anybody. */
const KNOWN: readonly Cause[] = ["held", "owed", "mapping", "drift"]
const SETTLED_MS = 1_200_000

export async function audit(world: World, chance: Chance): Promise<void> {
  await world.time.pass(SETTLED_MS)
  const before = await compare(world)
  if (before === null) return
  for (const each of before.differences) if (!KNOWN.includes(each.cause)) world.violate("verify", `a quiet world: ${tell(each)}`)
  if (world.violations.length > 0) return
  const planted = plant(world, chance, before)
  for (const { what } of planted) world.note(what)
  world.flips.calm()
  await world.time.pass(SETTLED_MS)
  const found = await compare(world)
  if (found === null) return
  judge(world, planted, before, found)
  if (world.violations.length > 0) return
  world.note("ann has it repaired")
  const beganAt = world.time.now
  const repaired = await host(world, (engine) => repairAll(engine))
  // what lags shows what was so before the repair
  const lags = [...world.systems.values()].some(({ shape }) => shape.lagDelta + shape.lagById > 0)
  for (const each of lags ? [] : (repaired?.left.differences ?? []))
    if (!KNOWN.includes(each.cause) && !isAutomatedSince(world, each, beganAt))
      world.violate("verify", `left after a repair: ${tell(each)}`)
}

/** An automation made something else of what the repair wrote: that happened behind it, and is news for the next pass. */
const isAutomatedSince = (world: World, { system, remoteId, field, actual }: Difference, beganAt: number): boolean => {
  const row = remoteId === null ? undefined : world.system(system).byId(remoteId)
  const automations = world.twists.automations ?? []
  return (
    row !== undefined &&
    presentOf(row).since >= beganAt &&
    automations.some((one) => one.system === system && one.field === field && one.value === actual)
  )
}

/** Once all is quiet again nothing is left of it. */
export async function audited(world: World): Promise<void> {
  await world.time.pass(SETTLED_MS)
  for (const each of (await compare(world))?.differences ?? [])
    if (!KNOWN.includes(each.cause)) world.violate("verify", `long after a repair: ${tell(each)}`)
}

async function compare(world: World): Promise<VerifyReport | null> {
  world.note("ann has all systems compared")
  const report = await host(world, (engine) => verifyAll(engine))
  for (const each of report?.differences ?? []) world.note(`  verify: ${tell(each)}`)
  return report
}

const tell = ({ cause, binding, remoteId, field, record, seen, actual, note }: VerifyReport["differences"][number]): string =>
  `${cause} in ${binding} ${remoteId ?? ""} ${field ?? ""}: ours ${JSON.stringify(record)}, seen ${JSON.stringify(seen)}, there ${JSON.stringify(actual)} (${note})`

/** One corruption for each of some items that nobody is asked about, in a field that is not held for its whole system. */
function plant(world: World, chance: Chance, { differences }: VerifyReport): readonly Planted[] {
  const { knowledge } = world
  const heldIn = (system: string): ReadonlySet<string | null> =>
    new Set(differences.filter((each) => each.cause === "drift" && each.system === system).map(({ field }) => field))
  const held = new Set([...knowledge.links.values()].filter((link) => link.blocked !== null).map((link) => link.recordId))
  for (const review of knowledge.reviews.values())
    if (review.status === "open") for (const id of [review.recordId, ...review.candidates]) if (id !== null) held.add(id)
  const links = [...knowledge.links.values()].filter(
    (link) => link.state === "live" && link.remoteId !== null && !held.has(link.recordId) && Object.keys(link.owed).length === 0,
  )
  const records = new Set<string>()
  const planted: Planted[] = []
  for (const link of chance.shuffled(links)) {
    const system = world.system(link.binding.split(".")[0] ?? "")
    const row = knowledge.rowOf(link)
    if (row === undefined || presentOf(row).state !== "live" || records.has(link.recordId) || planted.length === MOST) continue
    const one = corrupt(world, system, row, chance, `x${planted.length + 1}`, heldIn(system.name))
    if (one === null) continue
    records.add(link.recordId)
    planted.push(one)
  }
  return planted
}

const MOST = 3

function corrupt(
  world: World,
  system: SimSystem,
  row: Row,
  chance: Chance,
  word: string,
  drifted: ReadonlySet<string | null>,
): Planted | null {
  const { id, item } = presentOf(row)
  const kind = chance.of(["value", "value", "write", "item"] as const)
  const about = { system, row, id }
  if (kind === "item") {
    // where nothing else is there, nobody can tell a system that lost one item from one that shows none
    const siblings = system.live().filter((other) => other !== row)
    const sure = system.shape.id === "opaque" || system.shape.secondary
    if (siblings.length === 0 || !sure) return null
    row.versions.push({ ...presentOf(row), since: world.time.now, state: "gone", author: { by: "user" } })
    return { ...about, path: null, causes: ["missing"], what: `${system.name}: ${row.uid} vanishes without a trace` }
  }
  if (kind === "write") {
    const last = world.effects.findLast((effect) => effect.row === row && effect.kind === "update" && !world.lost.has(effect))
    const path =
      last === undefined
        ? undefined
        : PATHS.find((each) => each in last.op.set && world.pipeline.entities.some(({ bindings }) => isMapped(bindings, system.name, each)))
    const present = presentOf(row)
    if (last === undefined || last.before === null || path === undefined || present !== last.after || drifted.has(path)) return null
    // what nobody had seen there before it was written over is no older value of ours
    const intent = world.knowledge.intents.get(last.op.ref)
    if (canonicalText(intent?.seen?.[path] ?? null) !== canonicalText(last.before.item[path] ?? null)) return null
    if (plain(last.before.item[path]) === plain(item[path])) return null
    // nor can anybody tell a field that one item lost from one that is gone there, where no other shows it
    const has = (other: Row): boolean => other !== row && path in system.shows(presentOf(other).item)
    if (!(path in system.shows({ [path]: last.before.item[path] ?? null })) && !system.live().some(has)) return null
    loseWrite(world, system, row, path, last.before)
    const sure = system.shape.version !== "none"
    // without a version it may be taken for an edit, by somebody who had the lost value before his eyes
    if (!sure) world.knowledge.replaced.add(`${path}/${plain(item[path])}`)
    return {
      ...about,
      path,
      causes: sure ? ["lost_write"] : ["lost_write", "edited_outside"],
      what: `${system.name}: ${row.uid} loses what was written to ${path}`,
    }
  }
  const mapped = PATHS.filter((each) => world.pipeline.entities.some(({ bindings }) => isMapped(bindings, system.name, each)))
  if (mapped.length === 0) return null
  const path = chance.of(mapped)
  if (drifted.has(path)) return null
  world.knowledge.typed.add(word)
  world.knowledge.replaced.add(`${path}/${plain(item[path])}`)
  row.versions.push({ ...presentOf(row), since: world.time.now, item: { ...item, [path]: word }, author: { by: "user" } })
  return { ...about, path, causes: ["edited_outside"], what: `${system.name}: ${path} of ${row.uid} becomes ${word} without a trace` }
}

/** The item is as it was before the write, and where no version says otherwise, so are its times. */
function loseWrite(world: World, { shape }: SimSystem, row: Row, path: string, before: Version): void {
  const present = presentOf(row)
  const fieldAt = { ...present.fieldAt, [path]: before.fieldAt[path] ?? before.at }
  const item = { ...present.item, [path]: before.item[path] ?? null }
  const times = shape.version === "none" ? { at: before.at, fieldAt } : {}
  row.versions.push({ ...present, ...times, since: world.time.now, item, author: { by: "user" } })
}

function judge(world: World, planted: readonly Planted[], before: VerifyReport, found: VerifyReport): void {
  const known = new Set(before.differences.map(keyOf))
  const fits = (one: Planted, each: VerifyReport["differences"][number]): boolean =>
    each.system === one.system.name && each.remoteId === one.id && each.field === one.path
  for (const one of planted) {
    const own = found.differences.filter((each) => fits(one, each))
    if (!own.some(({ cause }) => one.causes.includes(cause)))
      world.violate("verify", `${one.what}, and a comparison finds ${own.map(tell).join("; ") || "nothing"}`)
    const { version } = one.system.shape
    if (one.path !== null && version !== "none" && own.some((each) => !each.silent))
      world.violate("verify", `${one.what}, and a comparison does not say that it happened silently`)
  }
  for (const each of found.differences)
    if (!known.has(keyOf(each)) && !planted.some((one) => fits(one, each)))
      world.violate("verify", `nothing was done, and yet: ${tell(each)}`)
}

const isMapped = (bindings: readonly Binding[], system: string, path: string): boolean =>
  bindings.some((binding) => binding.system === system && binding.fields.some(({ reads }) => reads.includes(path)))

const keyOf = ({ cause, binding, remoteId, recordId, field }: VerifyReport["differences"][number]): string =>
  JSON.stringify([cause, binding, remoteId, recordId, field])
