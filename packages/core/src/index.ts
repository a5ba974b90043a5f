// The engine's front door.
export * from "./model/index.ts"
export * from "./pipeline/index.ts"
export * from "./store/index.ts"
export type * from "./journal/explanation.ts"
export { explainRecord } from "./journal/explain.ts"
export type * from "./undo/action.ts"
export type * from "./verify/difference.ts"
export * from "./run/index.ts"
