// The house rules, all of them, over a tree of files: violations out, in the order of the paths.
import { layering } from "./layering.ts"
import { names, rooms, topLevel } from "./names.ts"
import { clock, purity } from "./purity.ts"
import type { FileRule, PathRule, Violation } from "./rule.ts"
import { header, size, switched, words } from "./shape.ts"
import { sourceFile } from "./source.ts"
import type { Tree } from "./tree.ts"

export { violationText, type Violation } from "./rule.ts"
export { treeOf, type Tree } from "./tree.ts"

const FILE_RULES: readonly FileRule[] = [layering, purity, clock, size, header, words, switched]
const PATH_RULES: readonly PathRule[] = [topLevel, rooms, names]

export const tidy = (tree: Tree): readonly Violation[] => [
  ...PATH_RULES.flatMap((rule) => rule.check(tree.paths)),
  ...tree.paths.flatMap((path) => {
    const file = sourceFile(path, tree.read(path))
    return FILE_RULES.flatMap((rule) => rule.check(file))
  }),
]
