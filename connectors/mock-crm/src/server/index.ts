// The server's front door: the CRM itself, and what it is begun with.
export { startMockCrm } from "./start.ts"
export type { MockCrm, MockCrmOptions } from "./options.ts"
export { demoClientId, demoClientSecret, demoToken } from "./options.ts"
export { seedFromFile } from "./seed/seed-file.ts"
export { SeedError } from "./seed/seed-contact.ts"
