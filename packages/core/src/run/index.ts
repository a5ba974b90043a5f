// What whoever drives the engine calls.
export type * from "../session/engine.ts"
export { applyPlan, type Applied, planPass } from "./plan.ts"
export { runPass } from "./run.ts"
export { findWaiting, type FoundWaiting, type WaitingItem } from "../forget/waiting.ts"
export { allowAgain, forgetItems, type ForgetOptions, forgetRecord, type InSystem, type Receipt } from "./forget.ts"
export { repairAll, type Repaired, verifyAll } from "./verify.ts"
export { undoPlan, undoRun, type Undone } from "./undo.ts"
