// Comparisons and repairs in the middle of a story. A comparison writes nothing anywhere and leaves nothing out: whatever
// has stood still in a system and differs from its record is named, and nothing is missing that was there all the time.
import { equal, LensFailure, type Link, repairAll, type VerifyReport, verifyAll } from "@syncline/core"
import { type Fate, host, judgeReport } from "../host.ts"
import { presentOf, type Row } from "../system.ts"
import { plain } from "../words.ts"
import type { World } from "../world.ts"
import { traceless } from "./traceless.ts"

/** Null: the process ended in the middle. */
export async function verify(world: World, fate: Fate): Promise<VerifyReport | null> {
  world.note("ann has all systems compared")
  const beganAt = world.time.now
  const drifted = driftedNow(world)
  const report = await traceless(world, "a comparison", () => host(world, (engine) => verifyAll(engine), fate))
  if (report === null) return null
  for (const { cause, binding, remoteId, field, note } of report.differences)
    world.note(`  verify: ${cause} in ${binding} ${remoteId ?? ""} ${field ?? ""} (${note})`)
  for (const name of driftedNow(world)) drifted.add(name)
  judge(world, report, beganAt, drifted)
  return report
}

export async function repair(world: World, fate: Fate): Promise<boolean> {
  world.note("ann has all systems compared and repaired")
  const beganAt = world.time.now
  world.flips.calm()
  const done = await host(
    world,
    (engine) => repairAll(engine),
    fate,
    (_, { run }, process) => judgeReport(world, run, process),
  )
  if (done === null) return false
  world.deaths.passEnded(beganAt, done.run, world.knowledge)
  for (const { cause, binding, remoteId, field, note } of done.found.differences)
    world.note(`  found: ${cause} in ${binding} ${remoteId ?? ""} ${field ?? ""} (${note})`)
  world.note(`the repair ends: ${done.run.outcome}`)
  return true
}

const driftedNow = (world: World): Set<string> =>
  new Set([...world.systems.values()].flatMap(({ name, drifts }) => [...drifts.keys()].map((path) => `${name}/${path}`)))

function judge(world: World, report: VerifyReport, beganAt: number, drifted: ReadonlySet<string>): void {
  if (report.unlisted > 0) return
  for (const link of world.knowledge.links.values()) {
    const row = steadyRow(world, link, report, beganAt)
    if (row === null) continue
    const own = report.differences.filter(({ binding, recordId }) => binding === link.binding && recordId === link.recordId)
    const [missing] = own.filter(({ cause }) => cause === "missing")
    if (missing !== undefined && presentOf(row).state === "live")
      world.violate("verify", `${row.uid} stood there all the time, and is said to be missing: ${missing.note}`)
    if (own.some(({ field }) => field === null)) continue
    for (const name of differing(world, link, row, drifted))
      if (!own.some(({ field }) => field === name))
        world.violate(
          "verify",
          `${name} of ${row.uid} is ${JSON.stringify(presentOf(row).item[name])}, its record has ${JSON.stringify(world.knowledge.records.get(link.recordId)?.fields[name])}, and a comparison does not say so`,
        )
  }
}

/** The item of a link that can be told for sure and was all the time as it is, in a system that showed everything as it was. */
function steadyRow(world: World, link: Link, report: VerifyReport, beganAt: number): Row | null {
  const [name = ""] = link.binding.split(".")
  const { shape } = world.system(name)
  const wire = world.wires.get(name)
  const blind = (wire?.outage ?? null) !== null || report.unreachable.some(({ system }) => system === name)
  const whole = report.compared.some(({ binding, complete }) => binding === link.binding && complete)
  if (blind || !whole || shape.lagDelta + shape.lagById > 0 || (shape.id === "address" && !shape.secondary)) return null
  if (link.state !== "live" || link.remoteId === null || world.knowledge.records.get(link.recordId)?.deleted !== null) return null
  const row = world.knowledge.rowOf(link)
  return row === undefined || presentOf(row).since >= beganAt || presentOf(row).state !== "live" || presentOf(row).id !== link.remoteId
    ? null
    : row
}

/** Fields in which the item is not what its record says, and could be. */
function* differing(world: World, link: Link, row: Row, drifted: ReadonlySet<string>): Generator<string> {
  const binding = world.pipeline.entities.flatMap(({ bindings }) => bindings).find(({ key }) => key === link.binding)
  const record = world.knowledge.records.get(link.recordId)
  const { item } = presentOf(row)
  for (const field of binding?.fields ?? []) {
    if (field.direction !== "both" || field.name in link.means || field.reads.some((path) => drifted.has(`${binding?.system}/${path}`)))
      continue
    const there = field.get(item)
    const value = record?.fields[field.name] ?? null
    if (there instanceof LensFailure || equal(there, value) || plain(there) === plain(value)) continue
    const put = field.put(value, item)
    if (put instanceof LensFailure || Object.keys(put).length > 0) yield field.name
  }
}
