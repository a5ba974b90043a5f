// An intent: a remote write about to be made, durable before the call, gone after its outcome is known.
import type { Claim, Fields } from "./record.ts"
import type { JsonObject } from "./value.ts"

export interface Intent {
  readonly id: string
  readonly linkId: string
  readonly recordId: string
  readonly entity: string
  readonly binding: string
  readonly kind: "create" | "update" | "delete"
  readonly remoteId: string | null
  readonly secondaryId: string | null
  /** Exactly what is sent: the changed paths. */
  readonly set: JsonObject
  readonly seen: JsonObject | null
  readonly version: string | null
  /** The canonical values that `set` expresses. */
  readonly sent: Fields
  /** Match keys that an open create reserves. */
  readonly keys: readonly Claim[]
  /** Derived from link and generation (and content for an update), so that a retry carries the same key and bytes. */
  readonly idempotencyKey: string
  readonly epoch: number
  readonly run: string
  readonly openedAt: number
  /** Until then "not there" is no verdict on an unanswered write. */
  readonly settlesAt: number
  readonly tries: number
  /** `false` while the first call is (or may be) under way; `true` once its answer is known to be missing. */
  readonly unanswered: boolean
  /** The run that this write takes back: where it does not go through, nothing is owed. */
  readonly undoes?: string
}
