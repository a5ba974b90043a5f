// An operation of the engine -> what expressions see as `op`, with what it is on the wire. Whatever cannot be worked out is
// a fault of that operation alone.
import type { Op } from "../../contract.ts"
import { FaultError, type Fault } from "../../fault.ts"
import { isObject, type Json, type JsonObject, type JsonSchema } from "../../json.ts"
import { overlay } from "../../value/index.ts"
import { parentIn, splitId } from "../parent-id.ts"
import type { Opened, ResourcePlan, Scope, WireSpec } from "../spec/index.ts"

/** One operation on its way. */
export interface Operation {
  readonly op: Op
  /** `op` in expressions. */
  readonly facts: JsonObject
  readonly scope: Scope
}

/** The item as a read just before the write found it. */
export interface Present {
  readonly id: string
  readonly item: JsonObject
  readonly version?: string
}

export interface Situation {
  readonly opened: Opened
  readonly plan: ResourcePlan
  readonly wire: WireSpec
}

export const operationOf = ({ opened, plan, wire }: Situation, op: Op, present: Present | undefined): Operation | Fault => {
  const unset: string[] = []
  const set = cleared(op.set, plan.schema, wire.unset, unset)
  if (wire.unset === "never" && unset.length > 0) {
    const why = "this system cannot clear it"
    return { class: "invalid", message: `${unset.join(", ")}: ${why}.`, fields: Object.fromEntries(unset.map((path) => [path, why])) }
  }
  const base: JsonObject = {
    ref: op.ref,
    id: ownId(plan, present?.id ?? op.id),
    secondary: op.secondary ?? null,
    kind: op.kind,
    set,
    seen: op.seen,
    item: overlay(present?.item ?? op.seen ?? {}, set),
    present: present?.item ?? null,
    version: present?.version ?? op.version ?? null,
    key: op.idempotencyKey,
    unset,
  }
  const scope: Scope = { op: base, config: opened.config, ...parentOf(plan, op.id, overlay(present?.item ?? op.seen ?? {}, set)) }
  if (wire.wire === null) return finish(op, base, scope, set)
  try {
    return finish(op, base, scope, wire.wire.run(scope))
  } catch (error) {
    if (error instanceof FaultError) return error.fault
    throw error
  }
}

const finish = (op: Op, base: JsonObject, scope: Scope, wire: Json): Operation => {
  const facts = { ...base, wire }
  return { op, facts, scope: { ...scope, op: facts } }
}

const ownId = (plan: ResourcePlan, id: string | null): string | null => (id === null ? null : splitId(plan, id).own)

/** Whose child the item is: its id says so, or, where it is new, its own field. */
const parentOf = (plan: ResourcePlan, id: string | null, item: JsonObject): Scope => {
  const parent = id === null ? parentIn(plan, item) : splitId(plan, id).parent
  return parent === null ? {} : { parent: { id: parent } }
}

/** Blanks as the system wants them; notes the paths that are cleared. */
const cleared = (set: JsonObject, schema: JsonSchema, unset: WireSpec["unset"], paths: string[], prefix = ""): JsonObject => {
  const result: Record<string, Json> = {}
  for (const [name, value] of Object.entries(set)) {
    if (name === "__proto__") continue
    const path = `${prefix}${name}`
    const below = schemaAt(schema, name)
    if (isObject(value)) result[name] = cleared(value, below, unset, paths, `${path}.`)
    else if (value === null) {
      paths.push(path)
      result[name] = unset === "empty" ? emptyOf(below) : null
    } else result[name] = value
  }
  return result
}

const schemaAt = (schema: JsonSchema, name: string): JsonSchema => {
  const properties = schema["properties"]
  const below = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined
  return isObject(below) ? below : {}
}

const emptyOf = (schema: JsonSchema): Json => {
  const types = [schema["type"]].flat()
  return types.includes("array") ? [] : types.includes("object") && !types.includes("string") ? {} : ""
}
