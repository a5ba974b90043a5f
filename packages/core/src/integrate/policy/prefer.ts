// One system's word counts more; where it is not a party, the newest value does.
import { newest } from "./newest.ts"
import type { Contest, Verdict } from "./verdict.ts"

export function prefer(contest: Contest, system: string): Verdict {
  if (contest.incoming.stamp.system === system) return { kind: "accept", rule: `prefer ${system}` }
  if (contest.record.stamp?.system === system) return { kind: "keep", rule: `prefer ${system}` }
  return newest(contest, null)
}
