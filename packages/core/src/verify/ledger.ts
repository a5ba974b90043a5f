// Where a comparison keeps what it finds: counts of everything, the differences themselves up to a bound, and what a
// repair would have to mark.
import type { Cause, Compared, Difference, Reason } from "./difference.ts"
import type { Mark } from "./mark.ts"

/** More than anybody reads; the rest is counted. */
const MOST_LISTED = 10_000

type Count = { items: number; linked: number; fields: number; agree: number; differences: number; complete: boolean }

export class Ledger {
  readonly differences: Difference[] = []
  readonly marks: Mark[] = []
  private readonly markOf = new Map<Difference, Mark>()
  readonly warnings = new Set<string>()
  /** Items beside the one that a record has in a binding, by both: if that one is missing, it is the same under another id. */
  readonly beside = new Map<string, readonly { readonly remoteId: string; readonly secondaryId: string | null }[]>()
  unlisted = 0
  private readonly causes = new Map<Cause, number>()
  private readonly reasons = new Map<Reason, number>()
  private readonly counts = new Map<string, Count & { readonly entity: string; readonly binding: string }>()

  count(entity: string, binding: string): Count {
    const key = JSON.stringify([entity, binding])
    let count = this.counts.get(key)
    if (count === undefined)
      this.counts.set(key, (count = { entity, binding, items: 0, linked: 0, fields: 0, agree: 0, differences: 0, complete: true }))
    return count
  }
  foundBeside(binding: string, recordId: string, item: { readonly remoteId: string; readonly secondaryId: string | null }): void {
    const key = `${binding}\n${recordId}`
    this.beside.set(key, [...(this.beside.get(key) ?? []), item])
  }
  explain(reason: Reason): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1)
  }
  found(difference: Difference, mark: Mark | null): void {
    this.causes.set(difference.cause, (this.causes.get(difference.cause) ?? 0) + 1)
    this.count(difference.entity, difference.binding).differences++
    if (this.differences.length < MOST_LISTED) this.differences.push(difference)
    else this.unlisted++
    if (mark === null) return
    this.marks.push(mark)
    this.markOf.set(difference, mark)
  }
  /** What a second look at some of the same items found, and was not found yet; how many they are is known already. */
  add(second: Ledger): void {
    const known = new Set(this.differences.map(nameOf))
    for (const one of second.differences) if (!known.has(nameOf(one))) this.found(one, second.markOf.get(one) ?? null)
  }
  compared(): readonly Compared[] {
    return [...this.counts.values()].map((count) => ({ ...count, system: count.binding.split(".")[0] ?? count.binding }))
  }
  byCause(): Readonly<Partial<Record<Cause, number>>> {
    return Object.fromEntries(this.causes)
  }
  byReason(): Readonly<Partial<Record<Reason, number>>> {
    return Object.fromEntries(this.reasons)
  }
}

const nameOf = ({ binding, recordId, remoteId, field }: Difference): string => JSON.stringify([binding, recordId, remoteId, field])
