// Where a scan stands, as JSON that survives a restart; and where the next one begins. A cursor of another kind, or one that
// cannot be read, is `cursorExpired`: the engine then reads everything.
import type { Cursor } from "../../contract.ts"
import { FaultError } from "../../fault.ts"
import { isObject, type Json, type JsonObject } from "../../json.ts"
import { placeOf, type PagePlace } from "../paginate/paging.ts"

/** Between two scans: what each feed needs to go on, and when it was written. */
export interface Rest {
  readonly delta: Json
  readonly tombstones: Json
  /** Epoch ms, for feeds that forget. */
  readonly at: number
}

/** In the middle of a scan. */
export interface Standing {
  readonly scan: "snapshot" | "delta" | "tombstones"
  readonly place: PagePlace
  /** The system's clock when the scan began. */
  readonly asOf: string | null
  /** The system's clock by our reckoning, epoch ms: the upper bound for requests that want one. */
  readonly until: number
  /** Of the feed that is read: where it began. */
  readonly from: Json
  /** What was found so far: the largest time or number, the newest token. */
  readonly found: Json
  /** timestamp with a window: its lower end and the rows read in it; `tie`: among records of one instant, after this one. */
  readonly window: { readonly low: number; readonly rows: number; readonly tie: { readonly after: Json } | null } | null
  /** Below parents: those whose children are still to be read, the first of them now, and where more of them come from. */
  readonly parents: { readonly ids: readonly string[]; readonly cursor: Json; readonly more: boolean } | null
  readonly rest: Rest
}

export type Opening =
  | { readonly kind: "new" }
  | { readonly kind: "rest"; readonly rest: Rest }
  | { readonly kind: "standing"; readonly standing: Standing }

export const restCursor = ({ delta, tombstones, at }: Rest): Cursor => ({ v: 1, delta, tombstones, at })

export const standingCursor = ({ scan, place, asOf, until, from, found, window, parents, rest }: Standing): Cursor => ({
  v: 1,
  scan,
  place,
  asOf,
  until,
  from,
  found,
  window: window === null ? null : { low: window.low, rows: window.rows, tie: window.tie === null ? null : { after: window.tie.after } },
  ...(parents === null ? {} : { parents: { ids: parents.ids, cursor: parents.cursor, more: parents.more } }),
  delta: rest.delta,
  tombstones: rest.tombstones,
  at: rest.at,
})

export function openCursor(cursor: Cursor): Opening {
  if (cursor === null) return { kind: "new" }
  if (!isObject(cursor) || cursor["v"] !== 1) throw expired("it was written by something else")
  const at = cursor["at"]
  const rest: Rest = { delta: cursor["delta"] ?? null, tombstones: cursor["tombstones"] ?? null, at: typeof at === "number" ? at : 0 }
  const scan = cursor["scan"]
  if (scan !== "snapshot" && scan !== "delta" && scan !== "tombstones") return { kind: "rest", rest }
  const { asOf = null, until = null } = cursor
  return {
    kind: "standing",
    standing: {
      scan,
      place: placeOf(cursor["place"]),
      asOf: typeof asOf === "string" ? asOf : null,
      until: typeof until === "number" ? until : 0,
      from: cursor["from"] ?? null,
      found: cursor["found"] ?? null,
      window: windowOf(cursor["window"]),
      parents: parentsOf(cursor["parents"]),
      rest,
    },
  }
}

function windowOf(value: Json | undefined): Standing["window"] {
  if (!isObject(value)) return null
  const { low, rows, tie } = value as JsonObject & { low?: Json; rows?: Json; tie?: Json }
  if (typeof low !== "number" || typeof rows !== "number") return null
  return { low, rows, tie: isObject(tie) ? { after: tie["after"] ?? null } : null }
}

function parentsOf(value: Json | undefined): Standing["parents"] {
  if (!isObject(value)) return null
  const { ids = null, cursor = null, more = null } = value
  return { ids: Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [], cursor, more: more === true }
}

export const expired = (why: string): FaultError =>
  new FaultError({ class: "cursorExpired", message: `The cursor cannot be used: ${why}.` })
