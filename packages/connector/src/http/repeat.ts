// When a safe call is repeated at once, and when that is left to the engine's schedule. Pure.
import type { Fault } from "../fault.ts"

/** Tries of a safe call, the first included. Longer outages are for the engine's schedule. */
const MAX_TRIES = 3
const FIRST_DELAY_MS = 200
/** A system that wants to be left alone for longer is left to the engine, which has other work meanwhile. */
const LONGEST_DELAY_MS = 5000

/** Milliseconds to wait before the next try; `null`: not worth repeating, or not now. */
export const repeatAfter = (fault: Fault, tries: number, random: () => number): number | null => {
  if (tries >= MAX_TRIES || (fault.class !== "transient" && fault.class !== "rateLimited")) return null
  // Refused by our own limiter: the wait was judged too long already.
  if (fault.class === "rateLimited" && fault.status === undefined) return null
  const jitterMs = random() * FIRST_DELAY_MS * 2 ** (tries - 1)
  if (fault.retryAfterMs === undefined) return jitterMs
  // The jitter comes on top, so that many callers do not come back in the same instant.
  return fault.retryAfterMs > LONGEST_DELAY_MS ? null : fault.retryAfterMs + jitterMs
}
