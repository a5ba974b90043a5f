// When things happened: some years of history that ended before the story begins, the same for everybody who plays it.
import type { Chance } from "./chance.ts"

const DAY_MS = 86_400_000
/** Nothing in the seed is later. */
const END = Date.UTC(2026, 9, 31, 18)
const YEARS_MS = 3 * 365 * DAY_MS

const somewhere = (chance: Chance, from: number, to: number): number => from + Math.floor(chance.next() * (to - from))

export interface Dates {
  readonly created_at: string
  readonly updated_at: string
}

export const datesOf = (chance: Chance): Dates => {
  const created = somewhere(chance, END - YEARS_MS, END)
  // Half of them were never touched again.
  const updated = chance.percent(50) ? created : somewhere(chance, created, END)
  return { created_at: new Date(created).toISOString(), updated_at: new Date(updated).toISOString() }
}

/** To the second, as the platform keeps it; now and then the very second of a change in the CRM, made by some import. */
export const lastChangedOf = (chance: Chance, inCrm: Dates | undefined): string => {
  const own = somewhere(chance, END - YEARS_MS, END)
  const at = inCrm !== undefined && chance.percent(4) ? Date.parse(inCrm.updated_at) : own
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}
