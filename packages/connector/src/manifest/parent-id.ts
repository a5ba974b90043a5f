// Ids of items that are read below a parent: `parent/own`. The parent's part is encoded, so that the first slash parts them.
import type { Change } from "../contract.ts"
import { isObject, type JsonObject } from "../json.ts"
import { segmentsOf, valueAt } from "../value/index.ts"
import type { ResourcePlan, Scope } from "./spec/index.ts"

export const joinId = (parent: string, own: string): string => `${encodeURIComponent(parent.toWellFormed())}/${own}`

export function splitId(plan: ResourcePlan, id: string): { readonly parent: string | null; readonly own: string } {
  const at = plan.parent === null ? -1 : id.indexOf("/")
  if (at < 0) return { parent: null, own: id }
  try {
    return { parent: decodeURIComponent(id.slice(0, at)), own: id.slice(at + 1) }
  } catch {
    // It was never one of ours.
    return { parent: null, own: id }
  }
}

/** A change as its resource knows it, from one as it was read below `parent`. */
export function below(parent: string | null, change: Change): Change {
  if (parent === null) return change
  const id = joinId(parent, change.id)
  if (change.kind === "rekey") return { ...change, id, was: joinId(parent, change.was) }
  return change.kind === "merge" ? { ...change, id, into: joinId(parent, change.into) } : { ...change, id }
}

/** The parent that an item names in its own field. */
export function parentIn(plan: ResourcePlan, item: JsonObject): string | null {
  const field = plan.parent?.field ?? null
  const value = field === null ? null : valueAt(item, segmentsOf(field))
  return typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : null
}

/** `parent` of a scope. */
export const parentNamed = (scope: Scope): string | null => {
  const parent = scope["parent"]
  return isObject(parent) && typeof parent["id"] === "string" ? parent["id"] : null
}
