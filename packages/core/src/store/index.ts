// The port and its errors; the in-memory reference model is exported for tests and rehearsals.
export { claimHolds, fold, holdsText } from "./claim-text.ts"
export type * from "./decision.ts"
export * from "./erasure.ts"
export { LeaseHeld, StaleLease, StoreError } from "./error.ts"
export { createMemoryStore } from "./memory.ts"
export type * from "./port.ts"
export * from "./restored.ts"
export type * from "./run-row.ts"
