// What is known of a resource's schema by what its items showed: per mapped path the types it had, and the paths that
// vanished or changed their type and are therefore held. Kept in the store, under a name per binding.
import { isObject } from "@syncline/connector"
import { segmentsOf } from "../model/path.ts"
import type { Binding } from "../model/pipeline.ts"
import type { Json, JsonObject } from "../model/value.ts"

export interface SchemaHold {
  readonly path: string
  /** Fields of the binding that read or write it. */
  readonly fields: readonly string[]
  readonly kind: "gone" | "retyped"
  readonly since: number
  readonly was: readonly string[]
  readonly now: readonly string[]
  /** Some item of a page shows it as ever: it is back, unless items that are known say otherwise. */
  readonly shown?: true
}

export interface SchemaState {
  readonly fingerprint: string
  /** Path -> types that its values had. */
  readonly types: { readonly [path: string]: readonly string[] }
  /** Paths that some item did not show at all: there, absence is a blank. */
  readonly sparse: readonly string[]
  readonly holds: readonly SchemaHold[]
}

export const schemaName = (entity: string, binding: string): string => `schema/${entity}/${binding}`

/** Written by a pass and by nothing else. */
export const readSchema = (state: Json): SchemaState | null => (isObject(state) ? (state as unknown as SchemaState) : null)

export const pathsRead = (binding: Binding): readonly string[] => [...new Set(binding.fields.flatMap((field) => field.reads))]

export const fieldsOn = (binding: Binding, path: string): readonly string[] =>
  binding.fields.filter((field) => field.reads.includes(path) || field.writes.includes(path)).map((field) => field.name)

/** `absent`: the item does not have it, not even blank. */
export function shapeAt(item: JsonObject, path: string): string {
  let here: Json | undefined = item
  for (const segment of segmentsOf(path)) {
    if (here === null) return "null"
    if (!isObject(here)) return "absent"
    if (!Object.hasOwn(here, segment)) return "absent"
    here = here[segment]
  }
  return here === null || here === undefined ? "null" : Array.isArray(here) ? "array" : typeof here
}

/** Whether what is shown at a path is as it was; null: it does not tell. */
export type Fits = (shape: string) => boolean | null

/** A blank tells that a path is there, and nothing of the type that its values have. */
export const fits =
  ({ kind, was }: SchemaHold): Fits =>
  (shape) =>
    kind === "gone" ? shape !== "absent" : shape === "null" || shape === "absent" ? null : was.includes(shape)

export const sayDrift = (hold: SchemaHold): string =>
  hold.kind === "gone" ? `${hold.path} is no longer there` : `${hold.path} was ${hold.was.join(" or ")} and is ${hold.now.join(" or ")} now`

export const sayHold = (binding: string, hold: SchemaHold): string => {
  return `${binding}: ${sayDrift(hold)}, so ${hold.fields.join(", ")} ${hold.fields.length === 1 ? "is" : "are"} held: neither read nor written there, and nothing is taken as cleared; it goes on by itself when the field is back, or when the mapping names another`
}
