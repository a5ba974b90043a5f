// The front door: the connector, and the server it talks to.
export { mockCrm } from "./connector/mock-crm.ts"
export { startMockCrm } from "./server/start.ts"
export type { MockCrm, MockCrmOptions } from "./server/options.ts"
export { demoClientId, demoClientSecret, demoToken } from "./server/options.ts"
export { seedFromFile } from "./server/seed/seed-file.ts"
export { SeedError } from "./server/seed/seed-contact.ts"
