// What taking back a run comes to: one action per field or item that the run wrote. A plan first, then the account.
import type { GuardTrip, Unreachable } from "../model/report.ts"
import type { Json } from "../model/value.ts"

export type UndoAction = {
  readonly entity: string
  readonly recordId: string
  /** How people recognise the record. */
  readonly label: string
  readonly system: string
  readonly binding: string
  /** `null`: left, because the item is no longer this record's. */
  readonly linkId: string | null
  readonly remoteId: string | null
} & (
  | {
      /** The system gets the value back that it had; the record keeps its own, and a person is asked which is to stay. */
      readonly kind: "restore"
      readonly field: string
      readonly now: Json
      readonly before: Json
    }
  | {
      /** The value moved on since the run: a person is asked, nothing is written. */
      readonly kind: "ask"
      readonly field: string
      readonly now: Json
      readonly before: Json
      readonly why: string
    }
  /** The run created the item: it is removed there, and held so that no run makes it anew. */
  | { readonly kind: "remove" }
  /** The run deleted the item: it is created anew, as the next generation of its link. */
  | { readonly kind: "recreate" }
  /** Nothing is done, for this reason. */
  | { readonly kind: "leave"; readonly field: string | null; readonly why: string }
)

export interface UndoReport {
  readonly undo: 1
  /** The run that is taken back. */
  readonly run: string
  readonly pipeline: string
  /** `null`: a plan; nothing was written. Else the run that wrote. */
  readonly appliedBy: string | null
  readonly actions: readonly UndoAction[]
  /** Of an applied one: actions whose write did not go through. */
  readonly failed: readonly UndoAction[]
  /** Of an applied one: nobody knows yet whether they did; the next run finds out, and makes what is still to be made anew. */
  readonly open: readonly UndoAction[]
  readonly guards: readonly GuardTrip[]
  readonly unreachable: readonly Unreachable[]
  /** Why nobody looked yet at what that run wrote; null: somebody did, or a guard stopped it before. */
  readonly waits: string | null
}
