// One request per operation, several at a time. A system that refuses as a whole (its rate, its credentials, an outage) is
// not asked again: what was not sent fails with the same fault.
import type { CallOptions, Outcome } from "../../contract.ts"
import type { Fault } from "../../fault.ts"
import { resOf, send } from "../request/send.ts"
import type { WireSpec } from "../spec/index.ts"
import { outcomeOfApplied } from "./applied.ts"
import { severalAtOnce } from "./several-at-once.ts"
import type { Operation, Situation } from "./operation.ts"
import { appliedAsItWas, failed, faultOf, isSystemic, outcomeOfFault } from "./outcome.ts"

type Single = NonNullable<WireSpec["single"]>

export const pushSingly = async (
  situation: Situation,
  single: Single,
  operations: readonly Operation[],
  options: CallOptions,
): Promise<Outcome[]> => {
  let stop: Fault | null = null
  return severalAtOnce(operations, async (operation) => {
    if (stop !== null) return failed(operation.op, stop)
    const outcome = await pushOne(situation, single, operation, options)
    if (outcome.status === "failed" && isSystemic(outcome.fault)) stop = outcome.fault
    return outcome
  })
}

const pushOne = async ({ opened, plan }: Situation, single: Single, operation: Operation, options: CallOptions): Promise<Outcome> => {
  const { op, scope } = operation
  try {
    const answer = await send(opened, single.request, scope, options)
    return outcomeOfApplied(plan, operation, single.ok, { ...scope, res: resOf(answer) })
  } catch (error) {
    const fault = faultOf(error)
    // What is not there need not be deleted; an id that can change may have changed.
    const absent = fault.class === "gone" || (fault.class === "notFound" && plan.id.stable)
    if (op.kind === "delete" && op.id !== null && absent) return appliedAsItWas(op, op.id, op.secondary)
    return outcomeOfFault(op, fault)
  }
}
