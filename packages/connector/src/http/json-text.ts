// JSON text of a stranger -> values that are safe to handle: bounded depth, no `__proto__` keys, and whole numbers
// beyond 2^53 as strings that keep their digits. Throws a SyntaxError that never quotes the text.
import type { Json } from "../json.ts"

/** Deeper than any real item; shallow enough for recursive code downstream. */
const MAX_DEPTH = 100

/**
 * Only these can hold a number that a double would change: a long run of digits, or a large exponent, where a value may
 * begin. A hash in quotes has long runs of digits, too, and must not send every page the slow way.
 */
const MAY_HOLD_LONG_NUMBER = /(?:^|[\s:,[])-?(?:\d{16}|[\d.]*[eE]\+?\d{3})/

const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown => {
  if (typeof value !== "number" || context?.source === undefined) return value
  if (!Number.isFinite(value)) return context.source
  return !Number.isSafeInteger(value) && /^-?\d+$/.test(context.source) ? context.source : value
}

export const parseJsonText = (text: string): Json => {
  let value: unknown
  try {
    value = MAY_HOLD_LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)
  } catch {
    throw new SyntaxError("not JSON")
  }
  tame(value, 0)
  // JSON.parse yields nothing but Json; its type says `any`.
  return value as Json
}

const tame = (value: unknown, depth: number): void => {
  if (typeof value !== "object" || value === null) return
  if (depth >= MAX_DEPTH) throw new SyntaxError(`JSON nested deeper than ${MAX_DEPTH} levels`)
  if (Array.isArray(value)) {
    for (const each of value) tame(each, depth + 1)
    return
  }
  // JSON gives plain objects only, so that this loop sees own keys only; it costs half of what Object.values does.
  const object = value as Record<string, unknown>
  for (const name in object) {
    // An own key today, but whoever copies the object by assignment would set the copy's prototype.
    if (name === "__proto__") Reflect.deleteProperty(object, name)
    else tame(object[name], depth + 1)
  }
}
