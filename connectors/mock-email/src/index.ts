// The mock e-mail platform: a connector for it, and the platform itself.
export { startMockEmail, demoKey, defaultList, type MockEmail, type MockEmailOptions } from "./server/start.ts"
export { seedFromFile, SeedError, type Seed, type Skipped } from "./server/seed-file.ts"
