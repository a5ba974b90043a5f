// Whether a field goes back and forth between systems by itself: an automation there rewrites what we write, and we, or an
// automation elsewhere, write it back. Pure: the journal of one record in, what was counted out.
import type { FieldChange, JournalRow } from "../model/journal.ts"
import { equal, type Json } from "../model/value.ts"

/** So many returns to an earlier value, each by another system than the change before, are no coincidence. */
export const MOST_FLIPS = 3
/** Only what happened within this time counts. */
export const FLIP_WINDOW_MS = 24 * 3_600_000

export interface Turn {
  readonly value: Json
  readonly system: string
  readonly at: number
}

export interface Flipping {
  readonly field: string
  readonly flips: number
  /** Oldest first; the last is the present value. */
  readonly turns: readonly Turn[]
}

/** A field that only we write and that something there writes as well. */
const isDrift = (change: FieldChange): boolean => equal(change.before, change.after) && change.lost !== undefined

/** `rows`: of one record, in any order. Fields that flip too often, since a person last decided about the record. */
export function flippingFields(rows: readonly JournalRow[], now: number): readonly Flipping[] {
  const ordered = [...rows].sort((a, b) => a.seq - b.seq)
  const decided = ordered.findLast((row) => row.kind === "review_resolved")?.seq ?? 0
  const recent = ordered.filter(
    (row) => row.seq > decided && row.at > now - FLIP_WINDOW_MS && (row.kind === "accepted" || row.kind === "conflict"),
  )
  const turns = new Map<string, Turn[]>()
  for (const row of recent) {
    for (const change of row.changes) {
      const own = turns.get(change.field) ?? []
      turns.set(change.field, own)
      if (isDrift(change)) {
        const system = row.binding?.split(".")[0] ?? "unknown"
        // theirs, and ours again: the write that follows puts it right
        own.push({ value: change.lost ?? null, system, at: row.at }, { value: change.after, system: "ours", at: row.at })
      } else if (!equal(change.before, change.after)) {
        if (own.length === 0) own.push({ value: change.before, system: "", at: row.at })
        own.push({ value: change.after, system: change.by?.system ?? "unknown", at: row.at })
      }
    }
  }
  return [...turns].flatMap(([field, own]) => {
    const flips = countFlips(own)
    return flips >= MOST_FLIPS ? [{ field, flips, turns: own }] : []
  })
}

function countFlips(turns: readonly Turn[]): number {
  let flips = 0
  turns.forEach((turn, index) => {
    const before = turns[index - 1]
    if (before === undefined || before.system === "" || turn.system === before.system || turn.system === "human") return
    if (turns.slice(0, index - 1).some((earlier) => equal(earlier.value, turn.value))) flips++
  })
  return flips
}

const SHOWN = 5
const LONGEST = 40

/** What happened, for the person who is asked. */
export function sayFlipping({ field, flips, turns }: Flipping): string {
  const told = turns.slice(-SHOWN).map(({ value, system }) => {
    const text = JSON.stringify(value)
    return `${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}${system === "" ? "" : ` (${system})`}`
  })
  return `${field} goes back and forth by itself, ${flips} times so far: ${told.join(" → ")}; it is written nowhere until that is decided`
}
