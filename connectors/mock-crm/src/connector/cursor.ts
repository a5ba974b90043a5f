// The cursor: where a snapshot has got to, or where in the change log the next delta starts. Never trusted blindly: what
// does not look like one of ours has expired.
import { FaultError, isObject, type Cursor } from "@syncline/connector"

export type CrmCursor =
  /** `since`: the log's end before the snapshot began, where following it must start. */
  | { readonly scan: "snapshot"; readonly token: string; readonly since: number; readonly asOf: string }
  /** `etag`: of the empty page at `since`; while nothing happens, asking again costs a 304. `asOf`: when this scan began. */
  | { readonly scan: "delta"; readonly since: number; readonly etag?: string; readonly asOf?: string }

export const readCursor = (cursor: Cursor): CrmCursor | null => {
  if (cursor === null) return null
  if (isObject(cursor) && typeof cursor["since"] === "number" && Number.isSafeInteger(cursor["since"])) {
    const { scan, since, token, asOf, etag } = cursor
    if (scan === "snapshot" && typeof token === "string" && typeof asOf === "string") return { scan, token, since, asOf }
    if (scan === "delta")
      return { scan, since, ...(typeof etag === "string" ? { etag } : {}), ...(typeof asOf === "string" ? { asOf } : {}) }
  }
  throw new FaultError({ class: "cursorExpired", message: "The cursor is not one of this CRM" })
}

/** The system's own clock, from its Date header; to the second, rounded down. */
export const clockOf = (headers: Readonly<Record<string, string>>): string | undefined => {
  const ms = Date.parse(headers["date"] ?? "")
  return Number.isFinite(ms) ? new Date(ms).toISOString() : undefined
}
