// The front door: the connector. The server that it talks to has a door of its own, so that no run loads one.
export { mockCrm } from "./connector/mock-crm.ts"
