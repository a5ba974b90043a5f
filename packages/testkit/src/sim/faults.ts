// What may go wrong, and how often in this seed: each kind has its own rate, and many are zero.
import type { Chance } from "./random.ts"

export const FAULT_KINDS = [
  "pullFails",
  "pullLimited",
  "cursorExpires",
  "scanBreaksOff",
  "pageRepeats",
  "lookupFails",
  "pushFails",
  "pushLimited",
  "opFails",
  "answerLost",
  "requestLost",
  "appliedLate",
  "outcomeMissing",
  "outcomesShuffled",
  "noExistingId",
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]
export type Rates = Readonly<Record<FaultKind, number>>

export const NO_FAULTS = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])) as Rates

export function drawRates(chance: Chance): Rates {
  const calm = chance.is(0.15)
  return Object.fromEntries(FAULT_KINDS.map((kind) => [kind, calm || chance.is(0.55) ? 0 : chance.of([0.02, 0.1, 0.3])])) as Rates
}

/** Writes that nobody answers, in every way: lost on the way there, on the way back, and late. */
export const inDoubt = (rates: Rates): Rates => ({ ...rates, answerLost: 0.2, requestLost: 0.15, appliedLate: 0.3, opFails: 0.1 })

/** Calls that mostly need a second try. */
export const flaky = (rates: Rates): Rates => ({ ...rates, pullFails: 0.35, lookupFails: 0.35, pushFails: 0.35, pushLimited: 0.1 })

/** An outage: no calls get through, or calls get through and see nothing. */
export type Outage = "down" | "blank" | null
