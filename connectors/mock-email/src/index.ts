// The front door: the connector. The platform that it talks to has a door of its own, so that no run loads a server.
export { mockEmail } from "./connector/mock-email.ts"
