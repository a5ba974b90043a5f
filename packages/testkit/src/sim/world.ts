// One seed at work: systems, wires, people, store and process, and everything that is told to the oracle on the way.
import * as Effect from "effect/Effect"
import type { Op } from "@syncline/connector"
import { canonicalText, type Erasure, type JournalRow, type Lease, type Pipeline, type Review, type Store } from "@syncline/core"
import { type Extras, REFUSED_MARK } from "./extras.ts"
import type { Rates } from "./faults.ts"
import { Knowledge } from "./knowledge.ts"
import { atEffect } from "./oracle/at-once.ts"
import { Answers } from "./oracle/decisions.ts"
import { GuardCount } from "./oracle/guard-count.ts"
import { Erasing } from "./oracle/erasing.ts"
import { Flips } from "./oracle/flips.ts"
import { Deaths } from "./oracle/returns.ts"
import { Undoing } from "./oracle/undoing.ts"
import { People } from "./people.ts"
import { Chance } from "./random.ts"
import type { Setting } from "./setup.ts"
import { compile } from "./setup.ts"
import { DEFAULT } from "./rewriting.ts"
import { strained, type Strains } from "./strains.ts"
import { type Effect as Written, type Row, SimSystem } from "./system.ts"
import { Timeline } from "./timeline.ts"
import { drawWindow, Gate, tellWindow } from "./turnstile.ts"
import type { Twists } from "./twists.ts"
import { Wire } from "./wire.ts"

export interface Violation {
  readonly invariant: string
  readonly what: string
}

/** What a story says about its world, but for what happens there. */
export interface Plot {
  readonly seed: number
  readonly setting: Setting
  readonly rates: Rates
  readonly extras?: Extras
  readonly twists?: Twists
  readonly strains?: Strains
}

const START = Date.UTC(2026, 0, 5, 8)

export class World {
  readonly time = new Timeline(START)
  readonly setting: Setting
  readonly extras: Extras
  readonly twists: Twists
  readonly strains: Strains
  /** As it is by now. */
  pipeline: Pipeline
  /** When the store was last put back, and which systems were read in full since. */
  restoredAt: number | null = null
  readonly readInFull = new Set<string>()
  /** Writes of which the store that was put back knows nothing. */
  readonly lost = new Set<Written>()
  /** Writes that only a store which was replaced had begun: what still comes of them is lost as well. */
  readonly strays = new Set<string>()
  /** What stores wrote down that were replaced since. */
  readonly past: { readonly journal: JournalRow[]; readonly reviews: Review[] } = { journal: [], reviews: [] }
  readonly erasures: { readonly erasure: Erasure; readonly at: number }[] = []
  /** What it was before somebody edited it, and until when; oldest first. */
  readonly formerly: { readonly pipeline: Pipeline; readonly until: number }[] = []
  readonly systems: ReadonlyMap<string, SimSystem>
  readonly wires: ReadonlyMap<string, Wire>
  readonly knowledge: Knowledge
  readonly people: People
  /** No more edits and faults; people allow what the guards stopped. */
  calm = false
  /** Once all is quiet, items are corrupted behind everybody's back, drawn from this. */
  audit: Chance | null = null
  readonly violations: Violation[] = []
  readonly trace: string[] = []
  readonly effects: Written[] = []
  /** Operations that were sent, whatever became of them. */
  sent = 0
  /** Transactions that changed the store. */
  commits = 0
  /** Set while somebody looks at each operation as it is sent. */
  watchSent: ((system: SimSystem, op: Op) => void) | null = null
  store: Store
  /** A person decided that this record goes. */
  readonly decidedDeletes = new Set<string>()
  /** Deletes that were meant when their record did not belong there any more. */
  readonly leaving = new Set<string>()
  readonly answers = new Answers()
  readonly deaths = new Deaths()
  readonly flips = new Flips()
  readonly undoing = new Undoing()
  readonly erasing = new Erasing()
  /** Items without a record that are just being forgotten. */
  forgetting: readonly Row[] = []
  readonly guards = new GuardCount()
  private readonly busy: Chance
  /** Row -> its latest state whose page is durable. */
  readonly durable = new Map<Row, number>()
  private readonly chance: Chance
  private epoch = 0
  private ids = 0
  private runs = 0

  constructor({ seed, setting: drawn, rates, extras = {}, twists = {}, strains = {} }: Plot, store: Store) {
    const setting = strained(seed, drawn, strains)
    this.extras = extras
    this.twists = twists
    this.strains = strains
    this.setting = setting
    this.store = store
    this.chance = new Chance(seed, 3)
    this.busy = new Chance(seed, 12_800)
    this.pipeline = compile(setting)
    const now = (): number => this.time.now
    const hooks = {
      personOf: (op: { ref: string }) => this.knowledge.personOf.get(this.knowledge.intents.get(op.ref)?.recordId ?? "") ?? -1,
      onEffect: (effect: Written) => {
        this.effects.push(effect)
        if (this.strays.has(effect.op.ref)) this.lost.add(effect)
        atEffect(this, effect)
      },
      onMisuse: (what: string) => this.violate("I11", what),
    }
    const systems = new Map(Object.entries(setting.shapes).map(([name, shape]) => [name, new SimSystem(name, shape, now, hooks)]))
    this.systems = systems
    if (extras.refusals === true)
      for (const system of systems.values())
        system.refuses = (item) => (String(item["note"]).includes(REFUSED_MARK) ? { note: "it has a mark that is not taken" } : null)
    const merging = new Chance(seed, 12_700)
    if (strains.mergedItems === true)
      for (const system of systems.values()) system.merging = merging.of(["reported", "reported", "answered", "silent"] as const)
    this.knowledge = new Knowledge(systems, now)
    this.people = new People(systems, this.knowledge, now, extras, strains)
    if (strains.defaults === true) this.knowledge.typed.add(DEFAULT)
    const wireChance = new Chance(seed, 5)
    const strainChance = new Chance(seed, 13)
    this.wires = new Map(
      [...systems].map(([name, system]) => [
        name,
        new Wire(
          system,
          this.time,
          wireChance,
          { rates, extras, strains, oddChance: new Chance(seed, 11), strainChance },
          {
            told: (where, change, caller) => this.knowledge.hear(where, change, !caller.rehearses()),
            readInFull: ({ name }) => this.readInFull.add(name),
            brokeOff: ({ name }) => this.deaths.brokeOff(name),
            asked: (row) => this.knowledge.asked(row),
            note: (text) => this.note(text),
            isKnown: (row) => this.isKnown(row),
            aboutTo: (where, op) => this.compete(where, op),
          },
        ),
      ]),
    )
    if (strains.windows === true) this.narrow(seed)
    const ahead = new Chance(seed, 12_560)
    if (strains.datedAhead === true) for (const system of systems.values()) system.dates.ahead = ahead
  }

  /** How many calls each system answers, where there is an end to that. */
  private narrow(seed: number): void {
    const chance = new Chance(seed, 12_540)
    for (const wire of this.wires.values()) {
      const window = drawWindow(chance)
      const rude = (what: string): void => this.violate("I18", what)
      wire.limit = new Gate(window, wire.system, this.time, rude, (what) => this.note(what))
      this.note(`${wire.system.name} answers ${tellWindow(window)}`)
    }
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

  /** Whether a link stands for it, and none but it: then any news of it can be told from others. */
  private isKnown(row: Row): boolean {
    const { shape } = this.system(row.uid.replace(/\d+$/, ""))
    if (shape.id === "address" && !shape.secondary) return false
    return [...this.knowledge.links.values()].some((link) => link.remoteId !== null && this.knowledge.rowOf(link) === row)
  }
  ask<A, E>(effect: Effect.Effect<A, E>): Promise<A> {
    return Effect.runPromise(effect)
  }

  /** The pipeline as it was at a time. */
  pipelineAt(time: number): Pipeline {
    return this.formerly.find(({ until }) => time < until)?.pipeline ?? this.pipeline
  }

  /** Every pipeline that was in force at some moment of a time. */
  pipelinesWithin(from: number, until: number): readonly Pipeline[] {
    const past = this.formerly.filter((one, at) => one.until > from && (this.formerly[at - 1]?.until ?? 0) <= until)
    return (this.formerly.at(-1)?.until ?? 0) <= until
      ? [...past.map(({ pipeline }) => pipeline), this.pipeline]
      : past.map(({ pipeline }) => pipeline)
  }

  private compete(system: SimSystem, op: Op): void {
    const told = this.people.compete(system, op)
    if (told === null) return
    this.flips.calm()
    this.note(`at this moment ${told}`)
  }

  nextId(prefix: string): string {
    return `${prefix}_${String(++this.ids).padStart(5, "0")}`
  }
  nextOwner(): string {
    return `process ${++this.runs}`
  }
  /** A store call finds the file locked by somebody else. */
  isBusy(): boolean {
    return this.strains.busyStore === true && !this.calm && this.busy.is(0.01)
  }
  random(): number {
    return this.chance.next()
  }
  flip(): boolean {
    return this.chance.is(0.5)
  }

  /**
   * What we removed for reasons of our own, a store that is older than that takes for somebody's delete: nothing tells it
   * otherwise.
   */
  removedUnknown(recordId: string): boolean {
    return [...this.lost].some(({ kind, op }) => kind === "delete" && this.knowledge.intents.get(op.ref)?.recordId === recordId)
  }

  /** What is known of the store, as it is now: what this gives back makes it so again. */
  remember(): () => void {
    const durable = new Map(this.durable)
    const wires = [...this.wires.values()].map((wire) => wire.remember())
    const parts = [this.knowledge.remember(), this.answers.remember(), this.undoing.remember(), ...wires]
    return () => {
      for (const part of parts) part()
      this.durable.clear()
      for (const [row, seq] of durable) this.durable.set(row, seq)
      // leases of the store that was replaced mean nothing to this one
      this.epoch = 0
    }
  }

  fence(lease: Lease): void {
    if (lease.epoch < this.epoch) this.violate("I16", `a commit under epoch ${lease.epoch} after ${this.epoch}`)
    this.epoch = Math.max(this.epoch, lease.epoch)
  }

  sending(system: SimSystem, ops: readonly Op[], lease: Lease | null): void {
    if (lease !== null && lease.epoch < this.epoch)
      this.violate("I16", `${system.name} is written to under epoch ${lease.epoch}, after a commit under ${this.epoch}`)
    this.sent += ops.length
    const unread = this.restoredAt === null ? undefined : [...this.systems.keys()].find((name) => !this.readInFull.has(name))
    if (unread !== undefined)
      this.violate("restore", `${system.name} is written to, and ${unread} was not read in full since the store was put back`)
    for (const op of ops) {
      this.watchSent?.(system, op)
      if (!this.knowledge.intents.has(op.ref)) this.violate("I11", `${op.ref} is sent to ${system.name} without a durable intent`)
      const body = canonicalText([op.kind, op.id, op.set, op.idempotencyKey])
      const before = this.knowledge.bytes.get(op.ref)
      if (before !== undefined && before !== body) this.violate("I11", `${op.ref} is sent twice with different bytes`)
      this.knowledge.bytes.set(op.ref, body)
      const user = this.knowledge.keys.get(op.idempotencyKey)
      if (user !== undefined && user !== body) this.violate("I11", `${op.ref} is sent under a key that was used for ${user}`)
      this.knowledge.keys.set(op.idempotencyKey, body)
    }
  }
}
