// What is fuzzed: one kind of input, and what becomes of a piece of it.
import type { Random } from "./mutate.ts"

export interface Case {
  /** Enough to look at; the seed makes it anew. */
  readonly input: string
  readonly found: readonly string[]
}

export interface Target {
  readonly name: string
  /** One case, of the die alone. */
  readonly play: (random: Random) => Case | Promise<Case>
  readonly close: () => Promise<void>
}
