// What one evaluation may cost: items come from strangers, and a loop in a loop, a pattern or a replacement that is
// harmless on honest items could take minutes on one made for it. Evaluation is synchronous: one purse is enough.

/** List elements that are gone through, and values of the result: some 100 ms. */
const MAX_STEPS = 100_000
/** Characters of texts that are made. As many as an item may hold. */
const MAX_CHARACTERS = 1_000_000
/** States of a pattern times characters of a text: some 200 ms. */
const MAX_MATCHING = 10_000_000

let most = MAX_STEPS
let steps = most
let characters = MAX_CHARACTERS

/** Exact expressions run over pages and batches rather than over one item: a page may be as large as an answer may be. */
const EXACT_STEPS = 800_000
const EXACT_CHARACTERS = 64 * 1024 * 1024

export function fillPurse(kind: "item" | "exact" = "item"): void {
  most = kind === "exact" ? EXACT_STEPS : MAX_STEPS
  steps = most
  characters = kind === "exact" ? EXACT_CHARACTERS : MAX_CHARACTERS
}

export function spendSteps(count: number): void {
  steps -= count
  if (steps < 0) throw new Error(`it would take more than ${most} steps on this item`)
}

export function spendCharacters(count: number): void {
  characters -= count
  if (characters < 0) throw new Error(`it would make more than ${MAX_CHARACTERS} characters of text`)
}

/** `states`: of the compiled pattern. */
export const isAffordable = (states: number, text: string): boolean => states * text.length <= MAX_MATCHING
