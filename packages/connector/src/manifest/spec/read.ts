// Reading: scans page by page (snapshot, delta, tombstones), cursors, lookups.
import type { RequestSpec } from "./request.ts"
import type { Condition, Value } from "./value.ts"

/** Where a paging value goes: `query.after`, `body.paging.cursor`, `headers.x-page`. Absent: the request reads `page` itself. */
export interface Slot {
  readonly in: "query" | "body" | "headers"
  readonly path: string
}

/** How the next page is found. `more` stops the scan where it is false; without it, what each kind can tell decides. */
export type NextSpec = { readonly more: Condition | null } & (
  | { readonly kind: "none" }
  /** A token of the answer; none ends the scan. */
  | { readonly kind: "token"; readonly token: Value; readonly to: Slot | null }
  /** Goes on until a page is empty, or `total` is reached. */
  | { readonly kind: "offset"; readonly to: Slot | null; readonly start: number; readonly total: Value | null }
  | { readonly kind: "page"; readonly to: Slot | null; readonly start: number; readonly pages: Value | null }
  /** `Link: <…>; rel="next"`; on the same host. */
  | { readonly kind: "link"; readonly rel: string }
  /** A URL in the answer; on the same host. */
  | { readonly kind: "url"; readonly url: Value }
  /** A value of the last record; ends with an empty page. */
  | { readonly kind: "keyset"; readonly of: Value; readonly to: Slot | null }
)

/** What a record of an answer says. Names: `rec`, `res`, `config`, `parent`. */
export interface RecordSpec {
  readonly id: Value
  readonly secondary: Value | null
  readonly item: Value
  readonly version: Value | null
  /** When it was last modified. */
  readonly at: Value | null
  /** Path -> time of its last change; a mapping, or a list of `{path, at}`. */
  readonly times: Value | null
  /** It is a delete: of a flag or a tombstone. */
  readonly deleted: Condition | null
  /** The deleted item is still there, marked. */
  readonly soft: Condition | null
  /** It had this id before. */
  readonly was: Value | null
  /** It was merged into the item with this id. */
  readonly into: Value | null
}

export interface ScanSpec {
  readonly request: RequestSpec
  /** The list of records in the answer. */
  readonly records: Value
  readonly next: NextSpec
  readonly record: RecordSpec
  /** Records that are not of this resource are left out. */
  readonly keep: Condition | null
  readonly total: Value | null
  /** The system's clock; the `Date` header, unless said. */
  readonly asOf: Value | null
  /** Most records that a page may be asked for. */
  readonly maxLimit: number | null
  readonly cursor: CursorSpec | null
  /** Asked at the end of a delta: how many items the whole resource has. */
  readonly count: BeginSpec | null
}

export type TimeForm = "iso" | "isoSeconds" | "date" | "epoch" | "epochMs"

/** Asked before a snapshot: where the delta that follows it begins. */
export interface BeginSpec {
  readonly request: RequestSpec
  readonly of: Value
}

export type CursorSpec =
  | {
      readonly kind: "timestamp"
      readonly of: Value
      readonly form: TimeForm
      readonly start: string
      readonly overlapMs: number
      /** How far an answer reaches, where it says so; the largest time seen, unless said. */
      readonly covered: Value | null
      /** Rows after which the API stops: the window then goes on from the last time seen. */
      readonly maxWindow: number | null
      /** Records of one instant that do not fit a window: `after` is the keyset within it. */
      readonly ties: { readonly of: Value; readonly request: RequestSpec } | null
      readonly ttlMs: number | null
    }
  /** Given by the system with the last page, or with each. */
  | {
      readonly kind: "token"
      readonly of: Value
      readonly start: Value | null
      readonly begin: BeginSpec | null
      readonly ttlMs: number | null
    }
  /** The largest number seen, or what the answer says. */
  | {
      readonly kind: "sequence"
      readonly of: Value
      readonly from: "record" | "answer"
      readonly start: number
      readonly begin: BeginSpec | null
      readonly ttlMs: number | null
    }
  /** The ETag of the first page: a 304 says that nothing changed, anything else is read in full. */
  | { readonly kind: "etag" }

/** `by`: "id", "secondary" or the name of a key. Names: `value` (one), `values` (at most `max`). */
export interface LookupSpec {
  readonly by: string
  readonly max: number
  readonly request: RequestSpec
  /** One record or a list; an answer that holds none says that it is not there. */
  readonly records: Value
  readonly record: RecordSpec
  /** What of a record answers the value asked for, or a list of all that do; compared as text, case-insensitively where `fold`. */
  readonly key: Value
  readonly fold: boolean
}
