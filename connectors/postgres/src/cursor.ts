// Cursors: where a snapshot has got to, and where the next delta starts. What does not look like one of ours has expired.
import { FaultError, isObject, type Cursor, type Json, type JsonObject } from "@syncline/connector"

export type PgCursor =
  /** `after`: the key of the last row read. `since`: where the first delta will start; null without any. */
  | { readonly scan: "snapshot"; readonly after: readonly string[]; readonly since: string | null; readonly asOf: string }
  /** `from`: rows changed before it were seen. While a scan runs: `after`, value and key of the last row; `upTo`, the next `from`. */
  | { readonly scan: "poll"; readonly from: string; readonly after?: readonly string[]; readonly upTo?: string; readonly asOf?: string }
  /** `at`: the log before this position was seen. While a scan runs: `done` messages of those up to `upTo`. */
  | { readonly scan: "log"; readonly at: string; readonly done?: number; readonly upTo?: string; readonly asOf?: string }

export const cursorJson = (cursor: PgCursor): JsonObject => ({ ...cursor })

export const expired = (message: string): FaultError => new FaultError({ class: "cursorExpired", message })

const isText = (value: Json | undefined): value is string => typeof value === "string"
const isTexts = (value: Json | undefined): value is readonly string[] => Array.isArray(value) && value.every(isText)

export function readCursor(cursor: Cursor): PgCursor | null {
  if (cursor === null) return null
  if (isObject(cursor)) {
    const { scan, after, since, asOf, from, upTo, at, done } = cursor
    const running = { ...(isText(upTo) ? { upTo } : {}), ...(isText(asOf) ? { asOf } : {}) }
    if (scan === "snapshot" && isTexts(after) && (since === null || isText(since)) && isText(asOf)) return { scan, after, since, asOf }
    if (scan === "poll" && isText(from)) return { scan, from, ...(isTexts(after) ? { after } : {}), ...running }
    if (scan === "log" && isText(at)) return { scan, at, ...(typeof done === "number" && done >= 0 ? { done } : {}), ...running }
  }
  throw expired("The cursor is not one of this table")
}
