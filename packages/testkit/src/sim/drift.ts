// A system whose schema drifts: for a while a field is gone, has another name, or holds values of another kind. What people
// typed into it stays there; only the API shows and takes it differently.
import { type Json, type JsonObject, isObject } from "@syncline/connector"

export interface Drift {
  readonly path: string
  readonly how: "gone" | "renamed" | "retyped"
  /** It refuses a write of what it does not know; else it ignores that. */
  readonly refuses: boolean
}

const retyped = (value: Json): Json => (value === null ? null : { text: value })

/** An item as the API shows it now. */
export function shownUnder(drifts: Iterable<Drift>, item: JsonObject): JsonObject {
  let out = item
  for (const { path, how } of drifts) {
    const { [path]: value = null, ...rest } = out
    out = how === "gone" ? rest : how === "renamed" ? { ...rest, [`${path}_now`]: value } : { ...rest, [path]: retyped(value) }
  }
  return out
}

/** What is left of a write for those fields that are as ever. */
export const takenUnder = (drifts: ReadonlyMap<string, Drift>, set: JsonObject): JsonObject =>
  isObject(set) ? Object.fromEntries(Object.entries(set).filter(([path]) => !drifts.has(path))) : set

/** Why a write is refused, field by field; null where it is not. */
export function refusedUnder(drifts: Iterable<Drift>, set: JsonObject): Record<string, string> | null {
  const fields = [...drifts].flatMap(({ path, how, refuses }) =>
    refuses && path in set ? [[path, how === "retyped" ? "it must be an object" : "there is no such field"] as const] : [],
  )
  return fields.length === 0 ? null : Object.fromEntries(fields)
}
