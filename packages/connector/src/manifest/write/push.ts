// Writing: operations of the engine -> exactly one outcome each. By kind: the guard, then one request per operation or per
// batch, then the edges that the item's own write does not carry.
import type { CallOptions, Op, Outcome, WriteKind } from "../../contract.ts"
import { FaultError, type Fault } from "../../fault.ts"
import { pushEdges, splitEdges, type EdgeWork } from "../edge/write-edges.ts"
import type { Opened, Push, ResourcePlan, WireSpec } from "../spec/index.ts"
import { pushBatches } from "./batch.ts"
import { checkPresent } from "./guard.ts"
import { nameHolders } from "./holder.ts"
import { operationOf, type Operation, type Situation } from "./operation.ts"
import { appliedAsItWas, failed, settled, unknown } from "./outcome.ts"
import { pushSingly } from "./single.ts"

export const push: Push = async (opened, plan, ops, options = {}) => {
  const outcomes: Outcome[] = []
  let stopped: Fault | null = null
  for (const kind of ["delete", "update", "create"] as const) {
    const own = ops.filter((op) => op.kind === kind)
    if (own.length === 0) continue
    if (stopped !== null) {
      const fault = stopped
      outcomes.push(...own.map((op) => failed(op, fault)))
      continue
    }
    try {
      outcomes.push(...settled(await pushKind(opened, plan, kind, own, options)))
    } catch (error) {
      if (!(error instanceof FaultError)) throw error
      if (outcomes.every((outcome) => outcome.status === "failed") && own.length === ops.length) throw error
      stopped = error.fault
      const { fault } = error
      outcomes.push(...own.map((op) => failed(op, fault)))
    }
  }
  return oneEach(ops, outcomes)
}

/** `upsert` stands in for what is missing. */
const wireOf = (plan: ResourcePlan, kind: WriteKind): WireSpec | undefined =>
  plan.write[kind] ?? (kind === "delete" ? undefined : plan.write.upsert)

const pushKind = async (
  opened: Opened,
  plan: ResourcePlan,
  kind: WriteKind,
  ops: readonly Op[],
  options: CallOptions,
): Promise<Outcome[]> => {
  const wire = wireOf(plan, kind)
  if (wire === undefined) {
    const fault: Fault = { class: "invalid", message: `The manifest does not say how to ${kind} ${plan.name}.` }
    return ops.map((op) => failed(op, fault))
  }
  const situation: Situation = { opened, plan, wire }
  const outcomes: Outcome[] = []
  const operations: Operation[] = []
  const later = new Map<string, EdgeWork>()
  const bare: Op[] = []
  const checked =
    wire.guard === "readCompare" && kind !== "create"
      ? await checkPresent(situation, ops, options)
      : ops.map((op) => ({ op, present: undefined }))
  for (const each of checked) {
    if ("outcome" in each) {
      outcomes.push(each.outcome)
      continue
    }
    const { op, work } = splitEdges(plan, each.op)
    if (work !== null) later.set(op.ref, work)
    if (work !== null && kind === "update" && Object.keys(op.set).length === 0) {
      bare.push(op)
      continue
    }
    const operation = operationOf(situation, op, each.present)
    if ("facts" in operation) operations.push(operation)
    else outcomes.push(failed(op, operation))
  }
  outcomes.push(...(await nameHolders(situation, operations, await pushOperations(situation, operations, options), options)))
  // Nothing but edges changed.
  outcomes.push(...bare.map((op) => appliedAsItWas(op, op.id ?? "", op.secondary)))
  return later.size === 0 ? outcomes : pushEdges(opened, plan, outcomes, later, options)
}

const pushOperations = async (situation: Situation, operations: readonly Operation[], options: CallOptions): Promise<Outcome[]> => {
  const { single, batch } = situation.wire
  if (operations.length === 0) return []
  if (batch !== null && (operations.length > 1 || single === null)) return pushBatches(situation, batch, operations, options)
  if (single !== null) return pushSingly(situation, single, operations, options)
  const fault: Fault = { class: "invalid", message: "The manifest names no request for this write." }
  return operations.map(({ op }) => failed(op, fault))
}

/** Whatever happened, each operation is answered once. */
const oneEach = (ops: readonly Op[], outcomes: readonly Outcome[]): Outcome[] => {
  const byRef = new Map<string, Outcome | null>()
  for (const outcome of outcomes) byRef.set(outcome.ref, byRef.has(outcome.ref) ? null : outcome)
  return ops.map((op) => byRef.get(op.ref) ?? unknown(op, "Nothing certain is known about this operation."))
}
