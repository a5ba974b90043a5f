// Plays a life in a world, and says what is wrong at its end: values must be equal or a question open, nobody is there
// twice, and of every value ever written it is known what became of it.
import type { Json, Op } from "@syncline/connector"
import type { Traits } from "../fake-system/traits.ts"
import { World } from "../fake-system/world.ts"
import { FIELDS, type Life, PEOPLE, type Step } from "./life.ts"

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
      case "rename":
        return this.rename(step.system, step.person, step.to)
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
      wire.arrive()
    }
  }

  /** Ids of all items there are, and of those that were there: a scan that broke off leaves a delete unseen. */
  ids(): ReadonlySet<string> {
    return new Set(this.names.flatMap((name) => [...this.world.system(name).rows.values()].map((row) => row.id)))
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
      // a late create can land beside what a user made meanwhile, where addresses are not unique: then somebody is asked
      const second = reviews.some((review) => review.kind === "duplicate" || review.kind === "ambiguous")
      if (second) continue
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

  /** Where people change names: all systems hold the same people, unless somebody was asked. */
  async differences(ofValues = true): Promise<readonly string[]> {
    const { world } = this
    const reviews = await world.reviews()
    const wrong = ofValues ? [...(await this.lostTokens(reviews))] : []
    if (reviews.length > 0 || (await world.quarantined()).length > 0) return wrong
    const people = (name: string): readonly string[] =>
      world
        .system(name)
        .live()
        .map((row) => JSON.stringify(["email", ...FIELDS].map((f) => row.item[f] ?? null)))
        .sort()
    const [first = "a", ...rest] = this.names
    for (const name of rest) {
      const [here, there] = [people(first), people(name)]
      if (here.join() !== there.join()) wrong.push(`${first}: ${here.join(" ")}; ${name}: ${there.join(" ")}`)
    }
    if ((await world.intents()).length > 0) wrong.push("a write is still open")
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
  private rename(index: number, p: number, to: number): void {
    const system = this.world.system(this.nameOf(index))
    const row = system.byEmail(emailOf(p))
    // where addresses are unique, the system refuses to give one away twice
    if (row === undefined || (system.traits.unique && system.byEmail(emailOf(to)) !== undefined)) return
    system.edit(row.uid, { email: emailOf(to) })
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
      // nothing arrives later than the system says it can; without compare-and-set a late write would undo an edit
      const { traits } = world.system(name)
      wire.fate = (op) => {
        const fate = fates.shift() ?? "answered"
        const harmless = op.kind === "create" ? traits.idempotent !== "naturalKey" : compares(traits)
        return fate === "late" && (traits.horizonMs === 0 || !harmless) ? "dropped" : fate
      }
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
      // without compare-and-set an edit while our write is on its way can be lost, and the pipeline's check says so
      if (compares(world.system(name).traits)) {
        if (race.when === "after") wire.afterPush = now
        else wire.onPush = now
      }
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

/** Whether the system refuses a write that was computed from another version. */
const compares = (traits: Traits): boolean => traits.guard === "ifMatch" && (traits.version === "revision" || traits.version === "etag")
