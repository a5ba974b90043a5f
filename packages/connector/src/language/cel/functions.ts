// The functions that our expressions have beside CEL's own, each of them total on blanks.
import { Environment, type Optional } from "@marcbachmann/cel-js"
import { RE2JS } from "re2js"
import { isAffordable, spendCharacters, spendSteps } from "./budget.ts"
import { INTERNAL } from "./rewrite.ts"

/** One expression is a line or two; these bounds are for mistakes and malice. */
export const MAX_LENGTH = 4_000
const LIMITS = { maxAstNodes: 400, maxDepth: 24, maxListElements: 200, maxMapEntries: 100, maxCallArguments: 8 }
const MAX_PATTERNS = 500

/** A pattern is compiled once. Patterns come from the pipeline as a rule, from data at worst, so the memory is bounded. */
const patterns = new Map<string, RE2JS>()

function matches(text: string, pattern: string): boolean {
  let compiled = patterns.get(pattern)
  if (compiled === undefined) {
    if (patterns.size >= MAX_PATTERNS) patterns.clear()
    compiled = RE2JS.compile(pattern)
    patterns.set(pattern, compiled)
  }
  if (!isAffordable(compiled.programSize(), text)) throw new Error("the text is too long for this pattern")
  return compiled.test(text)
}

function replaced(text: string, from: string, to: string): string {
  const longer = to.length - from.length
  if (longer > 0 && from !== "")
    for (let at = text.indexOf(from); at >= 0; at = text.indexOf(from, at + from.length)) spendCharacters(longer)
  else if (from === "") spendCharacters(to.length * (text.length + 1))
  return text.replaceAll(from, () => to)
}

/** As CEL's own: a limit keeps the rest in the last part. */
function split(text: string, separator: string, limit = Number.MAX_SAFE_INTEGER): string[] {
  if (separator === "") spendSteps(text.length)
  else for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + separator.length)) spendSteps(1)
  const parts = text.split(separator)
  if (limit < 0 || parts.length <= limit) return parts
  return limit === 0 ? [] : [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)]
}

function join(parts: readonly unknown[], separator: string): string {
  spendSteps(parts.length)
  spendCharacters(separator.length * parts.length)
  for (const part of parts) {
    // a blank in a list is an empty text, as it is everywhere
    if (typeof part === "string") spendCharacters(part.length)
    else if (part !== null) throw new Error("only a list of texts can be joined")
  }
  return parts.join(separator)
}

const texts: readonly (readonly [string, (text: string) => string])[] = [
  ["lower", (text) => text.toLowerCase()],
  ["upper", (text) => text.toUpperCase()],
]

export function baseEnvironment(): Environment {
  const env = new Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    unlistedVariablesAreDyn: false,
    limits: LIMITS,
  })
  for (const [name, work] of texts) {
    env.registerFunction(`string.${name}(): string`, work)
    env.registerFunction(`null.${name}(): null`, () => null)
    env.registerFunction(`${name}(string): string`, work)
    env.registerFunction(`${name}(null): null`, () => null)
  }
  for (const name of ["trim", "lowerAscii", "upperAscii"]) env.registerFunction(`null.${name}(): null`, () => null)
  env.registerFunction("trim(string): string", (text: string) => text.trim())
  env.registerFunction("trim(null): null", () => null)
  for (const name of ["startsWith", "endsWith", "contains"]) env.registerFunction(`null.${name}(string): bool`, () => false)
  env.registerFunction("null.size(): int", () => 0n)
  env.registerFunction("size(null): int", () => 0n)
  env.registerFunction("string.replace(string, string): string", replaced)
  env.registerFunction("null.replace(string, string): null", () => null)
  env.registerFunction("matches(string, string): bool", matches)
  env.registerFunction("matches(null, string): bool", () => false)
  env.registerFunction(`string.${INTERNAL.matches}(string): bool`, matches)
  env.registerFunction(`null.${INTERNAL.matches}(string): bool`, () => false)
  env.registerFunction(`string.${INTERNAL.split}(string): list<string>`, (text: string, by: string) => split(text, by))
  env.registerFunction(`string.${INTERNAL.split}(string, int): list<string>`, (text: string, by: string, limit: bigint) =>
    split(text, by, Number(limit)),
  )
  env.registerFunction(`list.${INTERNAL.join}(): string`, (parts: readonly unknown[]) => join(parts, ""))
  env.registerFunction(`list.${INTERNAL.join}(string): string`, join)
  env.registerFunction(`${INTERNAL.condition}(dyn): bool`, (value: unknown) => value === true)
  env.registerFunction(`${INTERNAL.list}(dyn): dyn`, (value: unknown) => {
    if (Array.isArray(value)) spendSteps(value.length)
    else if (value instanceof Map) spendSteps(value.size)
    return value ?? []
  })
  env.registerFunction(`${INTERNAL.blank}(): dyn`, () => null)
  env.registerFunction(`${INTERNAL.present}(optional): dyn`, (found: Optional) => (found.hasValue() ? found.value() : null))
  env.registerFunction("string(null): string", () => "")
  // Nothing is larger or smaller than a blank: a comparison with one is false, as a blank condition is.
  for (const operator of ["<", "<=", ">", ">="]) {
    for (const type of ["int", "double", "string"]) {
      env.registerOperator(`null ${operator} ${type}: bool`, () => false)
      env.registerOperator(`${type} ${operator} null: bool`, () => false)
    }
  }
  env.registerFunction(`${INTERNAL.text}(dyn): dyn`, (value: unknown) => value ?? "")
  env.registerOperator("string + null: string", (text: string) => text)
  env.registerOperator("null + null: null", () => null)
  env.registerOperator("null + string: string", (_: null, text: string) => text)
  return env
}
