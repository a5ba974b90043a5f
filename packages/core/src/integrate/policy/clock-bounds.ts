// How far a stamp can be trusted: the span of our own time in which its edit must have happened.
import type { Stamp } from "../../model/record.ts"

export interface ClockBounds {
  /** Offset of a system's clock against ours (theirs minus ours), bounds in ms. */
  readonly offset: (system: string) => { readonly low: number; readonly high: number } | null
  /** Resolution of the modified times of a system, ms. */
  readonly resolutionMs: (system: string) => number
}

export interface Span {
  readonly low: number
  readonly high: number
}

/** Without any answer from a system its clock is taken to be within this many ms of ours. */
const UNKNOWN_OFFSET_MS = 1_000

export function spanOf(stamp: Stamp, clocks: ClockBounds): Span {
  if (stamp.certainty === "human") return { low: stamp.at, high: stamp.at }
  // seen now, made at any time before
  if (stamp.certainty === "observed") return { low: Number.NEGATIVE_INFINITY, high: stamp.at }
  const offset = clocks.offset(stamp.system) ?? { low: -UNKNOWN_OFFSET_MS, high: UNKNOWN_OFFSET_MS }
  return { low: stamp.at - offset.high, high: stamp.at + clocks.resolutionMs(stamp.system) - offset.low }
}

/** The later of two edits, or null where nobody can tell. */
export function later(a: Stamp, b: Stamp, clocks: ClockBounds): "a" | "b" | null {
  // one clock needs no offset: its own resolution is all that blurs it
  if (a.system === b.system && a.certainty !== "observed" && b.certainty !== "observed") {
    const resolutionMs = a.certainty === "human" ? 0 : clocks.resolutionMs(a.system)
    if (Math.abs(a.at - b.at) < Math.max(1, resolutionMs)) return null
    return a.at > b.at ? "a" : "b"
  }
  const left = spanOf(a, clocks)
  const right = spanOf(b, clocks)
  if (left.low > right.high) return "a"
  if (right.low > left.high) return "b"
  return null
}
