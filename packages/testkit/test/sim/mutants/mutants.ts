// All planted bugs.
import { KEEPING } from "./keeping.ts"
import { MERGING } from "./merging.ts"
import type { Mutant } from "./mutant.ts"
import { OPERATING } from "./operating.ts"
import { STRAINING } from "./straining.ts"
import { TWISTING } from "./twisting.ts"

export const MUTANTS: readonly Mutant[] = [...MERGING, ...KEEPING, ...OPERATING, ...TWISTING, ...STRAINING]
