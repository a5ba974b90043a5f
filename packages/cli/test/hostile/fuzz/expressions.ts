// Expressions: grown from a grammar and mutated, compiled, and where they compile, evaluated over odd values.
import type { Json } from "@syncline/connector"
import { compileExpression, Report, type Vocabulary } from "@syncline/connector/language"
import { below, mutate, ODD, oddValue, pick, type Random } from "./mutate.ts"
import type { Target } from "./target.ts"
import { atOnce, wrongText } from "./watch.ts"

const NAMES = { rec: "map", record: "map", value: "dyn", linked: "bool", items: "list" } as const
const ADVICE = "split it"
/** As pipelines have them, and as manifests do. */
const PLACES: readonly Vocabulary[] = [
  { names: NAMES, elsewhere: [], advice: ADVICE },
  { names: NAMES, elsewhere: ["item"], advice: ADVICE, exact: true },
]

const CALLS = [
  "lower()",
  "trim()",
  "size()",
  "startsWith('a')",
  "matches('^a+$')",
  "matches(rec.p)",
  "replace('a', 'b')",
  "split(',')",
  "join('')",
]
const LOOPS = [
  "map(x, x)",
  "filter(x, x != null)",
  "exists(x, x == 'a')",
  "all(x, x > 1)",
  "map(x, items.map(y, y))",
  "exists_one(x, true)",
]
const OPERATORS = ["==", "!=", "<", ">=", "+", "-", "*", "/", "%", "&&", "||", "in"]
const LEAVES = [
  "null",
  "true",
  "1",
  "-1",
  "1.5",
  "'a'",
  '"é"',
  "[]",
  "[1, 'a']",
  "{}",
  "rec",
  "rec.email",
  "rec['a b']",
  "rec.a.b",
  "value",
  "items",
  "record.tags",
  "linked",
]

function grow(random: Random, depth: number): string {
  if (depth === 0) return random() < 0.9 ? pick(random, LEAVES) : JSON.stringify(pick(random, ODD))
  const inner = (): string => grow(random, below(random, depth))
  switch (below(random, 8)) {
    case 0:
      return `!(${inner()})`
    case 1:
      return `(${inner()}) ? ${inner()} : ${inner()}`
    case 2:
      return `(${inner()}).${pick(random, CALLS)}`
    case 3:
      return `${pick(random, ["items", "rec.list", "record.tags", `[${inner()}, ${inner()}]`])}.${pick(random, LOOPS)}`
    case 4:
      return `${pick(random, ["string", "int", "double", "bool", "size", "timestamp", "has", "lowr"])}(${inner()})`
    case 5:
      return `[${Array.from({ length: below(random, 4) }, inner).join(", ")}][${inner()}]`
    default:
      return `${inner()} ${pick(random, OPERATORS)} ${inner()}`
  }
}

export function expressions(): Target {
  const play = (random: Random) => {
    const grown = grow(random, 1 + below(random, 6))
    const text = random() < 0.5 ? grown : mutate(grown, random, grow(random, 3))
    const found = atOnce(() => {
      const report = new Report()
      report.sources.set("pipeline.yaml", text)
      const at = { path: "pipeline.yaml", start: 0, end: text.length }
      const node = { kind: "scalar", at, value: text, locate: (start: number, end: number) => ({ path: at.path, start, end }) } as const
      const expression = compileExpression({ value: text, at, node }, pick(random, PLACES), random() < 0.5 ? "bool" : "any", report)
      const problems = report.list()
      const wrong = problems.flatMap(({ message, start, end, line, column }) => [
        ...wrongText(message),
        ...(message.trim() !== "" && line >= 1 && column >= 1 && start >= 0 && start <= end && end <= text.length
          ? []
          : [`a problem without words or a place: ${start}-${end} of ${text.length}`]),
      ])
      if (expression === undefined) return problems.length > 0 ? wrong : [...wrong, "refused without a reason"]
      const scope = { rec: data(random), record: data(random), value: data(random), linked: true, items: list(random) }
      const result = expression.run(scope)
      // whatever comes out is JSON, or a failure in words
      return [...wrong, ...wrongText(JSON.stringify(result) ?? "")]
    })
    return { input: text, found }
  }
  return { name: "expressions", play, close: () => Promise.resolve() }
}

const data = (random: Random): Json => JSON.parse(JSON.stringify(oddValue(random))) as Json
const list = (random: Random): Json => Array.from({ length: below(random, random() < 0.1 ? 20_000 : 6) }, () => data(random))
