// The platform's front door: the server, and what it is begun with.
export { startMockEmail, demoKey, defaultList, type MockEmail, type MockEmailOptions } from "./start.ts"
export { seedFromFile, SeedError, type Seed, type SeedMember, type Skipped } from "./seed-file.ts"
export type { Planted } from "./plant.ts"
