// What people do in the systems, seen from a step of the script: they see what their system shows and type something new.
import type { Json, JsonObject, Op } from "@syncline/connector"
import type { Knowledge } from "./knowledge.ts"
import { type Extras, mannered, strangeValue } from "./extras.ts"
import type { Act } from "./script.ts"
import type { Strains } from "./strains.ts"
import { presentOf, type Row, type SimSystem } from "./system.ts"
import { plain } from "./words.ts"

export class People {
  private readonly emails = new Map<number, string>()
  private readonly systems: ReadonlyMap<string, SimSystem>
  private readonly knowledge: Knowledge
  private readonly now: () => number
  private readonly extras: Extras
  private readonly strains: Strains
  private strangers = 1_000
  private rivals = 0

  constructor(systems: ReadonlyMap<string, SimSystem>, knowledge: Knowledge, now: () => number, extras: Extras, strains: Strains) {
    this.extras = extras
    this.strains = strains
    this.systems = systems
    this.knowledge = knowledge
    this.now = now
  }

  /** What was done, in words; null where the step found nothing to act on. */
  act(step: Act): string | null {
    const system = this.systems.get(step.system)
    if (system === undefined) return null
    const row = system.live().find((candidate) => candidate.person === step.person)
    const other = system.live().find((candidate) => candidate.person === step.other)
    switch (step.act) {
      case "make":
        return row === undefined
          ? this.make(system, step.person, this.emailOf(step.person), step)
          : this.edit(system, row, { [step.field]: this.word(step) })
      case "edit":
        return row === undefined ? null : this.edit(system, row, { [step.field]: strangeValue(step, this.extras) ?? this.saying(step) })
      case "clear":
        return row === undefined ? null : this.edit(system, row, { [step.field]: this.nothing(step) })
      case "tag":
        return row === undefined ? null : this.edit(system, row, { tags: [...tagsOf(row), `t${step.n}`] })
      case "untag":
        return row === undefined || tagsOf(row).length === 0 ? null : this.edit(system, row, { tags: tagsOf(row).slice(1) })
      case "stage":
        return row === undefined ? null : this.edit(system, row, { stage: this.stage(step) })
      case "address": {
        if (row === undefined) return null
        const email = `p${step.person}v${step.n}@x.io`
        const done = this.edit(system, row, { email })
        if (done !== null) this.emails.set(step.person, email)
        return done
      }
      case "swap":
        this.blur(system, row, other)
        return row === undefined || other === undefined || row === other ? null : this.swap(system, row, other, step)
      case "remove": {
        if (row === undefined) return null
        system.remove(row)
        return `${system.name}: person ${step.person} (${row.uid}) is deleted`
      }
      case "restore": {
        const gone = system.rows.filter((candidate) => candidate.person === step.person && presentOf(candidate).state !== "live").at(-1)
        if (gone === undefined || row !== undefined || !system.restore(gone)) return null
        return `${system.name}: person ${step.person} (${gone.uid}) is brought back`
      }
      case "takeover": {
        if (row === undefined) return null
        const { email } = presentOf(row).item
        this.blur(system, row, other)
        system.remove(row)
        if (typeof email !== "string") return `${system.name}: ${row.uid} is deleted`
        if (other === undefined || other === row)
          return `${system.name}: ${row.uid} is deleted; ${this.make(system, this.strangers++, email, step) ?? ""}`
        return `${system.name}: ${row.uid} is deleted; ${this.edit(system, other, { email }) ?? ""}`
      }
      case "twin": {
        const email = row === undefined ? null : presentOf(row).item["email"]
        return typeof email !== "string" ? null : this.make(system, step.person, email, step)
      }
      case "merge": {
        const twin = system.live().find((candidate) => candidate !== row && candidate.person === step.person) ?? other
        if (row === undefined || twin === undefined || row === twin) return null
        const { item: before } = presentOf(row)
        this.remember(system, row, before, system.merge(row, twin))
        return `${system.name}: ${twin.uid} (person ${twin.person}) is merged into ${row.uid} (person ${row.person})`
      }
      case "unmerge": {
        const merged = system.rows.find((candidate) => presentOf(candidate).into !== undefined)
        if (merged === undefined || !system.restore(merged)) return null
        return `${system.name}: ${merged.uid} (person ${merged.person}) is taken out of ${presentOf(merged).into?.uid ?? "another"} again`
      }
      case "purgeLog":
        system.logStart = system.lastSeq
        return `${system.name}: its change log is cut`
      case "decide":
      case "retry":
        return null
    }
  }

  /** Somebody types another value into what is about to be written. */
  compete(system: SimSystem, op: Op): string | null {
    const row = system.targetOf(op)
    const field = (["name", "note", "phone"] as const).find((one) => one in op.set)
    if (row === undefined || field === undefined || presentOf(row).state !== "live") return null
    return this.edit(system, row, { [field]: `${field.charAt(0)}r${++this.rivals}` })
  }

  /** An item that is known by its address alone becomes another's when the address does, and its record stands for both. */
  private blur(system: SimSystem, row: Row | undefined, other: Row | undefined): void {
    if (system.shape.id !== "address" || system.shape.secondary) return
    const { blurred, personOf, recordOf } = this.knowledge
    for (const one of [row, other]) {
      if (one === undefined) continue
      blurred.add(one.person)
      blurred.add(personOf.get(recordOf.get(one) ?? "") ?? one.person)
    }
  }
  emailOf(person: number): string {
    return this.emails.get(person) ?? `p${person}@x.io`
  }
  private saying(step: Act): Json {
    if (step.field !== "score") return this.word(step)
    if (step.roll < 0.15) return 0
    // half of a cent is rounded up, and no two of them are alike
    return (step.roll < 0.3 ? -1 : 1) * (step.n + (step.roll < 0.7 ? 0.125 : 0.5))
  }
  private nothing(step: Act): Json {
    return this.strains.emptyTexts === true && step.field !== "score" && step.roll < 0.6 ? "" : null
  }
  private word(step: Act): string {
    const mark = this.strains.composes === true && step.field === "name" && step.roll > 0.4 ? "e\u0301" : ""
    const word = `${mannered(`${step.field.charAt(0)}${step.n}`, step, this.extras)}${mark}`
    if (step.roll < 0.1) return ` ${word} `
    if (step.roll < 0.2) return word.toUpperCase()
    return step.roll < 0.25 && step.field === "note" ? `${word}-and-more` : word
  }
  private stage(step: Act): string {
    if (this.extras.refusals === true && step.roll > 0.85) return "unheard of"
    return step.roll < 0.4 ? "lost" : "lead"
  }
  private make(system: SimSystem, person: number, email: string, step: Act): string | null {
    const item: Record<string, Json> = {
      email: step.roll < 0.15 ? email.toUpperCase() : email,
      name: `n${step.n}`,
      note: null,
      phone: null,
      stage: step.roll < 0.1 ? "lost" : "lead",
      tags: step.roll > 0.7 ? [`t${step.n}`] : [],
    }
    if (step.roll > 0.4) item["note"] = `w${step.n}`
    for (const path of Object.keys(item)) if (system.drifts.get(path)?.how === "gone") item[path] = null
    const row = system.make(person, item)
    if (row === null) return null
    this.remember(system, row, null, item)
    return `${system.name}: person ${person} is added as ${row.uid} ${JSON.stringify(item)}`
  }
  private edit(system: SimSystem, row: Row, patch: JsonObject): string | null {
    const before = presentOf(row).item
    // nobody types into a field that is not there
    if (Object.keys(patch).some((path) => system.drifts.get(path)?.how === "gone")) return null
    if (!system.edit(row, patch)) return null
    this.remember(system, row, before, patch)
    return `${system.name}: person ${row.person} (${row.uid}) is edited: ${JSON.stringify(patch)}`
  }
  private remember(system: SimSystem, row: Row, before: JsonObject | null, patch: JsonObject): void {
    for (const [field, typed] of Object.entries(patch)) {
      const value = presentOf(row).item[field] ?? null
      this.knowledge.typed.add(plain(value))
      if (Array.isArray(value)) for (const member of value) this.knowledge.typed.add(plain(member as Json))
      const parent = plain(before?.[field])
      // a list where a text belongs is no value of anybody, and was put over one all the same
      if (Array.isArray(typed) && field !== "tags") this.knowledge.replace(field, parent)
      // a nought is typed by many, and no word of anybody
      if (plain(value) === "0") this.knowledge.replace(field, parent)
      if (Array.isArray(typed) || field === "stage" || plain(value) === "0") continue
      const token = { value: plain(value), field, system: system.name, row, at: this.now(), parent }
      if (token.value !== parent) this.knowledge.type(token)
    }
  }
  private swap(system: SimSystem, row: Row, other: Row, step: Act): string | null {
    const [mine, theirs] = [presentOf(row).item["email"] ?? null, presentOf(other).item["email"] ?? null]
    if (typeof mine !== "string" || typeof theirs !== "string" || mine === theirs) return null
    const done = [
      this.edit(system, row, { email: `tmp${step.n}@x.io` }),
      this.edit(system, other, { email: mine }),
      this.edit(system, row, { email: theirs }),
    ]
    this.emails.set(row.person, theirs)
    this.emails.set(other.person, mine)
    return `the addresses of two change places: ${done.filter((part) => part !== null).join("; ")}`
  }
}

const tagsOf = (row: Row): readonly string[] => {
  const { tags } = presentOf(row).item
  return Array.isArray(tags) ? tags.map(String) : []
}
