// The engine as the commands call it: the one place that names its functions.
import {
  allowAgain,
  applyPlan,
  explainRecord,
  forgetItems,
  forgetRecord,
  planPass,
  repairAll,
  runPass,
  undoPlan,
  undoRun,
  verifyAll,
  type Applied,
  type Engine,
  type Explanation,
  type ForgetOptions,
  type PassOptions,
  type Pipeline,
  type Plan,
  type Receipt,
  type Repaired,
  type RunReport,
  type Store,
  type Undone,
  type UndoReport,
  type VerifyReport,
  type WaitingItem,
} from "@syncline/core"
import { perform } from "./effect.ts"

export const passOf = (engine: Engine, options: PassOptions, signal: AbortSignal): Promise<RunReport> =>
  perform(runPass(engine, options), signal)

export const planOf = (engine: Engine, options: PassOptions, signal: AbortSignal): Promise<Plan> =>
  perform(planPass(engine, options), signal)

export const applyOf = (engine: Engine, plan: Plan, options: PassOptions, signal: AbortSignal): Promise<Applied> =>
  perform(applyPlan(engine, plan, options), signal)

/** null: there is no such record. */
export const explanationOf = (store: Store, pipeline: Pipeline, recordId: string, field: string | null): Promise<Explanation | null> =>
  perform(explainRecord(store, pipeline, recordId, field))

export const verifyOf = (engine: Engine, signal: AbortSignal): Promise<VerifyReport> => perform(verifyAll(engine), signal)

export const repairOf = (engine: Engine, options: PassOptions, signal: AbortSignal): Promise<Repaired> =>
  perform(repairAll(engine, options), signal)

export const undoPlanOf = (engine: Engine, run: string, options: PassOptions, signal: AbortSignal): Promise<UndoReport> =>
  perform(undoPlan(engine, run, options), signal)

export const undoOf = (engine: Engine, run: string, options: PassOptions, signal: AbortSignal): Promise<Undone> =>
  perform(undoRun(engine, run, options), signal)

/** null: there is no such record. */
/** A record, or items that wait without one. */
export const forgetOf = (
  engine: Engine,
  who: string | readonly WaitingItem[],
  options: ForgetOptions,
  signal: AbortSignal,
): Promise<Receipt | null> =>
  perform(typeof who === "string" ? forgetRecord(engine, who, options) : forgetItems(engine, who, options), signal)

export const liftOf = (engine: Engine, id: string): Promise<boolean> => perform(allowAgain(engine, id))
