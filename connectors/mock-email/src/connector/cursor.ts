// Where a scan goes on. Offsets shift when a member before them disappears, so each page begins with the last member
// of the page before it, the anchor: if that is not there, something has moved.
import { FaultError, isObject, type Cursor } from "@syncline/connector"

export interface Scan {
  readonly kind: "snapshot" | "delta"
  /** delta: members changed at or after this instant. */
  readonly since: string
  /** Members of this scan that have been read. */
  readonly offset: number
  readonly anchor: { readonly key: string; readonly at: string } | null
  /** The platform's clock at the first page; null before it. */
  readonly asOf: string | null
  /** How many members there were at the page before. */
  readonly total: number
  /** How often the scan had to go back. */
  readonly restarts: number
}

const beginning = "1970-01-01T00:00:00Z"

export const startScan = (kind: Scan["kind"], since: string = beginning): Scan => ({
  kind,
  since,
  offset: 0,
  anchor: null,
  asOf: null,
  total: 0,
  restarts: 0,
})

/** The cursor of the next delta scan. */
export const deltaFrom = (since: string): Cursor => ({ since })

export const writeCursor = (scan: Scan): Cursor => ({ ...scan, anchor: scan.anchor === null ? null : { ...scan.anchor } })

const expired = (): FaultError => new FaultError({ class: "cursorExpired", message: "The cursor is not one of this connector." })

const isInstant = (value: unknown): value is string => typeof value === "string" && !Number.isNaN(Date.parse(value))
const isCount = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value) && value >= 0

export const readCursor = (mode: Scan["kind"], cursor: Cursor): Scan => {
  if (cursor === null) return startScan(mode)
  if (!isObject(cursor)) throw expired()
  const { kind, since, offset, anchor, asOf, total, restarts } = cursor
  if (!isInstant(since)) throw expired()
  // The end of another scan: a delta begins there, a snapshot from the start.
  if (kind === undefined || kind !== mode) return mode === "delta" && kind === undefined ? startScan(mode, since) : startScan(mode)
  if (!isCount(offset) || !isCount(total) || !isCount(restarts) || (asOf !== null && !isInstant(asOf))) throw expired()
  if (anchor === null) return { kind: mode, since, offset, anchor, asOf, total, restarts }
  if (!isObject(anchor) || typeof anchor["key"] !== "string" || !isInstant(anchor["at"])) throw expired()
  return { kind: mode, since, offset, anchor: { key: anchor["key"], at: anchor["at"] }, asOf, total, restarts }
}
