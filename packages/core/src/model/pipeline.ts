// A compiled pipeline: what the engine needs to know, with every expression and lens already turned into a function.
import type { ConnectorDefinition, Description, JsonSchema, ResourceSpec } from "@syncline/connector"
import { Failure as LensFailure, type Attempt as Lensed } from "@syncline/connector/value"
import type { Fields } from "./record.ts"
import type { Json, JsonObject } from "./value.ts"

export { LensFailure, type Lensed }

/** One field rule of a binding: a two-way lens between remote item and canonical value. */
export interface CompiledField {
  readonly name: string
  /** `in`: only read from this system. `out`: only written. */
  readonly direction: "both" | "in" | "out"
  /** Remote paths it reads / writes, dotted. */
  readonly reads: readonly string[]
  readonly writes: readonly string[]
  /** `item` is a whole item or its projection: both give the same. Absent reads as null. */
  readonly get: (item: JsonObject) => Lensed<Json>
  /** The paths to set (dotted -> value; null clears) so that the item means `value`; empty where it already does. */
  readonly put: (value: Json, seen: JsonObject | null) => Lensed<Readonly<Record<string, Json>>>
}

export interface Binding {
  /** `crm.contacts` */
  readonly key: string
  readonly system: string
  readonly resource: string
  readonly entity: string
  readonly fields: readonly CompiledField[]
  readonly field: (name: string) => CompiledField | undefined
  /** Keeps the mapped paths of an item, nested and sparse: what `seen` stores. */
  readonly project: (item: JsonObject) => JsonObject
  /** Whether the record belongs here (`when`); true without a filter. */
  readonly accepts: (record: Fields, linked: boolean) => Lensed<boolean>
  readonly leaving: "keep" | "unlink" | "delete"
  readonly onDelete:
    | { readonly kind: "propagate" | "keep" }
    | {
        readonly kind: "archive"
        /** Remote path -> value that marks the item as gone; null: the system's own soft delete. */
        readonly fields: Readonly<Record<string, Json>> | null
      }
  /** Whether the engine may create items here. */
  readonly create: boolean
  /** `field=hash;…;when=hash`: changes whenever what is read, or how it is meant, changes, and tells which field did. */
  readonly fingerprint: string
  readonly spec: ResourceSpec
}

export type Policy =
  | { readonly kind: "newest"; readonly order: readonly string[] | null }
  | { readonly kind: "prefer"; readonly system: string }
  | { readonly kind: "review" }
  | { readonly kind: "strictest"; readonly order: readonly Json[] }
  | { readonly kind: "union" }
  | { readonly kind: "max" }
  | { readonly kind: "min" }

export type OnMatch = { readonly kind: "newest" | "fill_blanks" | "review" } | { readonly kind: "prefer"; readonly system: string }

export interface Problem {
  readonly field: string | null
  readonly message: string
}

export interface Entity {
  readonly name: string
  readonly schema: JsonSchema
  /** JSON Schema validation of a canonical record; no problems, an empty list. */
  readonly validate: (fields: Fields) => readonly Problem[]
  readonly rules: readonly {
    /** `true`: holds. */
    readonly check: (fields: Fields) => Lensed<boolean>
    readonly message: string
    readonly else: "quarantine" | "warn"
  }[]
  /** Match keys in order of strength; each a list of fields. */
  readonly match: readonly (readonly string[])[]
  readonly onMatch: OnMatch
  /** All canonical fields that any binding maps. */
  readonly fields: readonly string[]
  readonly bindings: readonly Binding[]
  readonly policy: (field: string) => Policy
  /** Whether the pipeline names a policy for this very field. */
  readonly hasOwnPolicy: (field: string) => boolean
  readonly deleteVsEdit: "review" | "edit_wins" | "delete_wins"
}

export interface Guard {
  readonly max: number
  readonly percent: number
}

/** What becomes of questions that nobody answers. */
export interface ReviewRules {
  /** A question open this long is overdue, and once more each time as much has passed; `null`: never. */
  readonly remindMs: number | null
  /** Decides conflicts, and only those; `null`: never. */
  readonly expire: {
    readonly afterMs: number
    readonly take: { readonly kind: "newest" } | { readonly kind: "prefer"; readonly system: string }
  } | null
}

export interface SystemConfig {
  readonly name: string
  readonly connector: ConnectorDefinition
  readonly config: JsonObject
  readonly description: Description
  /** Every secret value in `config`, for redaction. */
  readonly secrets: readonly string[]
}

export interface Pipeline {
  readonly name: string
  readonly systems: readonly SystemConfig[]
  readonly entities: readonly Entity[]
  /** `null`: unbounded. */
  readonly guards: { readonly delete: Guard | null; readonly create: Guard | null; readonly update: Guard | null }
  readonly reviews: ReviewRules
  readonly poll: { readonly everyMs: number; readonly idleMs: number }
  readonly verifyCron: string | null
  /** Delays between attempts, ms; the last repeats. */
  readonly retryDelaysMs: readonly number[]
  /** Changes whenever the meaning of the file does. */
  readonly fingerprint: string
}
