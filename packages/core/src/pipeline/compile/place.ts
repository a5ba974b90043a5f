// Where a field rule stands: what it may look up while it is compiled.
import type { ResourceSpec, JsonSchema, WriteSpec } from "@syncline/connector"
import type { Report } from "@syncline/connector/language"
import type { PathFacts } from "../path/schema.ts"
import type { Json } from "../../model/value.ts"

export interface FieldPlace {
  readonly report: Report
  /** `crm.contacts` */
  readonly binding: string
  readonly spec: ResourceSpec
  readonly entitySchema: JsonSchema | null
  /** What the entity's schema says about this field; `null`: unknown. */
  readonly field: PathFacts | null
  /** Whether the resource takes updates or creates at all. */
  readonly writable: boolean
}

/** How a resource clears a value: as its updates do, else as its creates do. */
export const clearing = (spec: ResourceSpec): WriteSpec["unset"] => spec.write.update?.unset ?? spec.write.create?.unset ?? "null"

/** What is written where a value is cleared by an empty one: of the type that stands there, which a schema may leave open. */
export const emptied = (old: Json): Json => (typeof old === "string" ? "" : Array.isArray(old) ? [] : null)
