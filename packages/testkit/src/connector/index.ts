// The conformance kit: the same checks for any connector, told as data. `connector-suite` turns them into tests.
export type { Area, Check } from "./check.ts"
export type { Conduct, Conformance, Outside, Running, Template } from "./conduct.ts"
export type { Evidence, ShownExchange } from "./evidence.ts"
export { ConformanceError, findConformance, loadConformance } from "./load-conformance.ts"
export { manifestConnector } from "./manifest-connector.ts"
export { openConnector, type OpenConnector, type Scanned, type WriteOp } from "./open-connector.ts"
export { CHECK_NAMES, runChecks, type Result, type RunOptions } from "./run-checks.ts"
export { runningFake } from "./start-fake.ts"
