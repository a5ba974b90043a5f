// Times as systems write them -> instants: ISO texts (without a zone they are UTC), epoch seconds and milliseconds, HTTP
// dates. Leaves ISO 8601 in UTC, or null for what is no time.
import type { Json } from "../../json.ts"
import type { TimeForm } from "../spec/index.ts"

/** Beyond this a number of seconds would be a year above 5000: it is milliseconds. */
const MILLISECONDS_FROM = 1e11

export function msOf(value: Json | undefined): number | null {
  if (typeof value === "number") return inRange(value >= MILLISECONDS_FROM ? value : value * 1000)
  if (typeof value !== "string") return null
  const text = value.trim()
  if (/^-?\d{1,15}(?:\.\d{1,9})?$/.test(text)) return msOf(Number(text))
  const local = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?))?$/.exec(text)
  if (local !== null) return inRange(Date.parse(`${local[1]}T${(local[2] ?? "00:00").replace(",", ".")}Z`))
  // `+0000`, as some write the zone, is not what the runtime reads.
  return inRange(Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2")))
}

const inRange = (ms: number): number | null => (Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? ms : null)

/** Written as this project writes times, of a day that every month has: there is nothing to work out. */
const PLAIN = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

export function instantOf(value: Json | undefined): string | undefined {
  if (typeof value === "string" && value.length === 24 && PLAIN.test(value)) return value
  const ms = msOf(value)
  return ms === null ? undefined : new Date(ms).toISOString()
}

/** An instant as the system wants it in a request. */
export function written(ms: number, form: TimeForm): string | number {
  const iso = new Date(ms).toISOString()
  switch (form) {
    case "iso":
      return iso
    case "isoSeconds":
      return `${iso.slice(0, 19)}Z`
    case "date":
      return iso.slice(0, 10)
    case "epoch":
      return Math.floor(ms / 1000)
    case "epochMs":
      return ms
  }
}
