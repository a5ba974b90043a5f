// Paths of records that the schema of their resource lacks, where one that it has is so near that this must be a slip.
// A record may hold more than its schema names, so whatever is far from all names passes.
import { entryOf, nearest, type Node, type Report } from "../../language/index.ts"
import { isObject, type Json } from "../../json.ts"
import { gatheredIn } from "../language/gathered.ts"
import type { Manifest } from "../spec/index.ts"

/** Short names are near to everything. */
const MIN_LENGTH = 5

export function lintPaths(root: Node, manifest: Manifest, report: Report): void {
  const reads = gatheredIn(report).records
  for (const plan of manifest.resources) {
    const node = entryOf(entryOf(root, "resources")?.value, plan.name)?.value
    // Where the item is made of the record, the record has a form of its own.
    if (node === undefined || speaksOfItem(node)) continue
    for (const { path, at } of reads) {
      if (at.path !== node.at.path || at.start < node.at.start || at.end > node.at.end) continue
      const miss = missing(plan.schema, path.split("."))
      if (miss !== null) report.warning(at, `the schema of "${plan.name}" has no "${miss.name}"`, `did you mean "${miss.near}"?`)
    }
  }
}

function speaksOfItem(node: Node): boolean {
  if (node.kind === "list") return node.items.some(speaksOfItem)
  return (
    node.kind === "map" &&
    node.entries.some(({ key, value }) => key === "item" || (key !== "schema" && key !== "write" && speaksOfItem(value)))
  )
}

function missing(schema: Json, segments: readonly string[]): { readonly name: string; readonly near: string } | null {
  let here: Json | undefined = schema
  for (const name of segments) {
    const properties: Json | undefined = isObject(here) ? here["properties"] : undefined
    if (!isObject(properties) || /\d/.test(name)) return null
    if (Object.hasOwn(properties, name)) here = properties[name]
    else {
      const near = name.length < MIN_LENGTH ? null : nearest(name, Object.keys(properties))
      return near === null ? null : { name, near }
    }
  }
  return null
}
