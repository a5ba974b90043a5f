// What a connector is. Capabilities are data, so that the engine adapts and the connector never has to know the engine.
// Calls are promises that reject with `FaultError`; a connector neither retries nor sleeps by itself.
import type { Fault } from "./fault.ts"
import type { HttpClient, HttpSettings } from "./http/client.ts"
import type { Json, JsonObject, JsonSchema } from "./json.ts"

export type DeleteSign = "tombstone" | "flag" | "webhook" | "absence"
export type WriteKind = "create" | "update" | "delete"

/** How one kind of write behaves. */
export interface WriteSpec {
  /** Operations per `push` call that the connector can batch; the engine never sends more. */
  readonly max: number
  readonly atomic: "item" | "batch"
  /** Strength of compare-and-set: by the server, by a read just before the write, or none. */
  readonly guard: "ifMatch" | "readCompare" | "none"
  /** What makes a repeated request harmless. */
  readonly idempotent: "header" | "naturalKey" | "byId" | "none"
  /** How long the system remembers an idempotency key, in ms. */
  readonly keyTtlMs?: number
  /** How late an unanswered write may still take effect, in ms. */
  readonly horizonMs?: number
  /** How a value is cleared: by null, by an empty value of its type, or not at all. */
  readonly unset: "null" | "empty" | "never"
  /** Whether an applied outcome carries the item as it is after the write. */
  readonly returnsItem: boolean
  /** delete only: the item stays in the system, marked (archived), rather than vanishing. */
  readonly soft?: boolean
}

export interface ResourceSpec {
  readonly name: string
  /** JSON Schema of one remote item, as `pull` returns it. */
  readonly schema: JsonSchema
  /** Whether ids stay for good; one that can change names the path of a stable one beside it, if there is one. */
  readonly id: { readonly stable: boolean; readonly secondary?: string }
  readonly keys: readonly { readonly name: string; readonly paths: readonly string[]; readonly unique: boolean }[]
  /** Remote path -> what the system does to a value it is given: `trim`, `lower`, `truncate:50` … */
  readonly normalises?: Readonly<Record<string, readonly string[]>>
  /**
   * How versions look. `revision` (whole numbers) and `timestamp` order; `etag` only tells equal from different.
   * `resolutionMs` is the resolution of modified times; `perField` says that `Change.fieldTimes` is filled.
   */
  readonly version: {
    readonly kind: "etag" | "revision" | "timestamp" | "none"
    readonly resolutionMs?: number
    readonly perField?: boolean
  }
  readonly read: {
    readonly snapshot: boolean
    readonly delta?: {
      readonly kind: "timestamp" | "token" | "sequence" | "etag"
      readonly overlapMs?: number
      readonly ttlMs?: number
      readonly maxWindow?: number
    }
    /** `by`: "id", "secondary", or the name of a key. `max` values per call. */
    readonly lookup?: { readonly by: readonly string[]; readonly max: number }
    readonly lagMs: { readonly byId: number; readonly delta: number }
    /** Items per page the connector likes to be asked for. */
    readonly pageSize: number
  }
  readonly deletes: readonly DeleteSign[]
  readonly write: Partial<Record<WriteKind, WriteSpec>>
}

export interface Description {
  /** What the system calls itself, for people: `Mock CRM`. */
  readonly title: string
  readonly resources: readonly ResourceSpec[]
}

export type Change = {
  /** ISO 8601 instant at which the system says the item was last modified. */
  readonly at?: string
  readonly version?: string
  /** Remote path -> ISO 8601 instant of its last change. */
  readonly fieldTimes?: Readonly<Record<string, string>>
  /** The stable id, where the resource declares one. */
  readonly secondary?: string
} & (
  | { readonly kind: "upsert"; readonly id: string; readonly item: JsonObject }
  | { readonly kind: "delete"; readonly id: string; readonly soft: boolean }
  | { readonly kind: "rekey"; readonly id: string; readonly was: string }
  | { readonly kind: "merge"; readonly id: string; readonly into: string }
)

/** Opaque to the engine; JSON, so that it survives a restart. Never holds a secret. */
export type Cursor = Json

export interface PullRequest {
  readonly mode: "delta" | "snapshot"
  /** `null` starts from the beginning. Between pages of one scan it is the previous page's `next`. */
  readonly cursor: Cursor
  readonly limit: number
  /** Remote paths of interest; a connector may ignore it and return more. */
  readonly paths?: readonly string[]
}

export interface Page {
  readonly changes: readonly Change[]
  /** Where to go on: the next page while `more`, the next delta scan afterwards (also at the end of a snapshot). */
  readonly next: Cursor
  readonly more: boolean
  /** Of the last page: the scan has seen everything it was asked for. `false`: something may be missing. */
  readonly complete: boolean
  /** The system's own clock when the scan began, ISO 8601. */
  readonly asOf?: string
  /** Items in the whole resource, where the system tells: sizes the progress bar, hints at absences, proves nothing. */
  readonly total?: number
}

export interface Op {
  /** Names the operation within this call; its outcome carries the same. */
  readonly ref: string
  readonly kind: WriteKind
  /** `null` for a create. */
  readonly id: string | null
  readonly secondary?: string
  /** update, create: the changed paths only, nested as in an item; `null` clears. Empty for a delete. */
  readonly set: JsonObject
  /** The mapped part of the item as last returned, before the change; `null` where it was never seen. */
  readonly seen: JsonObject | null
  /** The version the change was computed from, for compare-and-set. */
  readonly version?: string
  readonly idempotencyKey: string
}

export type Outcome = { readonly ref: string } & (
  | {
      readonly status: "applied"
      readonly id: string
      readonly secondary?: string
      readonly version?: string
      readonly at?: string
      readonly item?: JsonObject
      readonly fieldTimes?: Readonly<Record<string, string>>
      /** create: whether the item was there before and took the values over; absent where the system does not tell. */
      readonly met?: boolean
    }
  /** `unknown`: it may have happened, no answer says. */
  | { readonly status: "failed" | "unknown"; readonly fault: Fault }
)

/** One answer per value asked for, in the same order. A missing item is a fault of class `notFound` or `gone`. */
export type LookupAnswer = { readonly found: Extract<Change, { kind: "upsert" | "delete" }> } | { readonly fault: Fault }

export interface CallOptions {
  readonly signal?: AbortSignal
}

export interface Connector {
  /** One cheap authenticated call; rejects with an `auth` or `transient` fault that says what is wrong. */
  check(options?: CallOptions): Promise<void>
  pull(resource: string, request: PullRequest, options?: CallOptions): Promise<Page>
  /** Exactly one outcome per op, in any order. Rejects only when nothing can have been applied. */
  push(resource: string, ops: readonly Op[], options?: CallOptions): Promise<readonly Outcome[]>
  lookup?(resource: string, by: string, values: readonly string[], options?: CallOptions): Promise<readonly LookupAnswer[]>
  /**
   * Calls `heard` with the name of a resource whenever something in it may have changed, until the signal. A hint that wakes
   * a watching process, and proves nothing: what changed is found by the next pull. Rejects when it can listen no longer.
   */
  listen?(resources: readonly string[], heard: (resource: string) => void, options: { readonly signal: AbortSignal }): Promise<void>
  close?(): Promise<void>
}

export interface ConnectorContext {
  /** The system's name in the pipeline. */
  readonly system: string
  /** The one HTTP client of this system: limits, timeouts, log and egress policy are its business. */
  readonly http: HttpClient
  /** Epoch ms. */
  readonly now: () => number
  /** The pipeline's folder, absolute: a connector to files reads and writes below it only. */
  readonly folder?: string
  /** Lets time pass between two questions about a job of the system; the runtime's timers, unless given. */
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>
}

export interface ConnectorDefinition {
  /** As in `connector:` of a pipeline. */
  readonly name: string
  /** JSON Schema of `config`; properties with `writeOnly: true` are secrets. */
  readonly configSchema: JsonSchema
  /** What this system can do with this configuration; pure, makes no call. */
  describe(config: JsonObject): Description
  /** Limits, auth and hosts for the context's HTTP client; pure. */
  http(config: JsonObject): HttpSettings
  open(config: JsonObject, context: ConnectorContext): Connector
}
