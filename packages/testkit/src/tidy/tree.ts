// Every file of the project that people write, read from disk: neither what is installed nor what a run leaves behind.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const SKIPPED = new Set(["node_modules", "dist", "coverage", ".git", ".syncline"])
/** Text that nobody writes by hand, or that is wrong on purpose. */
const GENERATED = [
  /(?:^|\/)pnpm-lock\.yaml$/,
  /\/fixtures\//,
  /\.tsbuildinfo$/,
  /\.db(?:-wal|-shm)?$/,
  /^examples\/[^/]+\/seed\/[^/]+\.json$/,
]
const TEXT = /\.(?:ts|json|ya?ml|md)$|(?:^|\/)(?:LICENSE|run|\.[a-z]+)$/

export interface Tree {
  readonly paths: readonly string[]
  readonly read: (path: string) => string
}

export const treeOf = (root: string): Tree => {
  const paths: string[] = []
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) walk(path)
      } else if (!GENERATED.some((pattern) => pattern.test(path))) paths.push(path)
    }
  }
  walk("")
  return { paths: paths.toSorted(), read: (path) => (TEXT.test(path) ? readFileSync(join(root, path), "utf8") : "") }
}
