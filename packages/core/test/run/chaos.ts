// Random lives of a few people in two or three systems, with everything that can go wrong on the way, and what must
// hold of the end: equal values or an open question, nobody twice, and of every value ever written it is known what
// became of it.
import * as fc from "fast-check"
import type { Json, Op } from "@syncline/connector"
import type { Fate } from "../fake-system/fake-connector.ts"
import type { Traits } from "../fake-system/traits.ts"
import { World } from "../fake-system/world.ts"

export type Step =
  | { readonly do: "create"; readonly system: number; readonly person: number }
  | { readonly do: "edit"; readonly system: number; readonly person: number; readonly field: number }
  | { readonly do: "remove"; readonly system: number; readonly person: number }
  | { readonly do: "wait"; readonly ms: number }
  | {
      readonly do: "pass"
      readonly fates: readonly Fate[]
      readonly outage: number
      readonly dies: number | null
      readonly race: Race | null
    }

/** An edit by a user while our write is on its way. */
export interface Race {
  readonly when: "before" | "after"
  readonly system: number
  readonly person: number
  readonly field: number
}

export const FIELDS = ["name", "phone", "note"] as const
const PEOPLE = 3

const traits: fc.Arbitrary<Partial<Traits>> = fc
  .record({
    version: fc.constantFrom("revision", "timestamp", "etag", "none"),
    perField: fc.boolean(),
    guard: fc.constantFrom("ifMatch", "none"),
    idempotent: fc.constantFrom("header", "naturalKey", "none"),
    returnsItem: fc.boolean(),
    unique: fc.boolean(),
    keyLookup: fc.boolean(),
    overlap: fc.constantFrom(0, 4),
    pageSize: fc.constantFrom(1, 200),
    max: fc.constantFrom(1, 50),
    deletes: fc.constantFrom("tombstone", "absence"),
    id: fc.constantFrom("stable", "derived"),
    secondary: fc.constant(true),
    delta: fc.boolean(),
  })
  // an upsert by address needs addresses that are unique, and so does an id made from one
  .map((own) => (own.idempotent === "naturalKey" || own.id === "derived" ? { ...own, unique: true } : own))
  // only a change feed has tombstones
  .map((own) => (own.delta ? own : { ...own, deletes: "absence" as const }))

const fate: fc.Arbitrary<Fate> = fc.constantFrom("answered", "answered", "answered", "lost", "dropped")
const system = fc.nat(2)
const person = fc.nat(PEOPLE - 1)
const field = fc.nat(FIELDS.length - 1)

const edit: fc.Arbitrary<Step> = fc.record({ do: fc.constant("edit" as const), system, person, field })
const pass: fc.Arbitrary<Extract<Step, { do: "pass" }>> = fc.record({
  do: fc.constant("pass" as const),
  fates: fc.array(fate, { maxLength: 4 }),
  outage: fc.constantFrom(0, 0, 0, 1, 2),
  dies: fc.option(fc.nat(8), { freq: 2 }),
  race: fc.option(fc.record({ when: fc.constantFrom("before", "after"), system, person, field })),
})

const steps = (removes: boolean): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 2, arbitrary: fc.record({ do: fc.constant("create" as const), system, person }) },
      { weight: 5, arbitrary: edit },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(1, 400, 5_000) }) },
      { weight: 4, arbitrary: pass },
      ...(removes ? [{ weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), system, person }) }] : []),
    ),
    { minLength: 3, maxLength: 25 },
  )

export interface Life {
  readonly systems: readonly Partial<Traits>[]
  readonly steps: readonly Step[]
}
export const life = (removes: boolean): fc.Arbitrary<Life> =>
  fc.record({ systems: fc.array(traits, { minLength: 2, maxLength: 3 }), steps: steps(removes) })

const NAMES = ["a", "b", "c"]

export class Chaos {
  readonly world: World
  private readonly names: readonly string[]
  private readonly tokens = new Map<string, string>()
  private readonly overwritten = new Set<string>()
  private readonly mourned = new Set<string>()
  private count = 0

  constructor(of: Life, deleteVsEdit = "review") {
    this.names = NAMES.slice(0, of.systems.length)
    this.world = new World({
      systems: Object.fromEntries(this.names.map((name, i) => [name, of.systems[i] ?? {}])),
      conflicts: { phone: "review", note: "{ prefer: a }" },
      guards: "{ delete: { max: 1000, percent: 100 } }",
      deleteVsEdit,
    })
  }

  async live(steps: readonly Step[]): Promise<void> {
    // somebody who is always there: beside a system's last item, "not found" would prove nothing
    this.world.system("a").create({ email: "keeper@x.com" })
    await this.world.run()
    for (const step of steps) await this.step(step)
  }

  async step(step: Step): Promise<void> {
    const { world } = this
    switch (step.do) {
      case "create":
        return this.create(step.system, step.person)
      case "edit":
        return this.edit(step.system, step.person, step.field)
      case "remove":
        return this.remove(step.system, step.person)
      case "wait":
        return world.wait(step.ms)
      case "pass":
        return this.pass(step)
    }
  }

  /** Everything works again. */
  calm(): void {
    for (const name of this.names) {
      const wire = this.world.wire(name)
      wire.fate = () => "answered"
      wire.outage = () => null
      wire.onPush = () => undefined
      wire.afterPush = () => undefined
    }
  }

  /** Collects what is pushed from now on. */
  watch(): readonly (readonly [string, Op])[] {
    const pushed: (readonly [string, Op])[] = []
    for (const name of this.names) this.world.wire(name).onPush = (ops) => void pushed.push(...ops.map((op) => [name, op] as const))
    return pushed
  }

  /** Everything works again; passes until nobody writes any more. */
  async settle(): Promise<void> {
    const { world } = this
    this.calm()
    for (let i = 0; i < 12; i++) {
      const before = JSON.stringify(world.writes())
      world.wait(600_000)
      await world.run({ full: i > 8 })
      if (i > 9 && before === JSON.stringify(world.writes())) return
    }
    throw new Error("it never comes to rest")
  }

  /** What is wrong at the end; nothing, if all is well. */
  async complaints(): Promise<readonly string[]> {
    const { world } = this
    const wrong: string[] = []
    const reviews = await world.reviews()
    const asked = reviews.length > 0 || (await world.quarantined()).length > 0
    for (let p = 0; p < PEOPLE; p++) {
      const rows = this.names.map((name) =>
        world
          .system(name)
          .live()
          .filter((row) => row.item["email"] === emailOf(p)),
      )
      if (rows.some((own) => own.length > 1)) wrong.push(`${emailOf(p)} is there twice`)
      const known = rows.flat()
      if (known.length === 0) continue
      const aboutDelete = reviews.some((review) => review.kind === "delete_vs_edit" || review.kind === "unknown_write")
      if (known.length < this.names.length && !aboutDelete)
        wrong.push(`${emailOf(p)} is in ${known.length} of ${this.names.length} systems`)
      for (const name of FIELDS) {
        const values = new Set(known.map((row) => JSON.stringify(row.item[name] ?? null)))
        const held = reviews.some((review) => review.field === name || review.field === null)
        if (values.size > 1 && !held) wrong.push(`${emailOf(p)}.${name}: ${[...values].join(" / ")}`)
      }
    }
    if (!asked && (await world.intents()).length > 0) wrong.push("a write is still open")
    wrong.push(...(await this.lostTokens(reviews)))
    return wrong
  }

  private async lostTokens(reviews: readonly { readonly sides: readonly { readonly value: Json }[] }[]): Promise<readonly string[]> {
    const { world } = this
    const found = new Set<string>()
    for (const name of this.names) for (const row of world.system(name).live()) for (const f of FIELDS) found.add(String(row.item[f]))
    for (const review of reviews) for (const side of review.sides) found.add(String(side.value))
    const told = new Set<string>()
    for (const row of await world.journal()) for (const change of row.changes) if (change.lost !== undefined) told.add(String(change.lost))
    return [...this.tokens].flatMap(([token, email]) =>
      found.has(token) || told.has(token) || this.overwritten.has(token) || this.mourned.has(email) ? [] : [`${token} of ${email} is lost`],
    )
  }

  private token(email: string): string {
    const token = `t${++this.count}`
    this.tokens.set(token, email)
    return token
  }
  private nameOf(index: number): string {
    return this.names[index % this.names.length] ?? "a"
  }
  private create(index: number, p: number): void {
    const system = this.world.system(this.nameOf(index))
    if (system.byEmail(emailOf(p)) !== undefined) return
    system.create({ email: emailOf(p), ...Object.fromEntries(FIELDS.map((f) => [f, this.token(emailOf(p))])) })
  }
  private edit(index: number, p: number, f: number): void {
    const system = this.world.system(this.nameOf(index))
    const row = system.byEmail(emailOf(p))
    const name = FIELDS[f]
    if (row === undefined || name === undefined) return
    this.overwritten.add(String(row.item[name]))
    system.edit(row.uid, { [name]: this.token(emailOf(p)) })
  }
  private remove(index: number, p: number): void {
    const system = this.world.system(this.nameOf(index))
    const row = system.byEmail(emailOf(p))
    if (row === undefined) return
    this.mourned.add(emailOf(p))
    system.remove(row.uid)
  }

  private async pass(step: Extract<Step, { do: "pass" }>): Promise<void> {
    const { world } = this
    const fates = [...step.fates]
    this.names.forEach((name, i) => {
      const wire = world.wire(name)
      wire.fate = () => fates.shift() ?? "answered"
      wire.outage = () => (step.outage === i + 1 ? { class: "transient", message: "down" } : null)
      wire.onPush = () => undefined
      wire.afterPush = () => undefined
    })
    const { race } = step
    if (race !== null) {
      const name = this.nameOf(race.system)
      const wire = world.wire(name)
      const now = (): void => {
        wire.onPush = () => undefined
        wire.afterPush = () => undefined
        this.edit(race.system, race.person, race.field)
      }
      // without compare-and-set an edit right before our write is lost, and the pipeline's check says so
      if (race.when === "after") wire.afterPush = now
      else if (
        world.system(name).traits.guard === "ifMatch" &&
        world.system(name).traits.version !== "none" &&
        world.system(name).traits.version !== "timestamp"
      )
        wire.onPush = now
    }
    if (step.dies === null) {
      await world.run()
      return
    }
    const { dies } = step
    let commits = 0
    const { commit } = world.store
    const dying = {
      ...world.store,
      commit: (...args: Parameters<typeof commit>) => {
        if (++commits > dies) throw new Error("the process dies here")
        return commit(...args)
      },
    }
    await world.run({}, dying).catch((error: unknown) => {
      if (!String(error).includes("dies here")) throw error
    })
  }
}

const emailOf = (p: number): string => `p${p}@x.com`
