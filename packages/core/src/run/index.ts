// What whoever drives the engine calls.
export type * from "./engine.ts"
export type * from "./report.ts"
