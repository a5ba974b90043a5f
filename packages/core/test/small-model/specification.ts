// What the design says must come out, as a table of its own: it shares nothing with the engine but the words.
// In: a state, a policy and who was later. Out: what both sides show, or what a person is asked.
import type { Before, Deed, Did, State } from "./states.ts"

export type Policy = "newest" | "newest, b first" | "prefer a" | "prefer b" | "review" | "strictest" | "union" | "max" | "min"
export type DeleteRule = "review" | "edit_wins" | "delete_wins"
/** Which side edited later; `together`: nobody can tell. */
export type Later = "a" | "b" | "together"

/** A value in the words of the model; of sets: which members, in order. */
export type Word = "absent" | "base" | "x" | "y" | `{${string}}`

export type FieldOutcome =
  | { readonly is: "agreed"; readonly value: Word; readonly lost: Word | null }
  | { readonly is: "asked"; readonly a: Word; readonly b: Word }

export type Outcome =
  | { readonly is: "both"; readonly fields: readonly [FieldOutcome, FieldOutcome] }
  | { readonly is: "gone" }
  /** deleted here, edited there: the edited item stays until a person decides */
  | { readonly is: "asked"; readonly left: "a" | "b"; readonly fields: readonly [Word, Word] }

const after = (before: Before, did: Did): Word => (did === "nothing" ? before : did)

export function outcomeOf(state: State, policies: readonly [Policy, Policy], later: Later, deletes: DeleteRule): Outcome {
  const { a, b, before } = state
  if (a === "deleted" || b === "deleted") return outcomeOfDelete(state, policies, deletes)
  const field = (i: 0 | 1): FieldOutcome => fieldOutcome(before[i], after(before[i], a[i]), after(before[i], b[i]), policies[i], later)
  return { is: "both", fields: [field(0), field(1)] }
}

/** First a, then b, who had the values of a in front of it. */
export function outcomeInTurn({ a, b, before }: State, policies: readonly [Policy, Policy]): Outcome {
  if (a === "deleted" || b === "deleted") return { is: "gone" }
  const field = (i: 0 | 1): FieldOutcome => {
    const value = b[i] === "nothing" ? after(before[i], a[i]) : b[i]
    return { is: "agreed", value: spoken(value, policies[i]), lost: null }
  }
  return { is: "both", fields: [field(0), field(1)] }
}

function outcomeOfDelete({ a, b, before }: State, policies: readonly [Policy, Policy], rule: DeleteRule): Outcome {
  const edited = (deed: Deed): readonly [Word, Word] | null => {
    if (deed === "deleted") return null
    const now: readonly [Word, Word] = [after(before[0], deed[0]), after(before[1], deed[1])]
    return now[0] === before[0] && now[1] === before[1] ? null : now
  }
  const left = a === "deleted" ? "b" : "a"
  const now = edited(left === "a" ? a : b)
  if (now === null || rule === "delete_wins") return { is: "gone" }
  const told: readonly [Word, Word] = [spoken(now[0], policies[0]), spoken(now[1], policies[1])]
  if (rule === "review") return { is: "asked", left, fields: told }
  return {
    is: "both",
    fields: [
      { is: "agreed", value: told[0], lost: null },
      { is: "agreed", value: told[1], lost: null },
    ],
  }
}

/** Sets are told by their members. */
export const spoken = (word: Word, policy: Policy): Word => (policy !== "union" ? word : word === "absent" ? "{}" : `{${word}}`)

function fieldOutcome(before: Word, a: Word, b: Word, policy: Policy, later: Later): FieldOutcome {
  const agreed = (value: Word, lost: Word | null = null): FieldOutcome => ({ is: "agreed", value: spoken(value, policy), lost })
  if (a === b) return agreed(a)
  if (a === before) return agreed(b)
  if (b === before) return agreed(a)
  const wins = (side: "a" | "b"): FieldOutcome => (side === "a" ? agreed(a, b) : agreed(b, a))
  const asked: FieldOutcome = { is: "asked", a, b }
  switch (policy) {
    case "newest":
      return later === "together" ? asked : wins(later)
    case "newest, b first":
      return wins(later === "together" ? "b" : later)
    case "prefer a":
      return wins("a")
    case "prefer b":
      return wins("b")
    case "review":
      return asked
    // strictest first: y, x, base; no value is none of them
    case "strictest":
      return a === "absent" || b === "absent" ? asked : wins(a === "y" || (a === "x" && b === "base") ? "a" : "b")
    // base < x < y; nothing is not comparable
    case "max":
      return a === "absent" || b === "absent" ? asked : wins(a === "y" || (a === "x" && b === "base") ? "a" : "b")
    case "min":
      return a === "absent" || b === "absent" ? asked : wins(a === "base" || (a === "x" && b === "y") ? "a" : "b")
    case "union": {
      // each side holds at most one member here: what was added stays, what either took away goes
      const members = [a, b].filter((word) => word !== "absent" && word !== before)
      return { is: "agreed", value: `{${members.toSorted().join(",")}}`, lost: null }
    }
  }
}
