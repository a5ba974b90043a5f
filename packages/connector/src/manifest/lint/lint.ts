// What the grammar allows and what bites all the same: promises that nothing keeps, requests that leave out what they are
// about, secrets in the open. An error where it cannot work, a warning where it will surprise.
import type { Node, Report } from "../../language/index.ts"
import type { Manifest } from "../spec/index.ts"
import { lintAccess } from "./access.ts"
import { lintPaths } from "./paths.ts"
import { finder } from "./place.ts"
import { lintReads } from "./reads.ts"
import { lintWrites } from "./writes.ts"

export function lint(root: Node, manifest: Manifest, report: Report): void {
  const find = finder(root)
  lintAccess(root, manifest, find, report)
  for (const plan of manifest.resources) {
    lintReads(plan, find, report)
    lintWrites(plan, find, report)
  }
  lintPaths(root, manifest, report)
}
