// What whoever operates the engine does for safety's sake, each kind in about one seed in ten: drawn from a stream of its own
// and put somewhere into the script, so that all other stories stay as they were.
import { Chance } from "../random.ts"
import type { Act, ChoreKind, Step } from "../script.ts"

/** New kinds come last, so that the others stay where they are. */
export const SAFETY_KINDS = ["verify", "apply", "forget", "remap", "restore", "refilter"] as const
export type SafetyKind = (typeof SAFETY_KINDS)[number]

const ODDS = 0.1
/** A process ends in the middle of a chore. */
const CRASHES = 0.35

export function drawSafety(seed: number): ReadonlySet<SafetyKind> {
  const chance = new Chance(seed, 15)
  return new Set(SAFETY_KINDS.filter(() => chance.is(ODDS)))
}

export function withSafety(seed: number, steps: readonly Step[]): readonly Step[] {
  const kinds = drawSafety(seed)
  let out = steps
  for (const [at, kind] of SAFETY_KINDS.entries())
    if (kinds.has(kind)) out = new Insertion(out, new Chance(seed, 15_000 + at), FIRST_STEP + 500 * at).of(kind)
  return out
}

/** Numbers of steps that are put in: words are made of them, and some systems cut words off after six letters. */
const FIRST_STEP = 2_000

/** Chores put into a script one behind the other, with what people do meanwhile. */
class Insertion {
  private readonly out: Step[]
  private readonly deeds: readonly Act[]
  private readonly chance: Chance
  private n: number
  /** Behind what was put in last, so that what belongs together comes in its order. */
  private at: number

  constructor(steps: readonly Step[], chance: Chance, firstStep: number) {
    const passes = steps.flatMap((step, at) => (step.kind === "pass" ? [at] : []))
    this.out = [...steps]
    this.deeds = steps.filter((step): step is Act => step.kind === "act")
    this.chance = chance
    this.n = firstStep
    this.at = Math.min(steps.length, (passes[Math.floor(passes.length / 3)] ?? 0) + 1)
  }

  of(kind: SafetyKind): readonly Step[] {
    const { chance } = this
    switch (kind) {
      case "verify":
        for (let i = chance.int(1, 3); i > 0; i--) this.later(chance.is(0.5) ? "verify" : "repair", CRASHES)
        break
      case "forget":
        for (let i = chance.int(1, 3); i > 0; i--) {
          this.later("forget", CRASHES)
          if (chance.is(0.5)) this.later("forgetAgain", 0.1)
        }
        break
      case "remap":
        // what was never mapped may come to be
        if (chance.is(0.6)) this.first("unmap")
        for (let i = chance.int(1, 4); i > 0; i--) this.later("remap", 0)
        break
      case "refilter":
        for (let i = chance.int(1, 4); i > 0; i--) this.later("refilter", 0)
        break
      case "restore":
        this.later("backup", 0)
        for (let i = chance.is(0.25) ? 2 : 1; i > 0; i--) this.later("restore", 0)
        break
      case "apply":
        for (let i = chance.int(1, 3); i > 0; i--) {
          this.later("plan", 0.1)
          if (chance.is(0.3)) this.acts(1, 0)
          // the same plan once more finds that all of it is done
          for (let times = chance.is(0.2) ? 2 : 1; times > 0; times--) {
            if (chance.is(0.3)) this.acts(chance.int(1, 3), 400)
            this.chore("apply", CRASHES)
          }
        }
        break
    }
    return this.out
  }

  /** Before anything else. */
  private first(chore: ChoreKind): void {
    const { at } = this
    this.at = 0
    this.chore(chore, 0)
    this.at = at + 1
  }
  /** Some steps later. */
  private later(chore: ChoreKind, crashes: number): void {
    this.at = Math.min(this.out.length, this.at + this.chance.int(0, Math.ceil((this.out.length - this.at) / 2)))
    if (this.chance.is(0.5)) this.acts(this.chance.int(1, 3), 400)
    this.chore(chore, crashes)
  }
  /** What people do, each so much later. */
  private acts(count: number, mostMs: number): void {
    const { chance } = this
    for (let i = 0; i < count && this.deeds.length > 0; i++)
      this.put({ ...chance.of(this.deeds), n: this.n++, afterMs: mostMs === 0 ? 0 : chance.int(1, mostMs), roll: chance.next() })
  }
  private chore(chore: ChoreKind, crashes: number): void {
    const { chance } = this
    this.put({ n: this.n++, kind: "chore", chore, roll: chance.next(), crashAt: chance.is(crashes) ? chance.int(1, 40) : null })
  }
  private put(step: Step): void {
    this.out.splice(this.at++, 0, step)
  }
}
