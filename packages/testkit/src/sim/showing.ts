// What the API of a simulated system has to show of its rows at a time, and what becomes of single items on their way. In:
// rows with their whole history. Out: the states that are visible, answers that make no sense.
import type { Change, Fault, LookupAnswer } from "@syncline/connector"
import { heirOf } from "./naming.ts"
import { Chance } from "./random.ts"
import { presentOf, type Row, type SimSystem, type Version } from "./system.ts"
import { addressOf } from "./words.ts"

export interface State {
  readonly row: Row
  readonly version: Version
}

/** How everything was at a time. */
export const statesAt = (system: SimSystem, asOf: number): State[] =>
  system.rows.flatMap((row) => {
    const version = system.asOf(row, asOf)
    return version === undefined ? [] : [{ row, version }]
  })

/** What shows by now, where each state has a delay of its own, none above the declared lag: never again an earlier one. */
export const statesShownLate = (system: SimSystem, now: number): State[] =>
  system.rows.flatMap((row) => {
    const version = row.versions.findLast(({ since, seq }) => since + delayOf(system, seq) <= now)
    return version === undefined ? [] : [{ row, version }]
  })

const delayOf = ({ shape }: SimSystem, seq: number): number => Math.floor(new Chance(seq, 14).next() * shape.lagDelta)

/** An item that nobody can make sense of: without anything that it held, or no item at all. */
export function garbled(change: Change, known: boolean, chance: Chance): Change {
  if (change.kind !== "upsert") return change
  return { ...change, item: known && chance.is(0.5) ? {} : { ...change.item, note: Number.NaN } }
}

export const isGarbled = (change: Change): boolean =>
  change.kind === "upsert" && (Object.keys(change.item).length === 0 || Number.isNaN(change.item["note"]))

export const itemFault = (chance: Chance): Fault =>
  chance.of([
    { class: "forbidden", message: "this item is not yours to see" },
    { class: "transient", message: "this item could not be read" },
    { class: "invalid", message: "this item makes no sense" },
  ] as const)

/** Sorts the states of a feed: by their number in it, or by time and, among equal ones, by item. */
export const placeInFeed = (system: SimSystem, { row, version }: State): string =>
  system.shape.delta === "sequence"
    ? String(version.seq).padStart(12, "0")
    : `${String(system.time(version.at)).padStart(16, "0")}/${row.uid}`

export const noMore = ({ shape }: SimSystem): Fault => ({
  class: shape.saysGone ? "gone" : "notFound",
  message: "it is not there any more",
})

/** What a lookup finds: who is there, else who was there under this name last. */
export function lookedUp(system: SimSystem, asOf: number, by: string, value: string): State | undefined {
  const states = statesAt(system, asOf).filter(({ row, version }) =>
    by === "secondary" ? row.uid === value : by === "id" ? version.id === value : addressOf(version.item) === value.trim().toLowerCase(),
  )
  return states.find(({ version }) => version.state === "live") ?? (by === "email" ? undefined : states.at(-1))
}

/** Who is asked for and went into another is answered with that one, where the system does so. */
export function answerFor(system: SimSystem, state: State | undefined): State | undefined {
  const heir = state === undefined || system.merging === "silent" ? null : heirOf(state.version)
  return heir === null ? state : { row: heir, version: presentOf(heir) }
}

export const tellAnswer = (answer: LookupAnswer | undefined): string =>
  answer === undefined ? "?" : "found" in answer ? `${answer.found.kind} ${answer.found.id}` : answer.fault.class
