// The front door: the connector.
export { postgres } from "./postgres.ts"
