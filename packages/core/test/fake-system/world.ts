// Fake systems, a pipeline compiled from YAML, a store and an engine whose time jumps instead of passing.
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ConnectorDefinition, Json } from "@syncline/connector"
import { compilePipeline, renderDiagnostics } from "../../src/pipeline/index.ts"
import type { Link } from "../../src/model/link.ts"
import type { Pipeline } from "../../src/model/pipeline.ts"
import type { JournalRow } from "../../src/model/journal.ts"
import type { Plan, RunReport } from "../../src/model/report.ts"
import type { Review } from "../../src/model/review.ts"
import { applyPlan, type Applied, type Engine, type PassOptions, planPass, runPass } from "../../src/run/index.ts"
import { createMemoryStore } from "../../src/store/index.ts"
import type { Decision, Store } from "../../src/store/index.ts"
import { connect, type Wire } from "./fake-connector.ts"
import { FakeSystem } from "./fake-system.ts"
import { PLAIN, specOf, type Traits } from "./traits.ts"

export interface WorldSpec {
  readonly systems: Readonly<Record<string, Partial<Traits>>>
  /** In the order of `bindings`; the order of systems otherwise. */
  readonly order?: readonly string[]
  readonly match?: string
  readonly onMatch?: string
  /** Field -> policy, YAML. */
  readonly conflicts?: Readonly<Record<string, string>>
  readonly deleteVsEdit?: string
  /** Lines for one binding: `when`, `leaving`, `on_delete`, `create`. */
  readonly binding?: Readonly<Record<string, readonly string[]>>
  /** System -> field -> YAML of its rule; `null` leaves the field out. */
  readonly fields?: Readonly<Record<string, Readonly<Record<string, string | null>>>>
  readonly guards?: string
  readonly reviews?: string
  readonly rules?: readonly string[]
  readonly pulls?: readonly string[]
}

const FIELDS: Readonly<Record<string, string>> = {
  email: "{ path: email, as: [trim, lower] }",
  name: "name",
  phone: "phone",
  status: "status",
  note: "note",
  tags: "{ path: tags, as: set }",
  score: "score",
}

export function pipelineText(spec: WorldSpec): string {
  const names = spec.order ?? Object.keys(spec.systems)
  const bindings = names.map((name) => {
    const fields = Object.entries({ ...FIELDS, ...spec.fields?.[name] }).filter(([, rule]) => rule !== null)
    return [
      `      ${name}.people:`,
      ...(spec.binding?.[name] ?? ["on_delete: propagate"]).map((line) => `        ${line}`),
      "        fields:",
      ...fields.map(([field, rule]) => `          ${field}: ${rule}`),
    ].join("\n")
  })
  return `version: 1
name: fake
systems:
${names.map((name) => `  ${name}: { connector: fake-${name}, config: {} }`).join("\n")}
entities:
  person:
    schema:
      type: object
      properties:
        email: { type: string, maxLength: 60 }
        name: { type: string }
        phone: { type: string }
        status: { type: string }
        note: { type: string }
        tags: { type: array, items: { type: string } }
        score: { type: number }
    match: ${spec.match ?? "[[email]]"}
    on_match: ${spec.onMatch ?? "newest"}
${spec.rules === undefined ? "" : `    rules:\n${spec.rules.map((rule) => `      - ${rule}`).join("\n")}\n`}    bindings:
${bindings.join("\n")}
    conflicts:
      delete_vs_edit: ${spec.deleteVsEdit ?? "review"}
      fields:
        note: ${spec.conflicts?.["note"] ?? "newest"}
${Object.entries(spec.conflicts ?? {})
  .filter(([field]) => field !== "note")
  .map(([field, policy]) => `        ${field}: ${policy}`)
  .join("\n")}
${spec.guards === undefined ? "" : `guards: ${spec.guards}\n`}${spec.reviews === undefined ? "" : `reviews: ${spec.reviews}\n`}`
}

export function compiled(spec: WorldSpec, traits: Readonly<Record<string, Traits>>): Pipeline {
  const definition = (name: string): ConnectorDefinition | undefined => {
    const own = traits[name.replace(/^fake-/, "")]
    if (own === undefined) return undefined
    const closed = (): never => {
      throw new Error("the fake is wired by hand")
    }
    return {
      name,
      configSchema: { type: "object" },
      describe: () => ({ title: name, resources: [specOf(own)] }),
      http: closed,
      open: closed,
    }
  }
  const result = compilePipeline(
    { path: "pipeline.yaml", text: pipelineText(spec) },
    { variables: {}, readFile: () => ({ error: "no file" }), connector: definition, connectorNames: Object.keys(traits) },
  )
  if (result.pipeline === null) throw new Error(renderDiagnostics(result.problems, result.sources))
  return result.pipeline
}

/** Compiling takes longer than a pass, and some tests play one spec hundreds of times. */
const pipelines = new WeakMap<WorldSpec, Pipeline>()

function compiledOnce(spec: WorldSpec, traits: Readonly<Record<string, Traits>>): Pipeline {
  const pipeline = pipelines.get(spec) ?? compiled(spec, traits)
  pipelines.set(spec, pipeline)
  return pipeline
}

export class World {
  readonly systems: Readonly<Record<string, FakeSystem>>
  readonly wires: Readonly<Record<string, Wire>>
  readonly engine: Engine
  store: Store
  time = Date.UTC(2026, 0, 1)
  private count = 0

  constructor(spec: WorldSpec, store: Store = createMemoryStore()) {
    const traits = Object.fromEntries(Object.entries(spec.systems).map(([name, own]) => [name, { ...PLAIN, ...own }]))
    this.systems = Object.fromEntries(Object.entries(traits).map(([name, own]) => [name, new FakeSystem(name, own, () => this.time)]))
    const ends = Object.fromEntries(Object.entries(this.systems).map(([name, system]) => [name, connect(system)]))
    this.wires = Object.fromEntries(Object.entries(ends).map(([name, end]) => [name, end.wire]))
    this.store = store
    const order = spec.pulls ?? Object.keys(ends)
    this.engine = {
      pipeline: compiledOnce(spec, traits),
      connectors: new Map(order.flatMap((name) => (ends[name] === undefined ? [] : [[name, ends[name].connector]]))),
      clockOffset: () => ({ low: 0, high: 0 }),
      store,
      ids: { next: (prefix) => `${prefix}_${String(++this.count).padStart(6, "0")}` },
      now: () => this.time,
      random: () => 0,
      owner: "test",
    }
  }

  system(name: string): FakeSystem {
    const system = this.systems[name]
    if (system === undefined) throw new Error(`no system ${name}`)
    return system
  }
  wire(name: string): Wire {
    const wire = this.wires[name]
    if (wire === undefined) throw new Error(`no system ${name}`)
    return wire
  }
  /** Time goes on between what people do; ten seconds tell two edits apart in every system. */
  wait(ms = 10_000): void {
    this.time += ms
  }

  effect<A, E>(effect: Effect.Effect<A, E>): Promise<A> {
    return Effect.runPromise(effect.pipe(Effect.provideService(Clock.Clock, this.clock())))
  }
  run(options: PassOptions = {}, store: Store = this.store): Promise<RunReport> {
    this.wait(1_000)
    return this.effect(runPass({ ...this.engine, store }, options))
  }
  plan(options: PassOptions = {}): Promise<Plan> {
    return this.effect(planPass({ ...this.engine, store: this.store }, options))
  }
  apply(plan: Plan): Promise<Applied> {
    return this.effect(applyPlan({ ...this.engine, store: this.store }, plan))
  }

  // looking at the store

  reviews(): Promise<readonly Review[]> {
    return this.effect(this.store.reviews({ status: "open", limit: 1_000 }))
  }
  quarantined() {
    return this.effect(this.store.quarantined({ limit: 1_000 }))
  }
  journal(): Promise<readonly JournalRow[]> {
    return this.effect(this.store.journal({ limit: 10_000 }))
  }
  intents() {
    return this.effect(this.store.openIntents(1_000))
  }
  async records() {
    return this.effect(this.store.records("person", "", 1_000))
  }
  async links(): Promise<readonly Link[]> {
    const ids = (await this.records()).map((record) => record.id)
    return (await this.effect(this.store.loadRecords(ids))).links
  }
  decide(decision: Omit<Extract<Decision, { kind: "resolve" }>, "id" | "at" | "by" | "note" | "kind">): Promise<void> {
    return this.effect(this.store.decide({ ...decision, kind: "resolve", id: `dec_${++this.count}`, at: this.time, by: "ann", note: null }))
  }
  /** Values of one field by system, of the live items with an address (or all, without one). */
  values(field: string): Readonly<Record<string, readonly Json[]>> {
    return Object.fromEntries(
      Object.entries(this.systems).map(([name, system]) => [name, system.live().map((row) => row.item[field] ?? null)]),
    )
  }
  writes(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(
      Object.entries(this.systems).map(([name, system]) => [name, system.written.map((w) => `${w.kind} ${JSON.stringify(w.set)}`)]),
    )
  }

  private clock(): Clock.Clock {
    const nanos = (): bigint => BigInt(this.time) * 1_000_000n
    return {
      currentTimeMillisUnsafe: () => this.time,
      currentTimeMillis: Effect.sync(() => this.time),
      currentTimeNanosUnsafe: nanos,
      currentTimeNanos: Effect.sync(nanos),
      monotonicTimeNanosUnsafe: nanos,
      monotonicTimeNanos: Effect.sync(nanos),
      sleep: (duration) =>
        Effect.sync(() => {
          this.time += Duration.toMillis(duration)
        }),
    }
  }
}
