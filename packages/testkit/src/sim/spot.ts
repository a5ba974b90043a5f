// Where a scan of a simulated system stands: what its cursors are made of.
import { type Cursor, isObject } from "@syncline/connector"

export interface Spot {
  readonly after: string | null
  readonly seq: number
  readonly since: number
  readonly scan: { readonly asOf: number; readonly seq: number; readonly since: number } | null
}

// Cursors come back as they were handed out.
export const readCursor = (cursor: Cursor): Spot | null => (isObject(cursor) ? (cursor as unknown as Spot) : null)
