// The way between engine and a simulated system: pages, lookups and pushes take time, and anything may go wrong with them.
// Every call reads or writes at an instant of its own, so that users can act between any two of them.
import {
  type Change,
  type Connector,
  FaultError,
  type Fault,
  type LookupAnswer,
  type Op,
  type Outcome,
  type Page,
  type Permit,
  type PullRequest,
} from "@syncline/connector"
import type { Extras } from "./extras.ts"
import { type FaultKind, NO_FAULTS, type Outage, type Rates } from "./faults.ts"
import type { Chance } from "./random.ts"
import { answerFor, garbled, isGarbled, itemFault, lookedUp, noMore, type State, statesAt, tellAnswer } from "./showing.ts"
import { Scan } from "./scan.ts"
import type { Strains } from "./strains.ts"
import type { Caller, Manners, Watch } from "./caller.ts"
import { presentOf } from "./row.ts"
import type { SimSystem } from "./system.ts"
import { readCursor } from "./spot.ts"
import type { Timeline } from "./timeline.ts"
import { type Gate, Turnstile } from "./turnstile.ts"

/** What a system says that takes all of a batch or nothing. */
export const WHOLE_BATCH = "the whole batch was refused"
const SLOWEST_READ_MS = 60
const SLOWEST_PUSH_MS = 40

export class Wire {
  readonly system: SimSystem
  rates: Rates
  outage: Outage = null
  /** Operations under way that will still arrive. */
  pending = 0
  private readonly time: Timeline
  /** The next page shows everything that was ever shown once more, in any order. */
  replaysNext = false
  private readonly extras: Extras
  private readonly oddChance: Chance
  private readonly strains: Strains
  private readonly strainChance: Chance
  private readonly shown = new Map<string, State>()
  /** Of these, what was shown to somebody who keeps it: what only a comparison was shown is news to everybody else. */
  private readonly kept = new Set<string>()
  private readonly chance: Chance
  private readonly watch: Watch
  private readonly scan: Scan
  /** Set: it answers only so many calls in so many seconds. */
  limit: Gate | null = null
  private readonly turnstiles = new WeakMap<Caller, Turnstile>()

  constructor(system: SimSystem, time: Timeline, chance: Chance, manners: Manners, watch: Watch) {
    this.system = system
    this.time = time
    this.chance = chance
    this.rates = manners.rates
    this.extras = manners.extras
    this.oddChance = manners.oddChance
    this.strains = manners.strains
    this.strainChance = manners.strainChance
    this.watch = watch
    this.scan = new Scan(system, time, manners.strains, (kind) => this.hits(kind))
  }

  connector(caller: Caller): Connector {
    return {
      check: () => Promise.resolve(),
      pull: (_, request) =>
        this.call(caller, `pull ${request.mode} ${JSON.stringify(request.cursor)}`, async () =>
          Promise.resolve(this.pull(caller, request)),
        ),
      lookup: (_, by, values) =>
        this.call(caller, `look up ${by} ${values.join(" ")}`, async () => Promise.resolve(this.lookup(caller, by, values))),
      push: (_, ops) => this.call(caller, `push ${ops.map((op) => op.ref).join(" ")}`, () => this.push(caller, ops), SLOWEST_PUSH_MS),
    }
  }

  private hits(kind: FaultKind): boolean {
    return this.rates[kind] > 0 && this.chance.is(this.rates[kind])
  }
  private trouble(fault: Fault): never {
    this.watch.note(`${this.system.name}: ${fault.message}`)
    throw new FaultError(fault)
  }
  private gate(fails: FaultKind, limited: FaultKind | null): void {
    if (this.outage === "down") this.trouble({ class: "transient", message: "it is down" })
    if (this.hits(fails)) this.trouble({ class: "transient", message: `the ${fails.slice(0, -5)} failed before anything happened` })
    if (limited !== null && this.hits(limited))
      this.trouble({
        class: "rateLimited",
        message: "too many calls",
        ...(this.chance.is(0.5) ? { retryAfterMs: this.chance.of([500, 5000, 90_000]) } : {}),
      })
  }
  /** There and back, with the work at an instant in between. A process that ended hears no answer. */
  private async call<T>(caller: Caller, name: string, work: () => Promise<T>, slowest = SLOWEST_READ_MS): Promise<T> {
    caller.calling(this.system, name)
    const permit = await this.leave(caller, name)
    await this.time.wait(this.chance.int(1, slowest))
    if (caller.point(`a call to ${this.system.name}`)) return new Promise(() => undefined)
    try {
      // a push that was on its way is not held up by whoever sent it
      const asleep = caller.sleep()
      if (asleep !== null && !name.startsWith("push")) await asleep
      this.turnstileOf(caller)?.arrive()
      const answer = await work()
      caller.answered(this.system, name)
      return answer
    } catch (error) {
      if (error instanceof FaultError) {
        if (error.fault.class === "transient" || error.fault.class === "rateLimited") this.tellRefused(caller, name, error.fault)
        // a refusal for what it asks for is an answer: whoever asks for the same once more asks anew
        else caller.answered(this.system, name)
      }
      throw error
    } finally {
      permit?.release()
    }
  }
  /** Its turn has come to go out, where calls take turns. */
  private async leave(caller: Caller, name: string): Promise<Permit | null> {
    try {
      return (await this.turnstileOf(caller)?.leave()) ?? null
    } catch (error) {
      if (error instanceof FaultError) this.tellRefused(caller, name, error.fault)
      throw error
    }
  }
  private tellRefused(caller: Caller, name: string, { retryAfterMs }: Fault): void {
    caller.refused(this.system, name, retryAfterMs === undefined ? null : this.time.now + retryAfterMs)
  }
  private turnstileOf(caller: Caller): Turnstile | null {
    const { limit } = this
    const own = this.turnstiles.get(caller) ?? (limit === null ? null : new Turnstile(limit))
    if (own !== null) this.turnstiles.set(caller, own)
    return own
  }
  /** A process comes to an orderly end. */
  ended(caller: Caller): void {
    this.turnstiles.get(caller)?.end()
  }

  // reading

  private pull(caller: Caller, request: PullRequest): Page {
    this.gate("pullFails", "pullLimited")
    const { system } = this
    if (this.outage === "blank") {
      // all is said to have been shown: that is the system's lie
      if (request.mode === "snapshot") caller.page(system, statesAt(system, this.time.now), 0)
      if (request.mode === "snapshot" && !caller.rehearses()) this.watch.readInFull(system)
      const next = request.mode === "delta" ? request.cursor : this.scan.endOf(system.lastSeq, system.clock())
      return { changes: [], next, more: false, complete: true, ...(system.shape.total ? { total: 0 } : {}) }
    }
    const lag = system.shape.lagDelta === 0 ? 0 : this.chance.int(0, system.shape.lagDelta)
    const cursor = readCursor(request.cursor)
    if (request.mode === "delta" && cursor !== null) {
      const expired = system.shape.delta === "sequence" && cursor.seq < system.logStart
      if (expired || (cursor.after === null && this.hits("cursorExpires")))
        this.trouble({ class: "cursorExpired", message: "the cursor expired" })
    }
    // a replica may be behind, but never behind what it has shown in this scan
    const asOf = Math.max(this.time.now - lag, cursor?.scan?.asOf ?? 0)
    const fresh = this.scan.page(request, asOf, cursor, (part, changes) => {
      for (const state of part) {
        const name = `${state.row.uid}/${state.version.seq}`
        this.shown.set(name, state)
        if (!caller.rehearses()) this.kept.add(name)
      }
      caller.page(system, part, changes)
    })
    const page = { ...fresh, changes: [...fresh.changes.map((change) => this.onItsWay(change)), ...this.oldOnes(caller)] }
    for (const change of page.changes) if (!isGarbled(change)) this.watch.told(system, change, caller)
    if (request.mode === "snapshot" && page.complete && !page.more && !caller.rehearses()) this.watch.readInFull(system)
    if (!page.complete) this.watch.brokeOff(system)
    this.watch.note(
      `${system.name}: a ${request.mode} page of ${page.changes.map((change) => `${change.kind} ${change.id}${change.version === undefined ? "" : `@${change.version}`}`).join(", ") || "nothing"}${page.complete || page.more ? "" : ", broken off"}`,
    )
    return page
  }
  /** What this store was shown: what only one that is replaced was shown is news to it. */
  remember(): () => void {
    const kept = [...this.kept]
    return () => {
      this.kept.clear()
      for (const name of kept) this.kept.add(name)
    }
  }
  private strikes(kind: keyof Strains, odds: number): boolean {
    return this.strains[kind] === true && this.rates !== NO_FAULTS && this.strainChance.is(odds)
  }
  private onItsWay(change: Change): Change {
    const row = this.strikes("garbledItems", 0.1) ? this.system.byId(change.id) : undefined
    return row === undefined ? change : garbled(change, this.watch.isKnown(row), this.strainChance)
  }
  /** What was shown before, in part or in whole: late copies of pages, as queues and replicas bring them. */
  private oldOnes(caller: Caller): Change[] {
    const all = this.replaysNext
    this.replaysNext = false
    if (!all && !(this.extras.staleCopies === true && this.rates !== NO_FAULTS && this.oddChance.is(0.2))) return []
    const known = [...this.shown].flatMap(([name, state]) =>
      (!all || this.kept.has(name)) && this.watch.isKnown(state.row) ? [state] : [],
    )
    // whoever is back may still be reported gone: the worst copy there is comes first
    const back = ({ row, version }: State): number => (version.state === "gone" && presentOf(row).state === "live" ? 0 : 1)
    const old = this.oddChance
      .shuffled(known)
      .sort((one, other) => back(one) - back(other))
      .slice(0, all ? known.length : 2)
    caller.page(this.system, [], old.length)
    return old.map(({ row, version }) => this.system.changeOf(row, version))
  }
  private lookup(caller: Caller, by: string, values: readonly string[]): LookupAnswer[] {
    this.gate("lookupFails", null)
    const { system } = this
    const asOf = this.time.now - (system.shape.lagById === 0 ? 0 : this.chance.int(0, system.shape.lagById))
    for (const row of system.rows)
      if (by === "secondary" ? values.includes(row.uid) : by === "id" && row.versions.some(({ id }) => values.includes(id)))
        this.watch.asked(row)
    const answers = values.map((value): LookupAnswer => {
      if (this.outage === "blank") return { fault: { class: "notFound", message: "no such item" } }
      if (this.strikes("itemFaults", 0.2)) return { fault: itemFault(this.strainChance) }
      const state = answerFor(system, lookedUp(system, asOf, by, value))
      if (state === undefined) return { fault: { class: "notFound", message: "no such item" } }
      if (state.version.state === "gone") return { fault: noMore(system) }
      const found = system.changeOf(state.row, state.version)
      if (found.kind !== "upsert" && found.kind !== "delete") throw new Error("an item is there or deleted")
      this.watch.told(system, found, caller)
      // read in another way where a scan could not show it
      if (by !== "email" && system.hidden.has(state.row)) caller.page(system, [state], 0)
      return { found }
    })
    this.watch.note(`${system.name}: looked up ${by} ${values.map((value, at) => `${value}: ${tellAnswer(answers[at])}`).join(", ")}`)
    return answers
  }

  // writing

  private async push(caller: Caller, ops: readonly Op[]): Promise<readonly Outcome[]> {
    const { system } = this
    caller.sending(system, ops)
    this.gate("pushFails", "pushLimited")
    if (this.outage === "blank") this.trouble({ class: "transient", message: "it is down" })
    const sentAt = this.time.now
    if (system.shape.atomic === "batch" && ops.length > 1) {
      const refused = ops.map((op) => system.refusal(op, false)).find((fault) => fault !== null)
      if (refused !== undefined && refused !== null) this.trouble({ ...refused, message: `${WHOLE_BATCH}: ${refused.message}` })
    }
    const outcomes: Outcome[] = []
    for (const op of ops) outcomes.push(...this.send(op, sentAt))
    if (caller.point(`after a push to ${system.name}`)) return new Promise(() => undefined)
    await this.time.wait(this.chance.int(1, SLOWEST_PUSH_MS))
    for (const outcome of outcomes) {
      this.watch.note(
        `${system.name}: ${outcome.ref} ${outcome.status}${outcome.status === "applied" ? ` as ${outcome.id}` : ` (${outcome.fault.class}: ${outcome.fault.message})`}`,
      )
      if (outcome.status === "applied" && outcome.item !== undefined)
        this.watch.told(system, { kind: "upsert", id: outcome.id, item: outcome.item }, caller)
    }
    return this.hits("outcomesShuffled") ? this.chance.shuffled(outcomes) : outcomes
  }
  private send(op: Op, sentAt: number): Outcome[] {
    const { system } = this
    const unknown: Outcome = { ref: op.ref, status: "unknown", fault: { class: "unknown", message: "no answer" } }
    this.watch.note(`${system.name}: is sent ${op.ref}: ${op.kind} ${op.id ?? "new"} ${JSON.stringify(op.set)}`)
    if (this.hits("opFails")) return [{ ref: op.ref, status: "failed", fault: { class: "transient", message: "try this one again" } }]
    if (this.hits("requestLost")) return [unknown]
    if (system.shape.horizonMs > 0 && this.hits("appliedLate")) {
      this.pending++
      this.time.at(this.time.now + this.chance.int(1, system.shape.horizonMs), () => {
        this.pending--
        const outcome = system.write(op, sentAt, true)
        this.watch.note(`${system.name}: ${op.ref} arrives late: ${outcome.status}`)
      })
      return [unknown]
    }
    if (this.extras.rivals === true && this.rates !== NO_FAULTS && this.oddChance.is(0.3)) this.watch.aboutTo(system, op)
    const outcome = system.write(op, sentAt, false)
    if (this.hits("answerLost")) return [unknown]
    if (this.hits("outcomeMissing")) return []
    if (outcome.status === "failed" && outcome.fault.existingId !== undefined && this.hits("noExistingId")) {
      const { existingId: _, ...fault } = outcome.fault
      return [{ ...outcome, fault }]
    }
    return [outcome]
  }
}
