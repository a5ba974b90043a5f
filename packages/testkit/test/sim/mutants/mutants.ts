// All planted bugs.
import { KEEPING } from "./keeping.ts"
import { MERGING } from "./merging.ts"
import type { Mutant } from "./mutant.ts"

export const MUTANTS: readonly Mutant[] = [...MERGING, ...KEEPING]
