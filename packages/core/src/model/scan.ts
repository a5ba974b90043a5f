// How far a binding has been read. The delta cursor moves only when a whole scan is done.
import type { Cursor } from "@syncline/connector"

export interface ScanState {
  readonly binding: string
  readonly entity: string
  /** Where the next delta scan starts; `null`: never completed a scan, or the cursor expired. */
  readonly cursor: Cursor
  /** A scan under way: resumes here after a crash. */
  readonly scan: {
    readonly mode: "delta" | "snapshot"
    readonly next: Cursor
    readonly startedAt: number
    /** Whether absence in this snapshot may count (not after an expired cursor, not after a resume). */
    readonly provesAbsence: boolean
  } | null
  /** Fingerprint of the fields that the cursor was read with; another one means a backfill. */
  readonly fingerprint: string
  readonly lastFullAt: number | null
  readonly lastScanAt: number | null
  /** Items in the resource as of the end of the last scan, where the system tells. */
  readonly total: number | null
}
