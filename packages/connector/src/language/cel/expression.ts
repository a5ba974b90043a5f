// A CEL expression, compiled once: its paths, its type, and a function that never throws.
import {
  EvaluationError,
  ParseError,
  serialize,
  TypeError as CelTypeError,
  type ASTNode,
  type Environment,
  type ParseResult,
} from "@marcbachmann/cel-js"
import { RE2JS } from "re2js"
import { Failure, type Attempt } from "../../value/failure.ts"
import { isObject, type Json } from "../../json.ts"
import type { Text } from "../grammar/scalar.ts"
import type { Report, Span } from "../text/diagnostic.ts"
import { didYouMean } from "../text/nearest.ts"
import { fillPurse } from "./budget.ts"
import { registerBlanks, registerFunctions, registerNumbers, registerWriting } from "./extend.ts"
import { baseEnvironment, MAX_LENGTH } from "./functions.ts"
import { compileNative } from "./native/compile.ts"
import type { JsonFunction } from "./native/functions.ts"
import { readPaths, type ReadPath } from "./paths.ts"
import { nodesOf, rewrite } from "./rewrite.ts"
import { fromCel, shaper, toCel } from "./value.ts"

/** `map`: only what is read of it is shaped. `dyn`: whatever it is, as a whole. `list`: a blank is an empty one. */
type NameType = "map" | "dyn" | "bool" | "list"

/** What expressions of one place may say. One value per place, made once: environments are kept by it. */
export interface Vocabulary {
  readonly names: Readonly<Record<string, NameType>>
  /** Names that mean something in other places, for hints. */
  readonly elsewhere: readonly string[]
  /** Functions beside those that every expression has. */
  readonly functions?: Readonly<Record<string, JsonFunction>>
  /** Values as JSON has them: an empty text stays one, and all that is lacking is null. Small expressions run without CEL. */
  readonly exact?: boolean
  /** What to do about an expression that is too large. */
  readonly advice: string
}

export type Scope = Readonly<Record<string, Json | undefined>>

export interface Expression {
  /** The text without comments and white space: equal for equal meaning. */
  readonly canonical: string
  readonly at: Span
  readonly reads: readonly (ReadPath & { readonly at: Span })[]
  readonly run: (scope: Scope) => Attempt<Json>
}

const environments = new WeakMap<Vocabulary, Environment>()

/** Environments are made once per vocabulary: expressions that see the same names share one. */
function environmentFor(vocabulary: Vocabulary): Environment {
  let environment = environments.get(vocabulary)
  if (environment === undefined) {
    environment = baseEnvironment()
    registerFunctions(environment, vocabulary.functions ?? {})
    registerNumbers(environment)
    if (vocabulary.exact === true) registerWriting(environment)
    else registerBlanks(environment)
    for (const [name, type] of Object.entries(vocabulary.names)) environment.registerVariable(name, type === "list" ? "list<dyn>" : type)
    environments.set(vocabulary, environment)
  }
  return environment
}

export function compileExpression(source: Text, vocabulary: Vocabulary, gives: "bool" | "any", report: Report): Expression | undefined {
  const text = source.value
  if (text.length > MAX_LENGTH) {
    report.error(source.at, `the expression is longer than ${MAX_LENGTH} characters`, vocabulary.advice)
    return undefined
  }
  const environment = environmentFor(vocabulary)
  const locate = (start: number, end: number): Span => source.node.locate(start, end)
  const compiled = parse(text, environment, vocabulary.exact === true)
  if ("error" in compiled) {
    complain(compiled, source, vocabulary, report)
    return undefined
  }
  const { parsed, repaired, type } = compiled
  if (!sound(parsed.ast, locate, report)) return undefined
  if (gives === "bool" && type !== "bool" && type !== "dyn") {
    report.error(source.at, `the expression gives ${article(type)}, expected true or false`, 'compare it with something: … == "…"')
    return undefined
  }
  const reads = readPaths(parsed.ast, Object.keys(vocabulary.names))
  const onCel = evaluator(repaired, reads, vocabulary)
  const run = (vocabulary.exact === true ? compileNative(parsed.ast, vocabulary.functions ?? {}, onCel) : null) ?? onCel
  return {
    canonical: serialize(parsed.ast),
    at: source.at,
    reads: reads.map((path) => ({ ...path, at: locate(path.start, path.end) })),
    run,
  }
}

interface Parsed {
  /** As written: for its paths. */
  readonly parsed: ParseResult
  /** As it is run. */
  readonly repaired: ParseResult
  readonly type: string
}
interface Refused {
  readonly error: unknown
  /** From a place that the error names to one in the text as written. */
  readonly origin: (offset: number) => number
}

function parse(text: string, environment: Environment, lenient: boolean): Parsed | Refused {
  let origin = (offset: number): number => offset
  try {
    const parsed = environment.parse(text)
    const better = rewrite(text, parsed.ast, lenient)
    origin = better.origin
    const repaired = environment.parse(better.text)
    const checked = repaired.check()
    return checked.valid ? { parsed, repaired, type: checked.type ?? "dyn" } : { error: checked.error, origin }
  } catch (error) {
    return { error, origin }
  }
}

function evaluator(parsed: ParseResult, paths: readonly ReadPath[], { names, exact = false }: Vocabulary): (scope: Scope) => Attempt<Json> {
  const enter = Object.entries(names)
    .filter(([name]) => paths.some((path) => path.root === name))
    .map(([name, type]): readonly [string, (value: Json | undefined) => unknown] => {
      if (type === "map") {
        const shape = shaper(
          paths.filter((path) => path.root === name),
          exact,
        )
        return [name, (value) => shape(isObject(value) ? value : null)]
      }
      if (type === "bool") return [name, (value) => value === true]
      if (type === "list") return [name, (value) => toCel(value, exact) ?? []]
      return [name, (value) => toCel(value, exact)]
    })
  return (scope) => {
    const context: Record<string, unknown> = {}
    for (const [name, make] of enter) context[name] = make(scope[name])
    fillPurse(exact ? "exact" : "item")
    try {
      return fromCel(parsed(context), exact)
    } catch (error) {
      return new Failure(summaryOf(error))
    }
  }
}

/** What the language itself allows but would surprise here. */
function sound(ast: ASTNode, locate: (start: number, end: number) => Span, report: Report): boolean {
  let good = true
  for (const node of nodesOf(ast)) {
    if (node.op === "call" && node.args[0] === "has") {
      report.error(
        locate(node.start, node.end),
        "has(…) is always true here: what an item lacks reads as null",
        "compare with null instead: … != null",
      )
      good = false
    }
    const called = node.op === "call" || node.op === "rcall" ? node.args[0] : ""
    if (called.startsWith("__")) {
      report.error(locate(node.start, node.end), `unknown function "${called}"`)
      good = false
    }
    if (called === "matches" || called === "firstMatch") {
      const args = node.op === "call" ? node.args[1] : node.op === "rcall" ? node.args[2] : []
      const pattern = args[args.length - 1]
      if (pattern?.op === "value" && typeof pattern.args === "string") {
        try {
          RE2JS.compile(pattern.args)
        } catch (error) {
          const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "not understood"
          report.error(
            locate(pattern.start, pattern.end),
            `this pattern cannot be used: ${reason}`,
            "patterns are RE2: no look-ahead, no back-references",
          )
          good = false
        }
      }
    }
  }
  return good
}

function complain({ error, origin }: Refused, source: Text, vocabulary: Vocabulary, report: Report): void {
  const summary = summaryOf(error)
  const range = error instanceof ParseError || error instanceof EvaluationError || error instanceof CelTypeError ? error.range : undefined
  const at = range === undefined ? source.at : source.node.locate(origin(range.start), origin(range.end))
  const unknown = /^Unknown variable: (\S+)/.exec(summary)?.[1]
  if (unknown !== undefined) {
    report.error(at, `unknown name "${unknown}" in an expression`, hintForName(unknown, vocabulary))
    return
  }
  const overload = /found no matching overload for '(?:[\w<>, .]+\.)?(\w+)\(/.exec(summary)
  if (overload !== null) {
    const called = overload[1] ?? ""
    const functions = [...FUNCTIONS, ...Object.keys(vocabulary.functions ?? {})]
    const known = functions.includes(called)
    report.error(
      at,
      known
        ? `${called}(…) does not take these values: ${summary.replace(/^found no matching overload for /, "")}`
        : `unknown function "${called}"`,
      known ? null : didYouMean(called, functions),
    )
    return
  }
  const [message, hint] = plain(summary, vocabulary.advice)
  report.error(at, message, hint)
}

/** The library's findings in our words, where they can be said more plainly. */
function plain(summary: string, advice: string): readonly [string, string | null] {
  if (summary.includes("EOF")) return ["the expression ends too early", null]
  if (summary.startsWith("Exceeded maxDepth")) return ["the expression is nested too deeply", `split it, or ${advice}`]
  if (summary.startsWith("Exceeded max")) return ["the expression is too large", advice]
  const overload = /^no such overload: (.*)$/.exec(summary)?.[1]
  if (overload !== undefined)
    return [`these kinds of value do not go together: ${overload}`, "convert one of them: string(…), int(…), double(…)"]
  const branches = /^Ternary branches must have the same type, got '(.*)' and '(.*)'$/.exec(summary)
  if (branches !== null)
    return [
      `the two sides of ? : give different kinds of value: ${branches[1]} and ${branches[2]}`,
      "convert one of them: string(…), int(…), double(…)",
    ]
  return [`in this expression: ${summary}`, null]
}

const FUNCTIONS = [
  "lower",
  "upper",
  "trim",
  "startsWith",
  "endsWith",
  "contains",
  "matches",
  "replace",
  "size",
  "string",
  "int",
  "double",
  "round",
  "bool",
  "timestamp",
  "exists",
  "all",
  "filter",
  "map",
  "exists_one",
  "join",
  "split",
  "substring",
  "indexOf",
  "orValue",
]

function hintForName(unknown: string, vocabulary: Vocabulary): string {
  const names = Object.keys(vocabulary.names)
  if (vocabulary.elsewhere.includes(unknown)) return `"${unknown}" means nothing in this place; known are: ${names.join(", ")}`
  return didYouMean(unknown, names) ?? `known are: ${names.join(", ")}; texts stand in quotes`
}

function summaryOf(error: unknown): string {
  const text =
    error instanceof ParseError || error instanceof EvaluationError || error instanceof CelTypeError
      ? error.summary
      : error instanceof Error
        ? error.message
        : String(error)
  return (text.split("\n")[0] ?? text)
    .replaceAll(/__(matches|split|join)\b/g, "$1")
    .replaceAll(/__\w+/g, "…")
    .slice(0, 300)
}

const article = (type: string): string => (type === "string" ? "a text" : type === "int" || type === "double" ? "a number" : `a ${type}`)
