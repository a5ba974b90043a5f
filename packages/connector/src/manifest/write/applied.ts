// What an answer says about an operation that was applied -> its outcome. An answer that does not fit the operation says
// nothing: `unknown`, never a guess.
import type { Change, Outcome } from "../../contract.ts"
import { FaultError } from "../../fault.ts"
import type { Json } from "../../json.ts"
import { below, joinId, parentNamed } from "../parent-id.ts"
import { instantOf } from "../read/instant.ts"
import { changeOf } from "../read/record.ts"
import type { AppliedSpec, ResourcePlan, Scope, Value } from "../spec/index.ts"
import type { Operation } from "./operation.ts"
import { unknown } from "./outcome.ts"

export const outcomeOfApplied = (plan: ResourcePlan, { op, scope: asked }: Operation, spec: AppliedSpec, scope: Scope): Outcome => {
  try {
    const parent = parentNamed(asked)
    const said = read(plan, spec, scope, parent)
    const own = text(spec.id, scope)
    const id = own === undefined ? (said?.id ?? op.id ?? undefined) : parent === null ? own : joinId(parent, own)
    if (id === undefined || id === "") return unknown(op, "The answer does not say under which id the item was created.")
    if (op.id !== null && plan.id.stable && id !== op.id)
      return unknown(op, "The answer speaks of another item than the one that was written.")
    const secondary = text(spec.secondary, scope) ?? said?.secondary ?? op.secondary
    if (plan.id.secondary !== null && op.secondary !== undefined && secondary !== op.secondary)
      return unknown(op, "The answer speaks of another item than the one that was written.")
    const version = text(spec.version, scope) ?? said?.version
    const at = instantOf(spec.at?.run(scope) ?? null) ?? said?.at
    const item = said?.kind === "upsert" && op.kind !== "delete" ? said.item : undefined
    return {
      ref: op.ref,
      status: "applied",
      id,
      ...(secondary === undefined ? {} : { secondary }),
      ...(version === undefined ? {} : { version }),
      ...(at === undefined ? {} : { at }),
      ...(item === undefined ? {} : { item }),
      ...(said?.fieldTimes === undefined ? {} : { fieldTimes: said.fieldTimes }),
      ...(spec.met === null || op.kind !== "create" ? {} : { met: spec.met.run(scope) }),
    }
  } catch (error) {
    if (error instanceof FaultError) return unknown(op, `The write was answered, but the answer cannot be read. ${error.fault.message}`)
    throw error
  }
}

const read = (plan: ResourcePlan, spec: AppliedSpec, scope: Scope, parent: string | null): Change | undefined => {
  const record = spec.record?.run(scope) ?? null
  return record === null ? undefined : below(parent, changeOf(plan.record, { ...scope, rec: record }))
}

const text = (value: Value | null, scope: Scope): string | undefined => {
  const result: Json = value?.run(scope) ?? null
  return typeof result === "string" && result !== "" ? result : typeof result === "number" ? String(result) : undefined
}
