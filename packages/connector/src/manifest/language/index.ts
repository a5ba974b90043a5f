// The shapes of a manifest, for what makes plans of them.
export type { LookupPart } from "./lookup.ts"
export { byCode } from "./request.ts"
export { recordOf, type RecordRead, type ScanPart } from "./scan.ts"
