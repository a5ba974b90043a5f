// Small repairs to a CEL expression before it is compiled, so that blanks behave as a reader expects.
// A blank equals "" and null alike; a blank condition is false, a blank list is empty; `matches` runs on a linear-time engine.
import type { ASTNode } from "@marcbachmann/cel-js"

/** What an expression may be called on in our place: names that no user can clash with. */
export const INTERNAL = {
  condition: "__isTrue",
  text: "__orEmpty",
  list: "__orNone",
  blank: "__blank",
  matches: "__matches",
  split: "__split",
  join: "__join",
  // The longest name, so that it ends up innermost where several wrap one path.
  present: "__presentOrNull",
} as const

/** Methods that run on work of our own instead of the library's: bounded, whatever the item holds. */
const REPLACED: ReadonlyMap<string, string> = new Map([
  ["matches", INTERNAL.matches],
  ["split", INTERNAL.split],
  ["join", INTERNAL.join],
])

interface Edit {
  readonly at: number
  readonly remove: number
  readonly insert: string
}

export interface Rewritten {
  readonly text: string
  /** Where a place of the new text stands in the old. */
  readonly origin: (offset: number) => number
}

/** `lenient`: also what an element or a list lacks reads as null, not only what the item itself lacks. */
export function rewrite(source: string, ast: ASTNode, lenient: boolean): Rewritten {
  const edits: Edit[] = []
  const wrap = (node: ASTNode, name: string): void => {
    // Only plain paths: their range is certain, and nothing else can be a blank by itself.
    if (!/^[A-Za-z_][\w.[\]"']*$/.test(source.slice(node.start, node.end))) return
    edits.push({ at: node.start, remove: 0, insert: `${name}(` }, { at: node.end, remove: 0, insert: ")" })
  }
  for (const node of nodesOf(ast)) {
    if (node.op === "?:") {
      wrap(node.args[0], INTERNAL.condition)
      // A bare null has a type of its own, which CEL does not let stand beside a text.
      for (const branch of node.args.slice(1)) {
        if (branch.op === "value" && branch.args === null)
          edits.push({ at: branch.start, remove: branch.end - branch.start, insert: `${INTERNAL.blank}()` })
      }
    } else if (node.op === "&&" || node.op === "||") node.args.forEach((side) => wrap(side, INTERNAL.condition))
    else if (node.op === "!_") wrap(node.args, INTERNAL.condition)
    else if (node.op === "==" || node.op === "!=") {
      const [left, right] = node.args
      if (isEmptyText(right)) wrap(left, INTERNAL.text)
      if (isEmptyText(left)) wrap(right, INTERNAL.text)
    } else if (node.op === "in") wrap(node.args[1], INTERNAL.list)
    else if (node.op === "rcall" && MACROS.has(node.args[0])) wrap(node.args[1], INTERNAL.list)
    else if (node.op === "rcall") {
      const [name, receiver] = node.args
      const own = REPLACED.get(name)
      const at = source.indexOf(name, receiver.end)
      if (own !== undefined && at >= 0) edits.push({ at, remove: name.length, insert: own })
    }
  }
  if (lenient) edits.push(...lenientAccess(source, ast))
  edits.sort((a, b) => b.at - a.at || b.insert.length - a.insert.length)
  let text = source
  let origins = Array.from({ length: source.length + 1 }, (_, at) => at)
  for (const { at, remove, insert } of edits) {
    text = text.slice(0, at) + insert + text.slice(at + remove)
    origins = [...origins.slice(0, at), ...Array.from(insert, () => at), ...origins.slice(at + remove)]
  }
  return { text, origin: (offset) => origins[Math.min(offset, origins.length - 1)] ?? 0 }
}

/** What an element lacks reads as null too, and so does what a list is too short for: `item.a.b` in a macro, `rec.list[0].x`. */
function lenientAccess(source: string, ast: ASTNode): readonly Edit[] {
  const edits: Edit[] = []
  const visit = (part: unknown, variables: ReadonlySet<string>): void => {
    if (Array.isArray(part)) {
      for (const inner of part) visit(inner, variables)
      return
    }
    if (!isNode(part)) return
    const chain = chainOf(part)
    if (chain !== null) {
      edits.push(...soften(source, chain, variables))
      return
    }
    if (part.op === "rcall" && MACROS.has(part.args[0])) {
      const [, receiver, args] = part.args
      const variable = args[0]
      visit(receiver, variables)
      return visit(args.slice(1), variable?.op === "id" ? new Set([...variables, variable.args]) : variables)
    }
    visit(part.args, variables)
  }
  visit(ast, new Set())
  return edits
}

/** The accesses from a name on, `[name, .a, [0], .?b]`; null where something is worked out on the way. */
function chainOf(node: ASTNode): readonly ASTNode[] | null {
  if (node.op === "id") return [node]
  if (node.op === "." || node.op === ".?") {
    const before = chainOf(node.args[0])
    return before === null ? null : [...before, node]
  }
  if ((node.op === "[]" || node.op === "[?]") && node.args[1].op === "value") {
    const before = chainOf(node.args[0])
    return before === null ? null : [...before, node]
  }
  return null
}

function soften(source: string, chain: readonly ASTNode[], variables: ReadonlySet<string>): readonly Edit[] {
  const [name, ...accesses] = chain
  const last = accesses.at(-1)
  if (name?.op !== "id" || last === undefined) return []
  // What is read of a name itself has been shaped; a variable of a macro has not, and no list has been made longer.
  const from = variables.has(name.args) ? 0 : accesses.findIndex((access) => access.op === "[]" && typeof access.args[1].args !== "string")
  if (from < 0) return []
  const edits: Edit[] = []
  for (const access of accesses.slice(from)) {
    if (access.op !== "." && access.op !== "[]") continue
    const sign = source.indexOf(access.op === "." ? "." : "[", access.args[0].end)
    if (sign < 0) return []
    edits.push({ at: sign + 1, remove: 0, insert: "?" })
  }
  if (accesses.some((access) => access.op === ".?" || access.op === "[?]")) return edits
  return [...edits, { at: name.start, remove: 0, insert: `${INTERNAL.present}(` }, { at: last.end, remove: 0, insert: ")" }]
}

/** What CEL offers to go through a list. */
export const MACROS: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "map", "filter"])

const isEmptyText = (node: ASTNode): boolean => node.op === "value" && node.args === ""

/** A node and everything below it. */
export function nodesOf(ast: ASTNode): readonly ASTNode[] {
  const found: ASTNode[] = []
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) part.forEach(visit)
    else if (isNode(part)) {
      found.push(part)
      visit(part.args)
    }
  }
  visit(ast)
  return found
}

export const isNode = (part: unknown): part is ASTNode => typeof part === "object" && part !== null && "op" in part && "args" in part
