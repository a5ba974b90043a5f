// The store on SQL databases.
export { openSqliteStore } from "./sqlite/open.ts"
export type { OpenOptions } from "./sqlite/open.ts"
