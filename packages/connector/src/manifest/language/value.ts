// Values of a manifest: a scalar that starts with `=` is an expression, all else is literal, mappings and lists may hold some.
// In a mapping, `name?` leaves a key out where its value is null, and `...` joins another mapping in.
import {
  compileExpression,
  describeNode,
  type Expression,
  type Node,
  type Report,
  type ScalarNode,
  type Shape,
  type Vocabulary,
} from "../../language/index.ts"
import { isObject, type Json, type JsonObject } from "../../json.ts"
import { Failure } from "../../value/index.ts"
import { ExpressionError } from "../expression-error.ts"
import type { Condition, Value, Values } from "../spec/index.ts"
import { gatheredIn } from "./gathered.ts"

type Run = Value["run"]

/** `null` of `reads`: a constant. */
interface Compiled {
  readonly run: Run
  readonly reads: readonly string[] | null
}

export const isExpression = (node: Node): node is ScalarNode & { readonly value: string } =>
  node.kind === "scalar" && typeof node.value === "string" && node.value.startsWith("=")

/** The expression behind the `=`, with its reads of `config` and of records noted. */
export function expressionIn(
  node: ScalarNode & { readonly value: string },
  from: number,
  to: number,
  vocabulary: Vocabulary,
  gives: "any" | "bool",
  report: Report,
): Expression | undefined {
  const blanks = /^\s*/.exec(node.value.slice(from, to))?.[0].length ?? 0
  const start = from + blanks
  const text = node.value.slice(start, to)
  const at = node.locate(start, Math.max(to, start + 1))
  if (text.trim() === "") {
    report.error(
      node.at,
      "there is no expression behind this =",
      "write it behind the =, or put the = in an expression of its own: '=\"=\"'",
    )
    return undefined
  }
  const inner: ScalarNode = { kind: "scalar", at, value: text, locate: (a, b) => node.locate(start + a, start + b) }
  const expression = compileExpression({ value: text, at, node: inner }, vocabulary, gives, report)
  const gathered = gatheredIn(report)
  for (const { root, path, at: place } of expression?.reads ?? []) {
    if (root === "config") gathered.config.push({ path, at: place })
    else if (root === "rec" && path !== "") gathered.records.push({ path, at: place })
  }
  return expression
}

export const readsOf = (expression: Expression): readonly string[] =>
  expression.reads.map(({ root, path }) => (path === "" ? root : `${root}.${path}`))

/** `line 12, "=rec.id"`: of what cannot be worked out. */
const placeOf = (node: Node, text: string, report: Report): string => {
  const { line } = report.position(node.at)
  return `line ${line} (${text.length > 80 ? `${text.slice(0, 79)}…` : text})`
}

function compileScalar(node: ScalarNode, place: Vocabulary, report: Report): Compiled | undefined {
  if (!isExpression(node)) {
    const { value } = node
    return { run: () => value, reads: null }
  }
  const expression = expressionIn(node, 1, node.value.length, place, "any", report)
  if (expression === undefined) return undefined
  return { run: runner(expression, placeOf(node, node.value, report)), reads: readsOf(expression) }
}

export const runner =
  (expression: Expression, place: string): Run =>
  (scope) => {
    const result = expression.run(scope)
    if (result instanceof Failure) throw new ExpressionError(place, result.message)
    return result
  }

function compileNode(node: Node, place: Vocabulary, report: Report): Compiled | undefined {
  if (node.kind === "scalar") return compileScalar(node, place, report)
  if (node.kind === "list") {
    const items = node.items.map((item) => compileNode(item, place, report))
    const good = items.filter((item) => item !== undefined)
    if (good.length < items.length) return undefined
    return settle(good, (scope) => good.map((item) => item.run(scope)))
  }
  const parts: { readonly key: string; readonly kind: "plain" | "maybe" | "spread"; readonly value: Compiled }[] = []
  let good = true
  for (const { key, keyAt, value } of node.entries) {
    if (key.startsWith("=")) report.error(keyAt, "a key cannot be an expression", "use fromEntries(…) for keys that are worked out")
    const compiled = compileNode(value, place, report)
    if (compiled === undefined) good = false
    else if (key === "...") parts.push({ key, kind: "spread", value: compiled })
    else if (key.endsWith("?") && key.length > 1) parts.push({ key: key.slice(0, -1), kind: "maybe", value: compiled })
    else parts.push({ key, kind: "plain", value: compiled })
  }
  if (!good) return undefined
  const at = placeOf(node, "...", report)
  return settle(
    parts.map((part) => part.value),
    (scope) => {
      const object: Record<string, Json> = {}
      for (const { key, kind, value } of parts) {
        const found = value.run(scope)
        if (kind === "spread") {
          if (found !== null && !isObject(found)) throw new ExpressionError(at, "only a mapping can be joined in")
          for (const name of Object.keys(found ?? {})) put(object, name, found?.[name] ?? null)
        } else if (kind === "plain" || found !== null) put(object, key, found)
      }
      return object
    },
  )
}

function put(object: Record<string, Json>, key: string, value: Json): void {
  if (key === "__proto__") Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true })
  else object[key] = value
}

/** Constant parts make a constant, worked out once. */
function settle(parts: readonly Compiled[], run: Run): Compiled {
  if (parts.every((part) => part.reads === null)) {
    const constant = run({})
    return { run: () => constant, reads: null }
  }
  return { run, reads: [...new Set(parts.flatMap((part) => part.reads ?? []))] }
}

const SCALAR = { description: "A literal, or = and an expression (CEL).", type: ["string", "number", "boolean", "null"] } as const
const ANY: JsonObject = { description: "A literal, = and an expression (CEL), or a mapping or list of such." }

const sourceOf = (node: Node): string => (node.kind === "scalar" ? String(node.value) : node.kind === "map" ? "{…}" : "[…]")

/** Any value. */
export function value(place: Vocabulary, expects = "a value, or = and an expression"): Shape<Value> {
  return {
    schema: ANY,
    expects,
    fits: () => true,
    read: (node, report) => {
      const compiled = compileNode(node, place, report)
      return compiled && { ...compiled, source: sourceOf(node) }
    },
  }
}

/** A value that is worked out: an expression, nothing else would make sense. */
export function worked(place: Vocabulary, example: string): Shape<Value> {
  const expects = `an expression, as ${example}`
  return {
    schema: { type: ["string", "object", "array"], description: `= and an expression (CEL), as ${example}` },
    expects,
    fits: (node) => node.kind === "scalar" || node.kind === "map",
    read: (node, report) => {
      const compiled = compileNode(node, place, report)
      if (compiled === undefined) return undefined
      if (compiled.reads === null && node.kind === "scalar" && !isExpression(node)) {
        report.error(node.at, `expected ${expects}, found ${describeNode(node)}`, hintForForgotten(node))
        return undefined
      }
      return { ...compiled, source: sourceOf(node) }
    },
  }
}

const hintForForgotten = (node: ScalarNode): string | null =>
  typeof node.value === "string" && /^[a-z]+\.[\w.]+$/.test(node.value) ? `an expression starts with =: =${node.value}` : null

/** `=condition`, or true or false. */
export function condition(place: Vocabulary, example = "=res.status == 409"): Shape<Condition> {
  const expects = `a condition, as ${example}`
  return {
    schema: { type: ["string", "boolean"], description: `= and a condition (CEL), as ${example}` },
    expects,
    fits: (node) => node.kind === "scalar",
    read: (node, report) => {
      if (node.kind === "scalar" && typeof node.value === "boolean") {
        const constant = node.value
        return { run: () => constant, reads: [], source: String(constant) }
      }
      if (!isExpression(node)) {
        report.error(node.at, `expected ${expects}, found ${describeNode(node)}`, node.kind === "scalar" ? hintForForgotten(node) : null)
        return undefined
      }
      const expression = expressionIn(node, 1, node.value.length, place, "bool", report)
      if (expression === undefined) return undefined
      const run = runner(expression, placeOf(node, node.value, report))
      return { run: (scope) => run(scope) === true, reads: readsOf(expression), source: node.value }
    },
  }
}

/** Names with values: a query, headers. */
export function values(place: Vocabulary, what: string): Shape<Values> {
  const one = value(place)
  return {
    schema: { type: "object", additionalProperties: { anyOf: [SCALAR, { type: "array" }] } },
    expects: `${what} as a mapping`,
    fits: (node) => node.kind === "map",
    read: (node, report) => {
      if (node.kind !== "map") {
        report.error(node.at, `expected ${what} as a mapping, found ${describeNode(node)}`)
        return undefined
      }
      const found: [string, Value][] = []
      for (const entry of node.entries) {
        const compiled = one.read(entry.value, report)
        if (compiled !== undefined) found.push([entry.key, compiled])
      }
      return Object.fromEntries(found)
    },
  }
}
