// Every check, in the order in which they are tried: what costs nothing first, what leaves many items behind last.
import type { Check } from "../check.ts"
import { authChecks } from "./auth.ts"
import { batchChecks } from "./batches.ts"
import { deleteChecks } from "./deletes.ts"
import { deltaChecks } from "./delta.ts"
import { describeChecks } from "./describe.ts"
import { doubtChecks } from "./doubt.ts"
import { limitChecks } from "./limits.ts"
import { lookupChecks } from "./lookups.ts"
import { readChecks } from "./read.ts"
import { momentChecks } from "./moments.ts"
import { samenessChecks } from "./sameness.ts"
import { oddPageChecks } from "./odd-pages.ts"
import { targetChecks } from "./targets.ts"
import { textChecks } from "./texts.ts"
import { writeChecks } from "./writes.ts"

export const CHECKS: readonly Check[] = [
  ...describeChecks,
  ...authChecks,
  ...readChecks,
  ...oddPageChecks,
  ...deltaChecks,
  ...momentChecks,
  ...samenessChecks,
  ...lookupChecks,
  ...deleteChecks,
  ...writeChecks,
  ...targetChecks,
  ...textChecks,
  ...batchChecks,
  ...doubtChecks,
  ...limitChecks,
]
