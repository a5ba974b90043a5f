// One seed at work: systems, wires, people, store and process, and everything that is told to the oracle on the way.
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import {
  canonicalText,
  type Decision,
  type Engine,
  type Lease,
  LeaseHeld,
  type PassOptions,
  type Pipeline,
  type RunReport,
  runPass,
  type Store,
} from "@syncline/core"
import { choiceFor } from "./decider.ts"
import type { Rates } from "./faults.ts"
import { Knowledge } from "./knowledge.ts"
import { atCommit, atEffect, beforeLearning } from "./oracle/at-once.ts"
import { Answers } from "./oracle/decisions.ts"
import { Flips } from "./oracle/flips.ts"
import type { PassAccount } from "./oracle/pass-account.ts"
import { Deaths } from "./oracle/returns.ts"
import { People } from "./people.ts"
import { Process, storeOf } from "./process.ts"
import { Chance } from "./random.ts"
import type { Setting } from "./setup.ts"
import { compile } from "./setup.ts"
import { type Effect as Written, type Row, SimSystem } from "./system.ts"
import { Timeline } from "./timeline.ts"
import { Wire } from "./wire.ts"

export interface Violation {
  readonly invariant: string
  readonly what: string
}

const MOST_ROWS = 100_000

const START = Date.UTC(2026, 0, 5, 8)

export class World {
  readonly time = new Timeline(START)
  readonly setting: Setting
  readonly pipeline: Pipeline
  readonly systems: ReadonlyMap<string, SimSystem>
  readonly wires: ReadonlyMap<string, Wire>
  readonly knowledge: Knowledge
  readonly people: People
  readonly violations: Violation[] = []
  readonly trace: string[] = []
  readonly effects: Written[] = []
  readonly store: Store
  /** A person decided that this record goes. */
  readonly decidedDeletes = new Set<string>()
  readonly answers = new Answers()
  readonly deaths = new Deaths()
  readonly flips = new Flips()
  /** Row -> its latest state whose page is durable. */
  readonly durable = new Map<Row, number>()
  private readonly chance: Chance
  private epoch = 0
  private ids = 0
  private runs = 0

  constructor(seed: number, setting: Setting, rates: Rates, store: Store) {
    this.setting = setting
    this.store = store
    this.chance = new Chance(seed, 3)
    this.pipeline = compile(setting)
    const now = (): number => this.time.now
    const hooks = {
      personOf: (op: { ref: string }) => this.knowledge.personOf.get(this.knowledge.intents.get(op.ref)?.recordId ?? "") ?? -1,
      onEffect: (effect: Written) => {
        this.effects.push(effect)
        atEffect(this, effect)
      },
    }
    const systems = new Map(Object.entries(setting.shapes).map(([name, shape]) => [name, new SimSystem(name, shape, now, hooks)]))
    this.systems = systems
    this.knowledge = new Knowledge(systems, now)
    this.people = new People(systems, this.knowledge, now)
    const wireChance = new Chance(seed, 5)
    this.wires = new Map(
      [...systems].map(([name, system]) => [
        name,
        new Wire(system, this.time, wireChance, rates, {
          told: (where, change) => this.knowledge.hear(where, change),
          sending: (where, ops) => this.sending(where, ops),
          note: (text) => this.note(text),
        }),
      ]),
    )
  }

  note(text: string): void {
    this.trace.push(`${new Date(this.time.now).toISOString().slice(5, 23)} ${text}`)
  }
  violate(invariant: string, what: string): void {
    this.note(`VIOLATION ${invariant}: ${what}`)
    this.violations.push({ invariant, what })
  }
  system(name: string): SimSystem {
    const system = this.systems.get(name)
    if (system === undefined) throw new Error(`no system ${name}`)
    return system
  }

  ask<A, E>(effect: Effect.Effect<A, E>): Promise<A> {
    return Effect.runPromise(effect)
  }

  /** One pass in a process of its own, which may end in the middle; null: it did. */
  async pass(options: PassOptions, crashAt: number | null): Promise<RunReport | null> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const outcome = await this.attempt(options, crashAt)
      if (outcome !== "held") return outcome
      // whoever restarts a killed process waits for its lease, or knows it to be dead
      await this.time.pass(61_000)
    }
    this.violate("I16", "the lease is never given back")
    return null
  }

  private async attempt(options: PassOptions, crashAt: number | null): Promise<RunReport | null | "held"> {
    this.runs++
    this.note(`a pass begins${options.full === true ? ", in full" : ""}`)
    let die: () => void = () => undefined
    const death = new Promise<void>((resolve) => {
      die = resolve
    })
    const beganAt = this.time.now
    const process = new Process(crashAt, {
      now: () => this.time.now,
      onDeath: (what) => {
        this.note(`the process ends ${what}`)
        die()
      },
      violate: (invariant, what) => this.violate(invariant, what),
    })
    const store = storeOf(this.store, process, {
      committed: (changes, lease) => {
        for (const row of changes.journal)
          this.note(
            `  journal: ${row.kind} ${row.recordId ?? ""} ${row.binding ?? ""} ${row.remoteId ?? ""} ${row.note ?? ""} ${row.changes
              .map(
                (c) =>
                  `${c.field}: ${JSON.stringify(c.before)} -> ${JSON.stringify(c.after)}${c.rule === undefined ? "" : ` [${c.rule}; lost ${JSON.stringify(c.lost)}]`}`,
              )
              .join("; ")}`,
          )
        beforeLearning(this, changes, process.account)
        this.knowledge.learn(changes)
        atCommit(this, changes)
        this.fence(lease)
      },
    })
    const fiber = Effect.runFork(runPass(this.engine(store, process), options).pipe(Effect.provideService(Clock.Clock, this.time.clock())))
    const ended = new Promise<Exit.Exit<RunReport, unknown>>((resolve) => {
      fiber.addObserver(resolve)
    })
    const exit = await this.time.until(Promise.race([ended, death]))
    if (exit === undefined) {
      await this.time.until(this.ask(Fiber.interrupt(fiber)))
      // who knows the process to be dead may release its lease
      if (process.lease !== null && this.chance.is(0.5)) await this.ask(this.store.release(process.lease))
      return null
    }
    if (Exit.isSuccess(exit)) {
      await this.judgePass(exit.value, process.account, beganAt)
      this.note(`the pass ends: ${exit.value.outcome}${exit.value.unreachable.map((one) => `, ${one.system} ${one.message}`).join("")}`)
      return exit.value
    }
    const error = Cause.squash(exit.cause)
    if (error instanceof LeaseHeld) return "held"
    this.violate("defect", `the pass dies: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`.slice(0, 900))
    return null
  }

  private engine(store: Store, process: Process): Engine {
    const { chance } = this
    return {
      pipeline: this.pipeline,
      connectors: new Map([...this.wires].map(([name, wire]) => [name, wire.connector(process)])),
      clockOffset: (system) => {
        const { skewMs } = this.system(system).shape
        return { low: skewMs - 150, high: skewMs + 150 }
      },
      store,
      ids: { next: (prefix) => `${prefix}_${String(++this.ids).padStart(5, "0")}` },
      now: () => this.time.now,
      random: () => chance.next(),
      owner: `process ${this.runs}`,
    }
  }

  private async judgePass(report: RunReport, account: PassAccount, beganAt: number): Promise<void> {
    const wrong = account.misreported(report, await this.ask(this.store.journal({ run: report.run, limit: MOST_ROWS })))
    if (wrong !== null) this.violate("I9", wrong)
    const rude = account.tooManyRetries()
    if (rude !== null) this.violate("I18", rude)
    this.deaths.passEnded(beganAt, this.knowledge)
  }

  private fence(lease: Lease): void {
    if (lease.epoch < this.epoch) this.violate("I16", `a commit under epoch ${lease.epoch} after ${this.epoch}`)
    this.epoch = Math.max(this.epoch, lease.epoch)
  }

  private sending(system: SimSystem, ops: Parameters<Wire["watch"]["sending"]>[1]): void {
    for (const op of ops) {
      if (!this.knowledge.intents.has(op.ref)) this.violate("I11", `${op.ref} is sent to ${system.name} without a durable intent`)
      const body = canonicalText([op.kind, op.id, op.set, op.idempotencyKey])
      const before = this.knowledge.bytes.get(op.ref)
      if (before !== undefined && before !== body) this.violate("I11", `${op.ref} is sent twice with different bytes`)
      this.knowledge.bytes.set(op.ref, body)
    }
  }

  /** A person answers one open review, or all. */
  async decide(all: boolean, roll: Chance): Promise<number> {
    const open = await this.ask(this.store.reviews({ status: "open", limit: 1_000 }))
    let answered = 0
    for (const review of all || open.length === 0 ? open : [roll.of(open)]) {
      const made = this.effects.some(
        (effect) =>
          effect.kind === "create" &&
          this.knowledge.intents.get(effect.op.ref)?.linkId === review.linkId &&
          effect.row.versions.at(-1)?.state === "live",
      )
      const late = [...this.wires.values()].some((wire) => wire.pending > 0)
      const choice = choiceFor(review, roll, made || late)
      if (choice === null) continue
      const decision: Decision = {
        kind: "resolve",
        id: `dec_${++this.ids}`,
        at: this.time.now,
        by: "ann",
        note: null,
        reviewId: review.id,
        hash: review.hash,
        choice,
      }
      if (review.kind === "delete_vs_edit" && choice.take === "delete" && review.recordId !== null) this.decidedDeletes.add(review.recordId)
      this.answers.give(decision, review)
      if (review.kind !== "conflict") this.deaths.decided(this.time.now)
      this.flips.calm()
      await this.ask(this.store.decide(decision))
      this.note(`ann answers ${review.id} (${review.kind}: ${review.message}): ${JSON.stringify(choice)}`)
      answered++
    }
    return answered
  }
  async retryQuarantined(): Promise<void> {
    this.deaths.decided(this.time.now)
    this.flips.calm()
    for (const entry of await this.ask(this.store.quarantined({ limit: 1_000 }))) {
      if (entry.reason === "left alone by decision") continue
      await this.ask(
        this.store.decide({ kind: "retry", id: `dec_${++this.ids}`, at: this.time.now, by: "ann", note: null, quarantineId: entry.id }),
      )
      this.note(`ann has ${entry.id} tried again`)
    }
  }
}
