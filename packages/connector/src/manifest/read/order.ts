// Numbers that grow, as systems write them: numbers, or texts of digits beyond what a number holds.
import type { Json } from "../../json.ts"

const whole = (value: Json): bigint | null =>
  typeof value === "number" && Number.isSafeInteger(value)
    ? BigInt(value)
    : typeof value === "string" && /^\d{1,40}$/.test(value)
      ? BigInt(value)
      : null

/** The later of two; what is no number is none. */
export function later(one: Json, other: Json): Json {
  const [a, b] = [whole(one), whole(other)]
  if (a === null) return b === null ? one : other
  return b === null || b <= a ? one : other
}

/** The last time of a list that ascends, leaving out what has none. */
export function listEnd(times: readonly (number | null)[]): number | null {
  for (let i = times.length - 1; i >= 0; i--) {
    const at = times[i] ?? null
    if (at !== null) return at
  }
  return null
}
