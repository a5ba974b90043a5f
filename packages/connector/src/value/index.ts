// Values as both languages and the engine see them: dotted paths, equality, failures. Light: depends on nothing.
export type { Json, JsonObject } from "../json.ts"
export { alike, canonicalText, equal, isBlank } from "./equal.ts"
export { Failure, type Attempt } from "./failure.ts"
export { overlay, projection, segmentsOf, valueAt, withValues, type Segments } from "./path.ts"
