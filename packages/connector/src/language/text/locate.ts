// Where in the file a part of a scalar's text stands, so that an error in an expression points at its very characters.
import type { Span } from "./diagnostic.ts"

export function locator(
  at: Span,
  text: string,
  type: string,
  value: string | number | boolean | null,
): (start: number, end: number) => Span {
  if (typeof value !== "string") return () => at
  let offsets: readonly number[] | null = null
  return (start, end) => {
    offsets ??= align(at, text, type, value)
    const from = offsets[Math.min(start, value.length)] ?? at.start
    const last = end > start ? (offsets[Math.min(end, value.length) - 1] ?? from) + 1 : from + 1
    return { path: at.path, start: from, end: Math.max(last, from + 1) }
  }
}

/** Offset in the file of each character of `value`, and of its end. */
function align(at: Span, text: string, type: string, value: string): readonly number[] {
  const offsets: number[] = []
  const quoted = type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE"
  let here = quoted ? at.start + 1 : at.start
  if (type.startsWith("BLOCK")) here = text.indexOf("\n", at.start) + 1
  for (let i = 0; i < value.length; i++) {
    if (type === "QUOTE_DOUBLE" && text[here] === "\\") {
      offsets.push(here)
      here += ({ x: 4, u: 6, U: 10 } as Record<string, number>)[text[here + 1] ?? ""] ?? 2
      continue
    }
    // Folding and indentation: whitespace of the file that the value has not, or has as one blank.
    if (text[here] !== value[i] && /\s/.test(text[here] ?? "")) {
      const blank = here
      while (here < at.end && /\s/.test(text[here] ?? "")) here++
      if (/\s/.test(value[i] ?? "")) {
        offsets.push(blank)
        continue
      }
    }
    offsets.push(Math.min(here, at.end))
    here += type === "QUOTE_SINGLE" && text[here] === "'" && text[here + 1] === "'" ? 2 : 1
  }
  offsets.push(Math.min(here, at.end))
  return offsets
}
