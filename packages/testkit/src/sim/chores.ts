// What whoever operates the engine does beside running it, in the seeds that have it: drawn from a stream of its own and put
// somewhere into the script, so that all other stories stay as they were.
import type { Chance } from "./random.ts"
import type { Act, ChoreKind, Step } from "./script.ts"

/** Of all seeds, for each feature. */
const ODDS = 0.12
/** A process ends in the middle of a chore. */
const CRASHES = 0.4

export function withChores(steps: readonly Step[], chance: Chance): readonly Step[] {
  const out = [...steps]
  let n = steps.length
  const deeds = steps.filter((step): step is Act => step.kind === "act")
  const passes = steps.flatMap((step, at) => (step.kind === "pass" ? [at] : []))
  /** Behind what was put in last, so that what belongs together comes in its order. */
  let at = 0
  const begin = (): void => {
    at = Math.min(out.length, (passes[Math.floor(passes.length / 3)] ?? 0) + 1)
  }
  const put = (chore: ChoreKind): void => {
    at = Math.min(out.length, at + chance.int(0, Math.ceil((out.length - at) / 2)))
    const meanwhile = chance.is(0.5) ? chance.int(1, 3) : 0
    for (let i = 0; i < meanwhile && deeds.length > 0; i++)
      out.splice(at++, 0, { ...chance.of(deeds), n: n++, afterMs: chance.int(1, 400), roll: chance.next() })
    out.splice(at++, 0, { n: n++, kind: "chore", chore, roll: chance.next(), crashAt: chance.is(CRASHES) ? chance.int(1, 40) : null })
  }
  if (chance.is(ODDS)) {
    begin()
    for (let i = chance.int(1, 3); i > 0; i--) {
      put("undo")
      if (chance.is(0.6)) put("undoAgain")
    }
  }
  if (chance.is(ODDS)) out.push({ n: n++, kind: "chore", chore: "audit", roll: chance.next(), crashAt: null })
  return out
}
