// What wins where a delete meets an edit that whoever deleted has not seen. Pure.
import type { Entity } from "../model/pipeline.ts"
import type { Draft } from "./draft.ts"

/**
 * To a store that is older than the systems an edit is news although it was there before the delete, and its own archive marks
 * look like somebody's edit: that such an edit brings nothing back by itself, a person is asked.
 */
export function deleteAgainstEdit({ entity, context }: Draft): Entity["deleteVsEdit"] {
  const policy = entity.deleteVsEdit
  return context.isRestored === true && policy === "edit_wins" ? "review" : policy
}
