// Times as people read them: the local-free ISO minute, and how long ago.
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export const showTime = (at: number): string => new Date(at).toISOString().replace("T", " ").slice(0, 19)

export function showSpan(ms: number): string {
  const span = Math.abs(ms)
  if (span < SECOND) return `${Math.round(span)} ms`
  if (span < 10 * SECOND) return `${(span / SECOND).toFixed(1)} s`
  if (span < 2 * MINUTE) return `${Math.round(span / SECOND)} s`
  if (span < 2 * HOUR) return `${Math.round(span / MINUTE)} min`
  if (span < 2 * DAY) return `${Math.round(span / HOUR)} h`
  return `${Math.round(span / DAY)} days`
}

export function showAgo(at: number, now: number): string {
  const span = now - at
  if (span < SECOND && span > -SECOND) return "just now"
  return span >= 0 ? `${showSpan(span)} ago` : `in ${showSpan(span)}`
}
