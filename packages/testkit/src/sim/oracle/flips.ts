// I17: a field that goes back to an earlier value by our hand, with nobody having done anything since, goes back and forth
// by itself. Fed with every write of ours and every time that a person does something.
import type { Row } from "../system.ts"

/** As often may a value be written anew against an automation, before that is held and asked about. */
const MOST_AGAINST_AUTOMATION = 4

export class Flips {
  private readonly against = new Map<string, number>()

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
  writeAgainst(row: Row, field: string, value: string): boolean {
    const key = `${row.person}/${row.uid}/${field}/${value}`
    const times = (this.against.get(key) ?? 0) + 1
    this.against.set(key, times)
    return times > MOST_AGAINST_AUTOMATION
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
