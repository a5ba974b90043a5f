// The three ends of an operation, and what a fault of a call says about the operations in it.
import type { Op, Outcome } from "../../contract.ts"
import { FaultError, type Fault, type FaultClass } from "../../fault.ts"

export const failed = (op: Op, fault: Fault): Outcome => ({ ref: op.ref, status: "failed", fault })

export const unknown = (op: Op, message: string, status?: number): Outcome => ({
  ref: op.ref,
  status: "unknown",
  fault: { class: "unknown", message, ...(status === undefined ? {} : { status }) },
})

export const appliedAsItWas = (op: Op, id: string, secondary: string | undefined): Outcome => ({
  ref: op.ref,
  status: "applied",
  id,
  ...(secondary === undefined ? {} : { secondary }),
})

/** What a request that did not go well means for an operation in it. */
export const outcomeOfFault = (op: Op, fault: Fault): Outcome =>
  fault.class === "unknown" ? { ref: op.ref, status: "unknown", fault } : failed(op, fault)

export const faultOf = (error: unknown): Fault => {
  if (error instanceof FaultError) return error.fault
  throw error
}

/** About the system rather than about what was sent: nothing more is tried. */
const SYSTEMIC: ReadonlySet<FaultClass> = new Set<FaultClass>(["transient", "rateLimited", "auth"])
export const isSystemic = (fault: Fault): boolean => SYSTEMIC.has(fault.class)

/**
 * The outcomes of a call; rejects instead where the system as a whole refused and nothing can have been applied, so that
 * the caller waits rather than counts failures.
 */
export const settled = (outcomes: readonly Outcome[]): readonly Outcome[] => {
  const [first] = outcomes
  if (first?.status !== "failed" || !isSystemic(first.fault)) return outcomes
  if (!outcomes.every((outcome) => outcome.status === "failed" && isSystemic(outcome.fault))) return outcomes
  throw new FaultError(first.fault)
}
