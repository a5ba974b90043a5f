// Bugs that only a strain brings to light: single items that cannot be read, scans that shift, and what else rarely goes wrong.
import { mutant, type Mutant } from "./mutant.ts"

export const STRAINING: readonly Mutant[] = [
  mutant(
    "I6",
    "take an item that may not be seen for one that is gone",
    "pull/look-up.ts",
    'else if (answer.fault.class === "notFound") missing.push(link)',
    "else missing.push(link)",
  ),
  mutant(
    "I10",
    "take what a scan left out for unchanged",
    "pull/pull.ts",
    "const doubtful = trustworthy && (yield*",
    'const doubtful = trustworthy && binding.spec.deletes.includes("absence") && (yield*',
  ),
]
