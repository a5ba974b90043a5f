// Fields that an item does not show at all although every item did so far: perhaps its system lost them, which is for the next
// pass to judge. In: what is known of the schema. Out: per field and item, why its value says nothing.
import type { JsonObject } from "@syncline/connector"
import type { CompiledField } from "../model/pipeline.ts"
import { type SchemaState, shapeAt } from "../session/schema-state.ts"

/** null: what the item shows is what it has. */
export type Vanished = (field: CompiledField, item: JsonObject) => string | null

export const NOTHING_VANISHED: Vanished = () => null

export function vanishedBy(state: SchemaState | null): Vanished {
  if (state === null) return NOTHING_VANISHED
  const always = new Set(Object.keys(state.types).filter((path) => state.types[path]?.length !== 0 && !state.sparse.includes(path)))
  return (field, item) => {
    const path = field.reads.find((one) => always.has(one) && shapeAt(item, one) === "absent")
    return path === undefined ? null : `it does not show ${path}, as every item did before`
  }
}
