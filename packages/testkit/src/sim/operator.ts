// Whoever operates the engine: takes back what runs wrote. Works from the command line, so each thing that is done is a process
// of its own, which may end in the middle.
import { RESTORED, undoPlan, undoRun } from "@syncline/core"
import type { Count } from "./calm.ts"
import { type Fate, host, judgeReport } from "./host.ts"
import { Chance } from "./random.ts"
import { repair, verify } from "./safety/compare.ts"
import { Eraser } from "./safety/eraser.ts"
import { Planner } from "./safety/planner.ts"
import { Restorer } from "./safety/restorer.ts"
import { Remapper } from "./safety/remapper.ts"
import type { Step } from "./script.ts"
import type { World } from "./world.ts"

type Chore = Extract<Step, { kind: "chore" }>

export class Operator {
  private readonly world: World
  private readonly seed: number
  private readonly count: Count
  private readonly eraser: Eraser
  private readonly remapper: Remapper
  private readonly restorer: Restorer
  private readonly planner: Planner
  private undone: string | null = null

  constructor(world: World, seed: number, count: Count) {
    this.world = world
    this.seed = seed
    this.count = count
    this.eraser = new Eraser(world)
    this.remapper = new Remapper(world)
    this.restorer = new Restorer(world)
    this.planner = new Planner(world)
  }

  async does(step: Chore): Promise<void> {
    const roll = new Chance(this.seed, 30_000 + step.n)
    const fate: Fate = { crashAt: step.crashAt }
    switch (step.chore) {
      case "undo":
        this.undone = this.someRun(roll)
        if (this.undone === null) return
        if (roll.is(0.3)) await this.planUndo(this.undone)
        return this.undo(this.undone, fate)
      case "undoAgain":
        if (this.undone !== null) await this.undo(this.undone, fate)
        return
      case "audit":
        this.world.audit = new Chance(this.seed, 30_000 + step.n)
        return
      case "verify":
        return this.crashed((await verify(this.world, fate)) === null)
      case "repair":
        return this.crashed(!(await repair(this.world, fate)))
      case "forget":
        return this.crashed(!(await this.eraser.forget(roll, fate)))
      case "forgetAgain":
        return this.crashed(!(await this.eraser.again(fate)))
      case "unmap":
        return this.remapper.remap(roll, "drop")
      case "remap":
        return this.remapper.remap(roll, "any")
      case "refilter":
        return this.remapper.refilter(roll)
      case "backup":
        return this.restorer.keep()
      case "restore":
        return this.restorer.restore()
      case "plan":
        return this.crashed(!(await this.planner.plan(fate)))
      case "apply":
        return this.crashed(!(await this.planner.apply(fate)))
    }
  }

  private crashed(really: boolean): void {
    if (really) this.count.crashes++
  }

  /** One that wrote something: mostly the last. */
  private someRun(roll: Chance): string | null {
    const { world } = this
    const runs = [...new Set(world.effects.flatMap((effect) => world.undoing.runOf(world, effect) ?? []))]
    const last = runs.at(-1)
    return last === undefined || roll.is(0.6) ? (last ?? null) : roll.of(runs)
  }
  private async planUndo(run: string): Promise<void> {
    const { world } = this
    const before = await this.lastRow()
    world.note(`ann asks what an undo of ${run} would do`)
    await host(world, (engine) => undoPlan(engine, run))
    if ((await this.lastRow()) !== before) world.violate("undo", `to plan the undo of ${run} wrote into the journal`)
  }
  private async undo(run: string, fate: Fate): Promise<void> {
    const { world } = this
    const beganAt = world.time.now
    world.note(`ann undoes ${run}`)
    world.flips.calm()
    world.undoing.begins(world)
    const done = await host(
      world,
      (engine) => undoRun(engine, run),
      fate,
      (_, { report }, process) => judgeReport(world, report, process),
    )
    if (done === null) {
      this.count.crashes++
      return
    }
    world.deaths.passEnded(beganAt, done.report, world.knowledge)
    for (const action of done.undo.actions) world.note(`  undo: ${JSON.stringify(action)}`)
    for (const action of done.undo.failed) world.note(`  failed: ${JSON.stringify(action)}`)
    for (const action of done.undo.open) world.note(`  open: ${JSON.stringify(action)}`)
    world.note(`the undo of ${run} ends: ${done.report.outcome}`)
    // a store that was put back waits for systems that were not read yet, and says so
    const waits = done.undo.waits !== null && (await world.ask(world.store.systemState(RESTORED))) !== null
    for (const wrong of waits ? [] : world.undoing.judge(world, done.undo)) world.violate("undo", wrong)
  }
  private async lastRow(): Promise<number> {
    const [last] = await this.world.ask(this.world.store.journal({ limit: 1, newestFirst: true }))
    return last?.seq ?? 0
  }
}
