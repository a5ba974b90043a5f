// Where processes run: the engine in one that may end or be stopped in the middle, everything it commits judged at once,
// and its report held against what it did.
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import {
  type Engine,
  type Lease,
  LeaseHeld,
  type PassOptions,
  type RunReport,
  runPass,
  StaleLease,
  StoreError,
  type Store,
} from "@syncline/core"
import { offsetOf } from "./clocks.ts"
import { atCommit, beforeLearning } from "./oracle/at-once.ts"
import { Process, storeOf } from "./process.ts"
import type { World } from "./world.ts"

/** A process is stopped at one of its points, and goes on so much later as if nothing had been. */
export interface Stop {
  readonly at: number
  readonly ms: number
}

export interface Fate {
  readonly crashAt: number | null
  readonly stop?: Stop
}

/** `null`: it ended in the middle, or another has its place now. */
type Ran<A> = { readonly done: A; readonly process: Process } | "held" | null

const MOST_ROWS = 100_000
const LEASE_MS = 61_000
const UNHURT: Fate = { crashAt: null }

/** One pass in a process of its own, which may end in the middle; null: it did. */
export async function hostPass(world: World, options: PassOptions, fate: Fate): Promise<RunReport | null> {
  const beganAt = world.time.now
  world.note(`a pass begins${options.full === true ? ", in full" : ""}`)
  const report = await host(world, (engine) => runPass(engine, options), fate, judgeReport)
  if (report === null) return null
  world.deaths.passEnded(beganAt, report, world.knowledge)
  world.note(`the pass ends: ${report.outcome}${report.unreachable.map((one) => `, ${one.system} ${one.message}`).join("")}`)
  return report
}

type Judge<A> = (world: World, result: A, process: Process) => Promise<void>

/** Anything that the engine does under its lease; who finds it held waits until it must be free. */
export async function host<A, E>(
  world: World,
  work: (engine: Engine) => Effect.Effect<A, E>,
  fate: Fate = UNHURT,
  judge: Judge<A> = () => Promise.resolve(),
): Promise<A | null> {
  world.deaths.begins([...world.wires].flatMap(([name, { outage }]) => (outage === null ? [] : [name])))
  for (let attempt = 0; attempt < 3; attempt++) {
    const ran = await runIn(world, work, fate)
    if (ran === null) return null
    if (ran !== "held") {
      await judge(world, ran.done, ran.process)
      return ran.done
    }
    // whoever restarts a killed process waits for its lease, or knows it to be dead
    await world.time.pass(LEASE_MS)
  }
  world.violate("I16", "the lease is never given back")
  return null
}

export const judgeReport: Judge<RunReport> = async (world, report, { account }) => {
  const wrong = account.misreported(report, await world.ask(world.store.journal({ run: report.run, limit: MOST_ROWS })))
  if (wrong !== null) world.violate("I9", wrong)
  const rude = account.tooManyRetries()
  if (rude !== null) world.violate("I18", rude)
}

async function runIn<A, E>(world: World, work: (engine: Engine) => Effect.Effect<A, E>, fate: Fate): Promise<Ran<A>> {
  let die: () => void = () => undefined
  const death = new Promise<"dead">((resolve) => {
    die = () => resolve("dead")
  })
  let halt: () => void = () => undefined
  const halted = new Promise<"stopped">((resolve) => {
    halt = () => resolve("stopped")
  })
  const process = new Process(fate, {
    now: () => world.time.now,
    onDeath: (what) => {
      world.note(`the process ends ${what}`)
      die()
    },
    onStop: (what) => {
      world.note(`the process is stopped ${what}`)
      halt()
    },
    sending: (system, ops, lease) => world.sending(system, ops, lease),
    violate: (invariant, what) => world.violate(invariant, what),
  })
  const store = storeOf(world.store, process, {
    isBusy: () => world.isBusy(),
    committed: (changes, lease) => committed(world, process, changes, lease),
    erased: (erasure) => {
      world.erasures.push({ erasure, at: world.time.now })
      return world.erasing.erased(world, erasure, world.forgetting)
    },
  })
  const fiber = Effect.runFork(work(engineOf(world, store, process)).pipe(Effect.provideService(Clock.Clock, world.time.clock())))
  const ended = new Promise<Exit.Exit<A, E>>((resolve) => {
    fiber.addObserver(resolve)
  })
  let exit = await world.time.until(Promise.race([ended, death, halted]))
  if (exit === "stopped") {
    await meanwhile(world, fate.stop?.ms ?? 0)
    world.note("the stopped process goes on")
    process.wake()
    exit = await world.time.until(Promise.race([ended, death]))
  }
  if (exit === "dead") {
    await world.time.until(world.ask(Fiber.interrupt(fiber)))
    // who knows the process to be dead may release its lease
    if (process.lease !== null && world.flip()) await world.ask(world.store.release(process.lease))
    return null
  }
  for (const wire of world.wires.values()) wire.ended(process)
  if (Exit.isSuccess(exit)) return { done: exit.value, process }
  const error = Cause.squash(exit.cause)
  if (error instanceof LeaseHeld) return "held"
  if (error instanceof StoreError && world.strains.busyStore === true && error.reason === "locked") {
    process.dead = true
    world.note("the process finds the store locked, says so, and ends")
    return null
  }
  if (error instanceof StaleLease && process.wasStopped) {
    world.note("the process that was stopped finds its place taken")
    return null
  }
  world.violate("defect", `the process dies: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`.slice(0, 900))
  return null
}

/** Others do not wait for a process that is stopped: a second one takes over, if the lease lets it. */
async function meanwhile(world: World, ms: number): Promise<void> {
  await world.time.pass(ms)
  const ran = await runIn(world, (engine) => runPass(engine, {}), UNHURT)
  if (ran !== null && ran !== "held") await judgeReport(world, ran.done, ran.process)
  if (ran === "held" && ms >= LEASE_MS) world.violate("I16", "a lease that ran out is not given to another process")
  if (ran !== "held" && ran !== null && ms < LEASE_MS / 2) world.violate("I16", "a second process works while the first one has its lease")
}

function committed(world: World, process: Process, changes: Parameters<typeof atCommit>[1], lease: Lease): void {
  for (const row of changes.journal)
    world.note(
      `  journal: ${row.kind} ${row.recordId ?? ""} ${row.binding ?? ""} ${row.remoteId ?? ""} ${row.note ?? ""} ${row.changes
        .map(
          (c) =>
            `${c.field}: ${JSON.stringify(c.before)} -> ${JSON.stringify(c.after)}${c.rule === undefined ? "" : ` [${c.rule}; lost ${JSON.stringify(c.lost)}]`}`,
        )
        .join("; ")}`,
    )
  world.commits++
  beforeLearning(world, changes, process.account)
  world.knowledge.learn(changes)
  for (const { kind, run, recordId, binding } of changes.journal) {
    if (kind !== "created" && kind !== "updated" && kind !== "removed") continue
    for (const id of changes.closeIntents) {
      const intent = world.knowledge.intents.get(id)
      if (intent?.recordId === recordId && intent.binding === binding) world.undoing.settled(id, run)
    }
  }
  atCommit(world, changes)
  world.fence(lease)
}

function engineOf(world: World, store: Store, process: Process): Engine {
  return {
    pipeline: world.pipeline,
    connectors: new Map([...world.wires].map(([name, wire]) => [name, wire.connector(process)])),
    clockOffset: (system) => offsetOf(world, system),
    store,
    ids: { next: (prefix) => world.nextId(prefix) },
    now: () => world.time.now,
    random: () => world.random(),
    owner: world.nextOwner(),
  }
}
