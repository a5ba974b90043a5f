// A person decides.
import type { Verdict } from "./verdict.ts"

export const review = (): Verdict => ({ kind: "hold", why: "the policy of this field is review" })
