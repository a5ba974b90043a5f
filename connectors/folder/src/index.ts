// The front door: the connector.
export { folder } from "./folder.ts"
