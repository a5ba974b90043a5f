// The engine as the commands call it: the one place that names its functions.
import {
  applyPlan,
  explainRecord,
  planPass,
  runPass,
  type Engine,
  type Explanation,
  type PassOptions,
  type Pipeline,
  type Plan,
  type RunReport,
  type Store,
} from "@syncline/core"
import { perform } from "./effect.ts"

export type Applied =
  | { readonly applied: true; readonly report: RunReport }
  | { readonly applied: false; readonly moved: readonly string[] }

export const passOf = (engine: Engine, options: PassOptions): Promise<RunReport> => perform(runPass(engine, options))

export const planOf = (engine: Engine, options: PassOptions): Promise<Plan> => perform(planPass(engine, options))

export const applyOf = (engine: Engine, plan: Plan, options: PassOptions): Promise<Applied> => perform(applyPlan(engine, plan, options))

export const explanationOf = (store: Store, pipeline: Pipeline, recordId: string, field: string | null): Promise<Explanation> =>
  perform(explainRecord(store, pipeline, recordId, field))
