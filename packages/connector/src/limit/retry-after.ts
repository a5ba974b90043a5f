// Reads the times that limits are told in: seconds, epoch seconds, epoch milliseconds, HTTP dates, and nonsense.
// Leaves milliseconds from now, never negative and never above a day, or `undefined` for what says nothing.

/** A system that asks for more than a day is asked again after a day. */
export const LONGEST_PAUSE_MS = 86_400_000

const bounded = (ms: number): number => Math.min(Math.max(0, Math.ceil(ms)), LONGEST_PAUSE_MS)

/** Epoch ms of an HTTP date. Only the three forms of RFC 9110 carry a colon; `Date.parse` alone would accept "12" as a year. */
export const readHttpDate = (text: string | undefined): number | undefined => {
  if (text === undefined || !text.includes(":")) return undefined
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}

/** `Retry-After`: a date in it is compared with the answer's own `Date`, so that a wrong clock on our side does no harm. */
export const readRetryAfter = (value: string | undefined, date: string | undefined, nowMs: number): number | undefined => {
  if (value === undefined) return undefined
  const text = value.trim()
  if (/^\d{1,12}(\.\d+)?$/.test(text)) return bounded(Number(text) * 1000)
  const until = readHttpDate(text)
  return until === undefined ? undefined : bounded(until - (readHttpDate(date) ?? nowMs))
}

/** A reset header: a small number is seconds from now, a large one an instant. */
export const readReset = (value: string | undefined, date: string | undefined, nowMs: number): number | undefined => {
  const asNumber = Number(value)
  if (value === undefined || value.trim() === "") return undefined
  if (!Number.isFinite(asNumber)) return readRetryAfter(value, date, nowMs)
  if (asNumber < 1e9) return bounded(asNumber * 1000)
  const untilMs = asNumber < 1e11 ? asNumber * 1000 : asNumber
  return bounded(untilMs - (readHttpDate(date) ?? nowMs))
}
