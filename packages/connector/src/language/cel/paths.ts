// Which paths of `rec` and `record` an expression reads, found in its tree.
import type { ASTNode } from "@marcbachmann/cel-js"
import { isNode, MACROS } from "./rewrite.ts"

export interface ReadPath {
  readonly root: string
  /** Dotted; "" where the whole is read. */
  readonly path: string
  readonly start: number
  readonly end: number
  /** Read with `.?`: an absent value is none, not null. */
  readonly maybe: boolean
}

export function readPaths(ast: ASTNode, roots: readonly string[]): readonly ReadPath[] {
  const found: ReadPath[] = []
  const visit = (part: unknown, shadowed: readonly string[]): void => {
    if (Array.isArray(part)) {
      for (const item of part) visit(item, shadowed)
      return
    }
    if (!isNode(part)) return
    const path = pathOf(part)
    if (path !== null && roots.includes(path.root) && !shadowed.includes(path.root)) {
      found.push(path)
      return
    }
    if (part.op === "[]" || part.op === "[?]") return part.args.forEach((side) => visit(side, shadowed))
    if (part.op === "rcall") {
      const [name, receiver, args] = part.args
      // A macro's first argument names a variable, it reads nothing.
      const variable = MACROS.has(name) ? args[0] : undefined
      const inner = variable?.op === "id" ? [...shadowed, variable.args] : shadowed
      visit(receiver, shadowed)
      return args.slice(variable?.op === "id" ? 1 : 0).forEach((arg) => visit(arg, inner))
    }
    visit(part.args, shadowed)
  }
  visit(ast, [])
  return found
}

/** A chain of names from a variable; `x["y"]` counts as one, an index that is computed ends it. */
function pathOf(node: ASTNode): ReadPath | null {
  if (node.op === "id") return { root: node.args, path: "", start: node.start, end: node.end, maybe: false }
  if (node.op === "." || node.op === ".?") return extend(pathOf(node.args[0]), node.args[1], node, node.op === ".?")
  if (node.op === "[]" || node.op === "[?]") {
    const index = node.args[1]
    return index.op === "value" && typeof index.args === "string" ? extend(pathOf(node.args[0]), index.args, node, node.op === "[?]") : null
  }
  return null
}

const extend = (base: ReadPath | null, name: string, node: ASTNode, maybe: boolean): ReadPath | null =>
  base === null
    ? null
    : {
        root: base.root,
        path: base.path === "" ? name : `${base.path}.${name}`,
        start: base.start,
        end: node.end,
        maybe: maybe || base.maybe,
      }
