// Somebody edits the pipeline between two passes: a field is no longer mapped, or is mapped again, a lens comes or goes, a
// policy or a filter changes. In: the text as it is. Out: the text as it is from now on, and in words what was done.
import type { Chance } from "../random.ts"
import { compile } from "../setup.ts"
import { FILTERS, LEAVING } from "../twists.ts"
import type { World } from "../world.ts"

const FIELDS = ["name", "note", "phone", "tags"] as const
type Field = (typeof FIELDS)[number]

export class Remapper {
  private readonly world: World
  private text: string
  /** System and field -> the line that mapped it. */
  private readonly dropped = new Map<string, string>()

  constructor(world: World) {
    this.world = world
    this.text = world.setting.text
  }

  remap(roll: Chance, kind: "drop" | "any"): void {
    this.edited(kind === "drop" ? this.drop(roll) : roll.of([this.drop, this.add, this.add, this.lens, this.policy]).call(this, roll))
  }

  /** A system takes other records than before, or all. */
  refilter(roll: Chance): void {
    const system = roll.of(this.systems())
    const head = `      ${system}.people:\n`
    const [known] = /^ {8}when: .*\n {8}leaving: .*\n/m.exec(this.sectionOf(system)) ?? []
    const drops = known !== undefined && roll.is(0.4)
    const rule = drops ? "" : `        when: '${roll.of(FILTERS)}'\n        leaving: ${roll.of(LEAVING)}\n`
    if (known === rule) return
    this.replace(system, known ?? head, known === undefined ? `${head}${rule}` : rule)
    this.edited(`${system} takes ${drops ? "all" : rule.trim().replaceAll(/\s+/g, " ")}`)
  }

  private edited(done: string | null): void {
    const { world } = this
    if (done === null) return
    world.formerly.push({ pipeline: world.pipeline, until: world.time.now })
    world.pipeline = compile({ ...world.setting, text: this.text })
    world.flips.calm()
    world.note(`ann edits the pipeline: ${done}`)
  }

  private drop(roll: Chance): string | null {
    const system = roll.of(this.systems())
    const field = roll.of(FIELDS)
    const line = this.lineOf(system, field)
    // somebody else must read it still
    const isRead = (other: string): boolean => this.lineOf(other, field)?.includes("direction: out") === false
    if (line === null || !this.systems().some((other) => other !== system && isRead(other))) return null
    this.dropped.set(`${system}/${field}`, line)
    this.replace(system, `${line}\n`, "")
    return `${field} of ${system} is not mapped any more`
  }
  private add(roll: Chance): string | null {
    const all = [...this.dropped]
    if (all.length === 0) return null
    const [key, line] = roll.of(all)
    const [system = "", field = ""] = key.split("/")
    this.dropped.delete(key)
    this.replace(system, "        fields:\n", `        fields:\n${line}\n`)
    // what stands there was read by nobody yet, and is a word that whoever deletes the record elsewhere does not know
    this.world.deaths.decided(this.world.time.now)
    return `${field} of ${system} is mapped`
  }
  private lens(roll: Chance): string | null {
    const system = roll.of(this.systems())
    const line = this.lineOf(system, "name")
    if (line === null || line.includes("direction")) return null
    const next = line.includes("trim") ? "          name: name" : "          name: { path: name, as: [trim] }"
    this.replace(system, line, next)
    return `name of ${system} is read as ${next.trim()}`
  }
  private policy(roll: Chance): string | null {
    const names = this.systems()
    if (roll.is(0.3)) {
      const rule = roll.of(["newest", "fill_blanks", "review", `{ prefer: ${names[0] ?? "a"} }`])
      this.text = this.text.replace(/^ {4}on_match: .*$/m, `    on_match: ${rule}`)
      return `on_match is ${rule}`
    }
    const field = roll.of(["name", "note", "phone"])
    const rule = roll.of(["newest", `{ newest: [${names.join(", ")}] }`, "review", `{ prefer: ${roll.of(names)} }`])
    const [head = "", rules = ""] = this.text.split("    conflicts:\n")
    this.text = `${head}    conflicts:\n${rules.replace(new RegExp(`^ {8}${field}: .*$`, "m"), `        ${field}: ${rule}`)}`
    return `${field} is decided by ${rule}`
  }

  private systems(): readonly string[] {
    return Object.keys(this.world.setting.shapes)
  }
  private lineOf(system: string, field: Field): string | null {
    return new RegExp(`^ {10}${field}: .*$`, "m").exec(this.sectionOf(system))?.[0] ?? null
  }
  private sectionOf(system: string): string {
    const from = this.text.indexOf(`      ${system}.people:\n`)
    const rest = this.text.slice(from + 1)
    const end = /^ {6}\w+\.people:$|^ {4}conflicts:$/m.exec(rest)?.index ?? rest.length
    return this.text.slice(from, from + 1 + end)
  }
  private replace(system: string, what: string, by: string): void {
    const section = this.sectionOf(system)
    this.text = this.text.replace(section, () => section.replace(what, () => by))
  }
}
