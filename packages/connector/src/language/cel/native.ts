// Small expressions as plain functions over JSON: paths, defaults, comparisons with a literal, lists of a path, the commonest
// functions. The same answers as CEL gives for them, without shaping values first; what is larger than that is CEL's, and so
// are values of a kind that such an expression is not made for. For exact vocabularies.
import type { ASTNode } from "@marcbachmann/cel-js"
import { isObject, type Json } from "../../json.ts"
import { Failure, type Attempt } from "../../value/failure.ts"

type Scope = Readonly<Record<string, Json | undefined>>
type Run = (scope: Scope) => Json

class Refused extends Error {}
/** Values of another kind: CEL is asked. */
class Unforeseen extends Error {}

/** `onCel` runs the same expression there. */
export function compileNative(ast: ASTNode, onCel: (scope: Scope) => Attempt<Json>): ((scope: Scope) => Attempt<Json>) | null {
  const run = native(ast)
  if (run === null) return null
  return (scope) => {
    try {
      return run(scope)
    } catch (error) {
      if (error instanceof Refused) return new Failure(error.message)
      if (error instanceof Unforeseen) return onCel(scope)
      throw error
    }
  }
}

function native(node: ASTNode): Run | null {
  switch (node.op) {
    case "value":
      return literal(node.args)
    case "id": {
      const name = node.args
      return (scope) => scope[name] ?? null
    }
    case ".":
    case ".?":
      return member(native(node.args[0]), node.args[1])
    case "[]":
    case "[?]": {
      const index = node.args[1]
      if (index.op !== "value") return null
      return typeof index.args === "string" ? member(native(node.args[0]), index.args) : element(native(node.args[0]), index.args)
    }
    case "==":
    case "!=":
      return comparison(node.args[0], node.args[1], node.op === "==")
    case "&&":
    case "||": {
      const [left, right] = [native(node.args[0]), native(node.args[1])]
      if (left === null || right === null || !isCondition(node.args[0]) || !isCondition(node.args[1])) return null
      return node.op === "&&"
        ? (scope) => left(scope) === true && right(scope) === true
        : (scope) => left(scope) === true || right(scope) === true
    }
    case "!_": {
      const inner = isCondition(node.args) ? native(node.args) : null
      return inner === null ? null : (scope) => inner(scope) !== true
    }
    case "?:": {
      const [when, then, otherwise] = node.args.map(native)
      if (when == null || then == null || otherwise == null || !isCondition(node.args[0])) return null
      return (scope) => (when(scope) === true ? then(scope) : otherwise(scope))
    }
    case "<":
    case "<=":
    case ">":
    case ">=":
      return ordering(node.op, native(node.args[0]), node.args[1])
    case "+":
      return sum(native(node.args[0]), native(node.args[1]))
    case "list": {
      const items = node.args.map(native)
      return items.some((item) => item === null) ? null : (scope) => items.map((item) => item?.(scope) ?? null)
    }
    case "call":
      return call(node.args[0], node.args[1])
    case "rcall":
      return method(node.args[0], node.args[1], node.args[2])
    default:
      return null
  }
}

/** A name or path, or what gives true or false by itself: a blank is false there, and so is whatever is not true. */
const isCondition = (node: ASTNode): boolean => ["id", ".", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "!_"].includes(node.op)

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

/** With a literal on one side; an empty text equals nothing at all. */
function comparison(left: ASTNode, right: ASTNode, equal: boolean): Run | null {
  const [side, known] = right.op === "value" ? [native(left), right.args] : left.op === "value" ? [native(right), left.args] : [null, null]
  const value = literal(known)?.({})
  if (side === null || value === undefined) return null
  return value === "" ? (scope) => ((side(scope) ?? "") === "") === equal : (scope) => (side(scope) === value) === equal
}

const ORDER: Readonly<Record<"<" | "<=" | ">" | ">=", (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
}

/** A number beside a literal one. */
function ordering(operator: keyof typeof ORDER, side: Run | null, right: ASTNode): Run | null {
  const known = right.op === "value" ? literal(right.args)?.({}) : undefined
  if (side === null || typeof known !== "number") return null
  const holds = ORDER[operator]
  return (scope) => {
    const value = side(scope)
    if (typeof value !== "number") throw new Unforeseen()
    return holds(value, known)
  }
}

/** Texts, a number in a text, and lists. */
function sum(left: Run | null, right: Run | null): Run | null {
  if (left === null || right === null) return null
  return (scope) => {
    const [one, other] = [left(scope), right(scope)]
    if (Array.isArray(one) && Array.isArray(other)) return one.concat(other)
    const texts = (typeof one === "string" && isWord(other)) || (typeof other === "string" && isWord(one))
    if (!texts) throw new Unforeseen()
    return `${String(one)}${String(other)}`
  }
}

const isWord = (value: Json): value is string | number => typeof value === "string" || typeof value === "number"

function call(name: string, args: readonly ASTNode[]): Run | null {
  const [of = null, keys] = args.map(native)
  if (of === null) return null
  if ((name === "lower" || name === "trim") && args.length === 1) {
    return (scope) => {
      const text = of(scope)
      if (text === null) return null
      if (typeof text !== "string") throw new Unforeseen()
      return name === "lower" ? text.toLowerCase() : text.trim()
    }
  }
  if ((name !== "omit" && name !== "pick") || args.length !== 2 || args[1]?.op !== "list" || keys == null) return null
  const keep = name === "pick"
  return (scope) => {
    const object = of(scope)
    const names = keys(scope)
    if (!isObject(object) || !Array.isArray(names)) throw new Unforeseen()
    const rest: Record<string, Json> = {}
    for (const key of Object.keys(object)) {
      if (key === "__proto__") throw new Unforeseen()
      if (names.includes(key) === keep) rest[key] = object[key] ?? null
    }
    return rest
  }
}

function method(name: string, receiver: ASTNode, args: readonly ASTNode[]): Run | null {
  const of = native(receiver)
  if (of === null) return null
  if (name === "orValue" && args.length === 1) {
    const otherwise = native(args[0] as ASTNode)
    return otherwise === null ? null : (scope) => of(scope) ?? otherwise(scope)
  }
  const [variable, each] = args
  if ((name !== "map" && name !== "filter") || args.length !== 2 || variable?.op !== "id" || each === undefined) return null
  const inner = native(each)
  if (inner === null || (name === "filter" && !isCondition(each))) return null
  const named = variable.args
  return (scope) => {
    const list = of(scope)
    if (list === null) return []
    if (!Array.isArray(list)) throw new Refused(`${name}(…) goes through lists only`)
    const inside: Record<string, Json | undefined> = { ...scope }
    const run = (item: Json): Json => {
      inside[named] = item
      return inner(inside)
    }
    return name === "map" ? list.map(run) : list.filter((item: Json) => run(item) === true)
  }
}
