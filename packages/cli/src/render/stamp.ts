// Who wrote a value, and when, as far as anybody can know it.
import { NOBODYS, type Stamp } from "@syncline/core/model"
import { cleanText } from "./clean.ts"
import { showAgo } from "./moment.ts"

export const isNobodys = ({ system, at }: Stamp): boolean => system === NOBODYS.system && at === NOBODYS.at

export function showStamp(stamp: Stamp, now: number): string {
  if (isNobodys(stamp)) return "nobody set it"
  const who = stamp.system === "human" ? "a person" : cleanText(stamp.system)
  const when = showAgo(stamp.at, now)
  // An item's time or our own sighting is an upper bound, and is said as one.
  return stamp.certainty === "observed" ? `${who}, seen ${when}` : `${who}, ${when}`
}
