// The item that is asked along where "not found" is to prove something: one that is there. What is in step comes first; one
// that only stands there (parked, or left in place) shows as well that lookups answer.
import type { Link } from "../model/link.ts"

/** `known`: not gone, and seen at some time. `asked`: those that are in question themselves. */
export function siblingOf(known: readonly Link[], asked: readonly Link[]): Link | null {
  const others = known.filter((link) => !asked.some((own) => own.id === link.id))
  return others.find((link) => link.state === "live") ?? others[0] ?? null
}
