// What happens in one seed, as a list of steps: waits, passes, outages, and what people do meanwhile. Steps keep their
// number when others are dropped, so that a shrunken story is still the same story.
import type { Drift } from "./drift.ts"
import type { Outage } from "./faults.ts"
import type { Stop } from "./host.ts"
import type { Chance } from "./random.ts"

export type ActKind =
  | "make"
  | "edit"
  | "clear"
  | "tag"
  | "untag"
  | "stage"
  | "address"
  | "swap"
  | "remove"
  | "restore"
  | "takeover"
  | "twin"
  | "decide"
  | "retry"
  | "purgeLog"
  | "merge"
  | "unmerge"

/** What whoever operates the engine has it do beside its passes. */
export type ChoreKind =
  | /** take back what some run wrote */ "undo"
  /** the same once more */
  | "undoAgain"
  /** once all is quiet: corrupt some items behind everybody's back, then compare and repair */
  | "audit"
  /** compare all systems, in the middle of it all */
  | "verify"
  /** the same, and have it repaired */
  | "repair"
  /** somebody asks to be forgotten; and the same wish once more */
  | "forget"
  | "forgetAgain"
  /** keep a copy of the store, and put it back */
  | "backup"
  | "restore"
  /** edit the pipeline; the first time a field goes that may come back */
  | "unmap"
  | "remap"
  | "refilter"
  /** keep a plan, and carry it out */
  | "plan"
  | "apply"

export type Step = { readonly n: number } & (
  | { readonly kind: "wait"; readonly ms: number }
  | {
      readonly kind: "pass"
      readonly full: boolean
      readonly patient: boolean
      /** The process ends at this point of the pass; and at this point of the one that follows. */
      readonly crashAt: number | null
      readonly stop?: Stop
    }
  | { readonly kind: "deed"; readonly deed: "ponder" | "answerLate" | "answerMany"; readonly roll: number }
  | {
      readonly kind: "chore"
      readonly chore: ChoreKind
      readonly roll: number
      readonly crashAt: number | null
    }
  | { readonly kind: "outage"; readonly system: string; readonly how: Outage; readonly ms: number }
  | { readonly kind: "setBack"; readonly system: string; readonly ms: number }
  | {
      readonly kind: "drift"
      readonly system: string
      readonly drift: Drift
      /** It begins so much later, and lasts so long from now on. */
      readonly afterMs: number
      readonly ms: number
    }
  | {
      readonly kind: "act"
      readonly act: ActKind
      readonly system: string
      readonly person: number
      readonly other: number
      readonly field: "name" | "note" | "phone" | "score"
      /** 0: now; else so much later, within the next pass. */
      readonly afterMs: number
      readonly roll: number
    }
)

export type Act = Extract<Step, { kind: "act" }>

type Weights = readonly (readonly [number, ActKind])[]

const EVERYDAY: Weights = [
  [3, "make"],
  [8, "edit"],
  [1, "clear"],
  [2, "tag"],
  [1, "untag"],
  [2, "stage"],
]
const UNUSUAL: Weights = [
  [2, "address"],
  [1, "swap"],
  [2, "remove"],
  [1, "restore"],
  [1, "takeover"],
  [1, "twin"],
  [2, "decide"],
  [0.5, "retry"],
  [0.3, "purgeLog"],
]

/** What a long story has at least. */
export const LONG = { acts: 200, ms: 24 * 3_600_000 } as const

export function drawScript(chance: Chance, systems: readonly string[], isLong = false): readonly Step[] {
  const people = chance.of([2, 4, 8])
  const rounds = chance.weighted([
    [6, chance.int(2, 6)],
    [3, chance.int(6, 15)],
    [1, chance.int(15, 40)],
  ])
  const weights: Weights = [...EVERYDAY, ...UNUSUAL.filter(() => chance.is(0.5))]
  const crashes = chance.is(0.5) ? chance.of([0.1, 0.4]) : 0
  const outages = chance.is(0.3) ? 0.15 : 0
  const steps: Step[] = []
  let acted = 0
  let lasts = 0
  const add = (step: Step extends infer S ? (S extends Step ? Omit<S, "n"> : never) : never): void => {
    if (step.kind === "act") acted++
    if (step.kind === "wait") lasts += step.ms
    steps.push({ n: steps.length, ...step } as Step)
  }
  const act = (kind: ActKind, afterMs: number): void =>
    add({
      kind: "act",
      act: kind,
      system: chance.of(systems),
      person: chance.int(0, people - 1),
      other: chance.int(0, people - 1),
      field: chance.of(["name", "note", "phone"]),
      afterMs,
      roll: chance.next(),
    })
  for (let i = 0; i < people; i++) if (chance.is(0.7)) act("make", 0)
  const goesOn = (round: number): boolean => round < rounds || (isLong && (acted < LONG.acts || lasts < LONG.ms))
  for (let round = 0; goesOn(round); round++) {
    const acts = chance.int(0, 6)
    for (let i = 0; i < acts; i++) {
      act(chance.weighted(weights), 0)
      if (chance.is(0.5)) add({ kind: "wait", ms: chance.of([1, 700, 5_000, 60_000]) })
    }
    if (chance.is(outages)) {
      add({
        kind: "outage",
        system: chance.of(systems),
        how: chance.of(["down", "blank"] as const),
        ms: chance.of([500, 20_000, 1_200_000]),
      })
    }
    const meanwhile = chance.is(0.5) ? chance.int(1, 4) : 0
    for (let i = 0; i < meanwhile; i++) act(chance.weighted(weights), chance.int(1, 900))
    add({
      kind: "pass",
      full: chance.is(0.15),
      patient: chance.is(0.3),
      crashAt: chance.is(crashes) ? chance.int(1, 40) : null,
    })
    add({ kind: "wait", ms: chance.of([10, 1_000, 30_000, 600_000, 3_600_000]) })
  }
  return steps
}
