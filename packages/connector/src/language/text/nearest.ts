// The nearest known name to a mistyped one, as a hint; or the list of names, where it is short enough to help.
import { distance } from "fastest-levenshtein"

/** Names longer than this are not typing mistakes, and comparing them is work without bound. */
const MAX_NAME = 80
const MAX_LISTED = 16

export function nearest(name: string, known: readonly string[]): string | null {
  if (name.length > MAX_NAME) return null
  const wanted = name.toLowerCase()
  let best: string | null = null
  let bestDistance = Math.max(name.length < 4 ? 1 : 2, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    if (candidate.length > MAX_NAME) continue
    const lower = candidate.toLowerCase()
    const far = howFar(wanted, lower)
    if (far < bestDistance) {
      best = candidate
      bestDistance = far
    }
  }
  return best
}

export function didYouMean(name: string, known: readonly string[]): string | null {
  const near = nearest(name, known)
  if (near !== null) return `did you mean "${near}"?`
  if (known.length === 0) return null
  if (known.length === 1) return `expected ${known[0] as string}`
  return known.length <= MAX_LISTED ? `one of: ${known.join(", ")}` : null
}

function howFar(wanted: string, known: string): number {
  if (plain(wanted) === plain(known)) return 0
  if (letters(wanted) === letters(known)) return 1
  // A whole word of the other ("lowercase" for "lower") is as good as a small slip.
  const contained = Math.min(known.length, wanted.length) >= 4 && (known.includes(wanted) || wanted.includes(known))
  return contained ? Math.min(1.5, distance(wanted, known)) : distance(wanted, known)
}

/** The letters without their order: typing two of them the wrong way round is one slip. */
const letters = (name: string): string => [...name].toSorted().join("")

const plain = (name: string): string => name.replace(/[_\-. ]/g, "")
