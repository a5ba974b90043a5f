// Plans that are made, kept and carried out later: exactly the planned writes, or none. What an apply sends is held against
// its plan as it is sent; what it sent, against its own account of it.
import { applyPlan, canonicalText, type Plan, planPass, type PlannedWrite } from "@syncline/core"
import type { Op } from "@syncline/connector"
import { type Fate, host, judgeReport } from "../host.ts"
import type { SimSystem } from "../system.ts"
import type { World } from "../world.ts"
import { traceless } from "./traceless.ts"

export class Planner {
  private readonly world: World
  private kept: Plan | null = null

  constructor(world: World) {
    this.world = world
  }

  /** False: the process ended in the middle. */
  async plan(fate: Fate): Promise<boolean> {
    const { world } = this
    world.note("ann has a plan made")
    const plan = await traceless(world, "a plan", () => host(world, (engine) => planPass(engine), fate))
    if (plan === null) return false
    for (const write of plan.writes) world.note(`  planned: ${write.kind} ${write.remoteId ?? "new"} ${JSON.stringify(write.set)}`)
    this.kept = plan
    return true
  }
  async apply(fate: Fate): Promise<boolean> {
    const { world, kept } = this
    if (kept === null) return true
    world.note("ann applies the plan")
    const beganAt = world.time.now
    world.flips.calm()
    const left = [...kept.writes]
    const sent = new Set<string>()
    const before = world.sent
    world.watchSent = (system, op) => {
      // a try that is repeated is the same write
      if (sent.has(op.ref)) return
      sent.add(op.ref)
      const at = left.findIndex((write) => isOf(write, system, op))
      if (at < 0)
        world.violate(
          "plan",
          `an apply sends ${op.kind} ${op.id ?? "new"} ${JSON.stringify(op.set)} to ${system.name}, which is not in its plan`,
        )
      else left.splice(at, 1)
    }
    const done = await host(
      world,
      (engine) => applyPlan(engine, kept),
      fate,
      async (_, applied, process) => {
        if (applied.applied) await judgeReport(world, applied.report, process)
      },
    )
    world.watchSent = null
    if (done === null) return false
    if (done.applied) world.deaths.passEnded(beganAt, done.report, world.knowledge)
    world.note(done.applied ? `the plan is applied: ${done.report.outcome}` : `the plan is not applied: ${done.moved.join("; ")}`)
    if (!done.applied && world.sent > before)
      world.violate("plan", `${world.sent - before} writes of a plan that is said not to be applied`)
    return true
  }
}

/** An item that is made in the same pass has no id that a plan could know. */
function isOf(write: PlannedWrite, { name }: SimSystem, op: Op): boolean {
  if (write.system !== name || write.kind !== op.kind || canonicalText(write.set) !== canonicalText(op.set)) return false
  return write.remoteId === op.id || write.remoteId?.startsWith("planned-") === true
}
