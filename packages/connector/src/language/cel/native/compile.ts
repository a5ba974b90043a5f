// Small expressions as plain functions over JSON: paths, defaults, comparisons, lists, mappings, the usual functions. The
// same answers as CEL gives for them, without shaping values first; what is larger than that is CEL's, and so are values of
// kinds that do not go together. For exact vocabularies.
import type { ASTNode } from "@marcbachmann/cel-js"
import { isObject, type Json } from "../../../json.ts"
import { Failure, type Attempt } from "../../../value/failure.ts"
import { fillPurse, spendSteps } from "../budget.ts"
import { add, compare, contains, Refused } from "./operators.ts"
import { FUNCTIONS, METHODS, type JsonFunction } from "./functions.ts"

type Scope = Readonly<Record<string, Json | undefined>>
type Run = (scope: Scope) => Json
type Functions = Readonly<Record<string, JsonFunction>>

/** `onCel` runs the same expression there. */
export function compileNative(
  ast: ASTNode,
  functions: Functions,
  onCel: (scope: Scope) => Attempt<Json>,
): ((scope: Scope) => Attempt<Json>) | null {
  const run = new Compiler({ ...FUNCTIONS, ...functions }).node(ast)
  if (run === null) return null
  // A path costs what is there already; everything else may make something.
  const makes = !["id", ".", ".?", "value"].includes(ast.op)
  return (scope) => {
    if (makes) fillPurse("exact")
    try {
      return run(scope)
    } catch (error) {
      return error instanceof Refused ? onCel(scope) : new Failure(error instanceof Error ? error.message : String(error))
    }
  }
}

/** What gives true or false by itself, or a path: a blank is false there, and so is whatever is not true. */
const CONDITIONS: readonly string[] = ["id", ".", "==", "!=", "&&", "||", "!_", "<", "<=", ">", ">=", "in"]
const isCondition = (node: ASTNode): boolean => CONDITIONS.includes(node.op) || (node.op === "value" && typeof node.args === "boolean")

class Compiler {
  private readonly functions: Functions
  constructor(functions: Functions) {
    this.functions = functions
  }

  node(node: ASTNode): Run | null {
    switch (node.op) {
      case "value":
        return literal(node.args)
      case "id": {
        const name = node.args
        return (scope) => scope[name] ?? null
      }
      case ".":
      case ".?":
        return member(this.node(node.args[0]), node.args[1])
      case "[]":
      case "[?]": {
        const index = node.args[1]
        if (index.op !== "value") return null
        return typeof index.args === "string" ? member(this.node(node.args[0]), index.args) : element(this.node(node.args[0]), index.args)
      }
      case "==":
      case "!=":
        return this.equality(node.args[0], node.args[1], node.op === "==")
      case "<":
      case "<=":
      case ">":
      case ">=": {
        const operator = node.op
        return this.both(node.args[0], node.args[1], (left, right) => compare(operator, left, right))
      }
      case "in":
        return this.both(node.args[0], node.args[1], contains)
      case "+":
        return this.both(node.args[0], node.args[1], add)
      case "&&":
      case "||": {
        const [left, right] = [this.condition(node.args[0]), this.condition(node.args[1])]
        if (left === null || right === null) return null
        return node.op === "&&" ? (scope) => left(scope) && right(scope) : (scope) => left(scope) || right(scope)
      }
      case "!_": {
        const inner = this.condition(node.args)
        return inner === null ? null : (scope) => !inner(scope)
      }
      case "?:": {
        const [when, then, otherwise] = [this.condition(node.args[0]), this.node(node.args[1]), this.node(node.args[2])]
        if (when === null || then === null || otherwise === null) return null
        return (scope) => (when(scope) ? then(scope) : otherwise(scope))
      }
      case "list": {
        const items = this.all(node.args)
        return items === null ? null : (scope) => items.map((item) => item(scope))
      }
      case "map":
        return this.mapping(node.args)
      case "call":
        return this.call(node.args[0], node.args[1])
      case "rcall":
        return this.method(node.args[0], node.args[1], node.args[2])
      default:
        return null
    }
  }

  private all(nodes: readonly ASTNode[]): readonly Run[] | null {
    const runs = nodes.map((node) => this.node(node)).filter((run) => run !== null)
    return runs.length === nodes.length ? runs : null
  }

  private both(one: ASTNode, other: ASTNode, work: (left: Json, right: Json) => Json): Run | null {
    const [left, right] = [this.node(one), this.node(other)]
    return left === null || right === null ? null : (scope) => work(left(scope), right(scope))
  }

  private condition(node: ASTNode): ((scope: Scope) => boolean) | null {
    const isCall = (node.op === "call" || node.op === "rcall") && GIVES_TRUTH.includes(node.args[0])
    const run = isCondition(node) || isCall ? this.node(node) : null
    return run === null ? null : (scope) => run(scope) === true
  }

  /** With a literal on one side; an empty text equals nothing at all. */
  private equality(left: ASTNode, right: ASTNode, equal: boolean): Run | null {
    const [side, known] =
      right.op === "value" ? [this.node(left), right.args] : left.op === "value" ? [this.node(right), left.args] : [null, null]
    const value = literal(known)?.({})
    if (side === null || value === undefined) return null
    return value === "" ? (scope) => ((side(scope) ?? "") === "") === equal : (scope) => (side(scope) === value) === equal
  }

  private mapping(entries: readonly (readonly [ASTNode, ASTNode])[]): Run | null {
    const parts: { readonly key: string; readonly value: Run }[] = []
    for (const [key, value] of entries) {
      const run = this.node(value)
      if (key.op !== "value" || typeof key.args !== "string" || key.args === "__proto__" || run === null) return null
      parts.push({ key: key.args, value: run })
    }
    return (scope) => {
      const made: Record<string, Json> = {}
      for (const { key, value } of parts) made[key] = value(scope)
      return made
    }
  }

  private call(name: string, args: readonly ASTNode[]): Run | null {
    const known = Object.hasOwn(this.functions, name) ? this.functions[name] : undefined
    const given = known?.takes === args.length ? this.all(args) : null
    return known === undefined || given === null ? null : (scope) => known.run(...given.map((run) => run(scope)))
  }

  private method(name: string, receiver: ASTNode, args: readonly ASTNode[]): Run | null {
    const of = this.node(receiver)
    if (of === null) return null
    if (name === "orValue" && args.length === 1) {
      const otherwise = this.node(args[0] as ASTNode)
      return otherwise === null ? null : (scope) => of(scope) ?? otherwise(scope)
    }
    const known = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined
    if (known !== undefined && known.takes === args.length + 1) {
      const given = this.all(args)
      return given === null ? null : (scope) => known.run(of(scope), ...given.map((run) => run(scope)))
    }
    return this.macro(name, of, args)
  }

  private macro(name: string, of: Run, args: readonly ASTNode[]): Run | null {
    const [variable, each] = args
    if (args.length !== 2 || variable?.op !== "id" || each === undefined) return null
    const holds = name === "map" ? null : this.condition(each)
    const inner = name === "map" ? this.node(each) : holds
    if (inner === null || !["map", "filter", "exists", "all"].includes(name)) return null
    const named = variable.args
    return (scope) => {
      const list = of(scope)
      const items: readonly Json[] = list === null ? [] : Array.isArray(list) ? list : refuse(`${name}(…) goes through lists only`)
      spendSteps(items.length)
      const inside: Record<string, Json | undefined> = { ...scope }
      const run = (item: Json): Json => {
        inside[named] = item
        return inner(inside)
      }
      if (name === "map") return items.map(run)
      if (name === "filter") return items.filter((item) => run(item) === true)
      return name === "exists" ? items.some((item) => run(item) === true) : items.every((item) => run(item) === true)
    }
  }
}

const GIVES_TRUTH: readonly string[] = ["startsWith", "endsWith", "contains", "exists", "all"]

const refuse = (why: string): never => {
  throw new Refused(why)
}

function literal(value: unknown): Run | null {
  if (value === null || typeof value === "string" || typeof value === "boolean") return () => value
  if (typeof value === "bigint" || typeof value === "number") {
    const number = Number(value)
    return Number.isFinite(number) && (typeof value === "number" || Number.isSafeInteger(number)) ? () => number : null
  }
  return null
}

function member(of: Run | null, name: string): Run | null {
  if (of === null) return null
  return (scope) => {
    const object = of(scope)
    // An own member only: `constructor` of an item that lacks it is nothing.
    return isObject(object) && Object.hasOwn(object, name) ? (object[name] ?? null) : null
  }
}

/** What a list is too short for is nothing. */
function element(of: Run | null, index: unknown): Run | null {
  if (of === null || typeof index !== "bigint") return null
  const at = Number(index)
  return (scope) => {
    const list = of(scope)
    return Array.isArray(list) ? (list[at] ?? null) : null
  }
}
