// What is no mistake of the language and bites all the same.
import type { Report } from "../../language/index.ts"
import type { ManifestPart } from "../language/manifest.ts"
import type { Manifest } from "../spec/index.ts"

export function lint(_part: ManifestPart, _manifest: Manifest, _report: Report): void {}
