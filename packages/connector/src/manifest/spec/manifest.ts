// A compiled manifest: what `compileManifest` makes of the YAML, and what reading and writing run on.
import type { DeleteSign } from "../../contract.ts"
import type { JsonSchema } from "../../json.ts"
import type { AuthSpec, LimitsSpec } from "./auth.ts"
import type { EdgeSpec } from "./edge.ts"
import type { LookupSpec, RecordSpec, ScanSpec } from "./read.ts"
import type { ErrorRule, RequestSpec } from "./request.ts"
import type { Setting, Value } from "./value.ts"
import type { WebhooksSpec } from "./webhook.ts"
import type { WireKind, WireSpec } from "./write.ts"

export interface Manifest {
  readonly id: string
  readonly title: string
  readonly baseUrl: Setting
  readonly configSchema: JsonSchema
  readonly auth: AuthSpec
  readonly limits: LimitsSpec
  readonly timeoutMs: number | null
  /** Of every request, after the request's own. */
  readonly errors: readonly ErrorRule[]
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, Value>>
  /** The cheap authenticated call behind `check`; the first page of the first resource, unless said. */
  readonly check: RequestSpec | null
  readonly resources: readonly ResourcePlan[]
  readonly webhooks: WebhooksSpec | null
}

export interface ResourcePlan {
  readonly name: string
  /** A setting: there is one such resource for each of its entries, with `config.each` for its settings. */
  readonly for: string | null
  readonly schema: JsonSchema
  readonly id: { readonly stable: boolean; readonly secondary: string | null }
  readonly keys: readonly { readonly name: string; readonly paths: readonly string[]; readonly unique: boolean; readonly value: Value }[]
  readonly version: {
    readonly kind: "etag" | "revision" | "timestamp" | "none"
    readonly resolutionMs: number | null
    readonly perField: boolean
    /** A response header that holds it, where an answer is one item: `etag`. */
    readonly header: string | null
  }
  readonly normalises: Readonly<Record<string, readonly string[]>>
  readonly lagMs: { readonly byId: number; readonly delta: number }
  readonly pageSize: number
  /** Every leaf of the schema, dotted: `paths` in requests that name the fields they want. */
  readonly paths: readonly string[]
  /** How a record reads, wherever it turns up; scans and lookups may differ in theirs. */
  readonly record: RecordSpec
  readonly snapshot: ScanSpec | null
  readonly delta: ScanSpec | null
  readonly tombstones: ScanSpec | null
  readonly lookups: readonly LookupSpec[]
  readonly deletes: readonly DeleteSign[]
  readonly write: Readonly<Partial<Record<WireKind, WireSpec>>>
  readonly edges: readonly EdgeSpec[]
  /** Read below each item of another resource: `/lists/{parent.id}/members`. Its ids are `parent/own`; `field`: where the
   * item names its parent, so that a new one finds it. */
  readonly parent: { readonly resource: string; readonly field: string | null } | null
}
