// What whoever shows the store's state needs of this room, without loading the engine.
export { readSchema, sayHold, type SchemaHold, schemaName } from "./schema-state.ts"
