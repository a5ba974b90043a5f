// I17: a field that goes back to an earlier value by our hand, with nobody having done anything since, goes back and forth
// by itself. Fed with every write of ours and every time that a person does something.
import type { Changes, Intent } from "@syncline/core"
import type { Row } from "../system.ts"

/** As often may a value be written anew against an automation, before that is held and asked about. */
const MOST_AGAINST_AUTOMATION = 4

export class Flips {
  /** Person, item, field and value -> the writes of it that took effect. */
  private readonly against = new Map<string, Set<string>>()
  /**
   * Writes without an answer. One that the automation reverts before it is looked up cannot be told from one that never
   * arrived, which has to be sent again: it counts once it is known to have arrived. Each takes a fault, so they end.
   */
  private readonly unknown = new Set<string>()
  private readonly written = new Map<Row, Map<string, string[]>>()

  /** A person acted: whatever follows may be its consequence. */
  calm(): void {
    this.written.clear()
  }
  /** Whoever answers, or types into this very item, begins anew. */
  begin(person: number | null): void {
    for (const key of this.against.keys()) if (person === null || key.startsWith(`${person}/`)) this.against.delete(key)
  }
  /** Against an automation: true where this value was written there more often than it takes to notice. */
  writeAgainst(row: Row, field: string, value: string, ref: string): boolean {
    const key = `${row.person}/${row.uid}/${field}/${value}`
    const writes = this.against.get(key) ?? new Set()
    this.against.set(key, writes.add(ref))
    return [...writes].filter((one) => !this.unknown.has(one)).length > MOST_AGAINST_AUTOMATION
  }
  /** What a commit says of writes without an answer. */
  learn({ openIntents, closeIntents, journal }: Changes, intents: ReadonlyMap<string, Intent>): void {
    for (const { id, unanswered } of openIntents) if (unanswered) this.unknown.add(id)
    for (const id of closeIntents) {
      const intent = intents.get(id)
      const arrived = journal.some(
        ({ kind, recordId, binding }) =>
          (kind === "created" || kind === "updated") && recordId === intent?.recordId && binding === intent.binding,
      )
      if (arrived) this.unknown.delete(id)
    }
  }

  /** True: this value was written here before, and another one since. */
  write(row: Row, field: string, value: string): boolean {
    const fields = this.written.get(row) ?? new Map<string, string[]>()
    this.written.set(row, fields)
    const own = fields.get(field) ?? []
    fields.set(field, own)
    if (own.at(-1) === value) return false
    const flips = own.includes(value)
    own.push(value)
    return flips
  }
}
