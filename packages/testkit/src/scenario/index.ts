// Stories: read a `scenario.yaml`, play it with real servers and the real command line, tell it.
export { playScenario, StoryFailure, type Played, type PlayOptions, type StoryEvent } from "./play.ts"
export { readScenario, ScenarioError } from "./read-scenario.ts"
export { stableText, transcript } from "./transcript.ts"
export type { Amount, Deed, Expectation, ExpectedItem, Scenario, Step, SystemSetup } from "./scenario.ts"
export type { Check } from "./verify.ts"
export type { Finished } from "./command.ts"
export type { Traffic } from "./mock-system.ts"
