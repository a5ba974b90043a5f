// The engine's front door.
export * from "./model/index.ts"
export * from "./store/index.ts"
