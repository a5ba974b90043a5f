// Who wrote a value, and when, as far as anybody can know it.
import type { Stamp } from "@syncline/core/model"
import { cleanText } from "./clean.ts"
import { showAgo } from "./moment.ts"

export function showStamp(stamp: Stamp, now: number): string {
  const who = stamp.system === "human" ? "a person" : cleanText(stamp.system)
  const when = showAgo(stamp.at, now)
  // An item's time or our own sighting is an upper bound, and is said as one.
  return stamp.certainty === "observed" ? `${who}, seen ${when}` : `${who}, ${when}`
}
