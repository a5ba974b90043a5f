// I17: a field that goes back to an earlier value by our hand, with nobody having done anything since, goes back and forth
// by itself. Fed with every write of ours and every time that a person does something.
import type { Row } from "../system.ts"

export class Flips {
  private readonly written = new Map<Row, Map<string, string[]>>()

  /** A person acted: whatever follows may be its consequence. */
  calm(): void {
    this.written.clear()
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
