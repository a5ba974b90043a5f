// The mock e-mail platform: a connector for it, and the platform itself.
export { mockEmail } from "./connector/mock-email.ts"
export { startMockEmail, demoKey, defaultList, type MockEmail, type MockEmailOptions } from "./server/start.ts"
export { seedFromFile, SeedError, type Seed, type SeedMember, type Skipped } from "./server/seed-file.ts"
export type { Planted } from "./server/plant.ts"
