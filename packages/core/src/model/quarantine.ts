// Quarantine (elsewhere: dead letter): what cannot pass, kept whole with its reason.
import type { JsonObject } from "./value.ts"

export interface Quarantined {
  readonly id: string
  readonly entity: string
  readonly binding: string
  readonly recordId: string | null
  readonly linkId: string | null
  readonly remoteId: string | null
  /** Set: only this field is held, the rest of the item flows. */
  readonly field: string | null
  /** `in`: an item that could not be taken. `out`: a write that the system refused. */
  readonly direction: "in" | "out"
  readonly reason: string
  /** The whole item, or the refused body. */
  readonly item: JsonObject
  /** The item's stable id, where it has one. */
  readonly secondary?: string
  readonly version: string | null
  readonly since: number
}
