// What one evaluation may cost: items come from strangers, and a loop in a loop, a pattern or a replacement that is
// harmless on honest items could take minutes on one made for it. Evaluation is synchronous: one purse is enough.

/** States of a pattern times characters of a text: some 200 ms. */
const MAX_MATCHING = 10_000_000

interface Purse {
  /** List elements that are gone through, and values of the result. */
  readonly steps: number
  /** Characters of texts that are made. */
  readonly characters: number
}

const PURSES = {
  /** Some 100 ms, and as many characters as an item may hold. */
  item: { steps: 100_000, characters: 1_000_000 },
  /** Exact expressions run over pages and batches rather than over one item: a page may be as large as an answer may be. */
  exact: { steps: 800_000, characters: 64 * 1024 * 1024 },
} as const satisfies Readonly<Record<string, Purse>>

let full: Purse = PURSES.item
let { steps, characters } = full

export function fillPurse(kind: keyof typeof PURSES = "item"): void {
  full = PURSES[kind]
  ;({ steps, characters } = full)
}

export function spendSteps(count: number): void {
  steps -= count
  if (steps < 0) throw new Error(`it would take more than ${full.steps} steps on this item`)
}

export function spendCharacters(count: number): void {
  characters -= count
  if (characters < 0) throw new Error(`it would make more than ${full.characters} characters of text`)
}

/** `states`: of the compiled pattern. */
export const isAffordable = (states: number, text: string): boolean => states * text.length <= MAX_MATCHING
