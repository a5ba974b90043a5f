import fc from "fast-check"
import { expect, it } from "vitest"
import type { Json } from "../../../src/index.ts"
import { compileExpression, Report, type Vocabulary } from "../../../src/language/index.ts"
import { FUNCTIONS } from "../../../src/manifest/language/functions.ts"
import { Failure } from "../../../src/value/index.ts"

function compiled(text: string) {
  const report = new Report()
  report.sources.set("x", text)
  const at = { path: "x", start: 0, end: text.length }
  const node = { kind: "scalar", at, value: text, locate: (start: number, end: number) => ({ path: "x", start, end }) } as const
  const found = compileExpression({ value: text, at, node }, vocabulary, "any", report)
  if (found === undefined)
    throw new Error(
      report
        .list()
        .map((problem) => problem.message)
        .join(),
    )
  return found
}

/** Runs on CEL itself: what the small expressions are compiled to does not know `exists_one`. */
const slow = (text: string) => compiled(`[[${text}]].filter(x, [1].exists_one(y, y == 1))[0][0]`)

const vocabulary: Vocabulary = { names: { rec: "map", value: "dyn" }, elsewhere: [], exact: true, advice: "", functions: FUNCTIONS }

const EXPRESSIONS = [
  "rec.a > rec.b",
  'rec.a <= "x"',
  "rec.a in rec.list",
  '"a" in rec.a',
  "size(rec.a) + 1",
  "rec.list.size() > 1",
  'string(rec.a) + "!"',
  'rec.a.startsWith("x") || rec.b.contains("X")',
  'rec.a.split("x").join("-")',
  "rec.list.exists(x, x == 1) ? rec.list.all(x, x != null) : rec.a",
  '{"a": rec.a, "b": [rec.b, 1], "c": {"d": rec.list}}',
  'merge(rec, {"a": rec.b})',
  "concat([rec.list, rec.a])",
  "flatten(rec)",
  "fromEntries(entries(rec))",
  "keys(rec)",
  'get(rec, "b")',
  "rec.b < 1",
  "rec.a >= 1 && rec.b != null",
  'rec.a == null ? null : "r" + rec.b',
  "rec.a + rec.b",
  "round(rec.b * 100.0)",
  "rec.list + rec.a",
  "lower(rec.a)",
  "lower(trim(rec.a))",
  "[lower(rec.a), rec.b]",
  'omit(rec, ["a"])',
  'omit(rec.a, ["b", "list"])',
  'pick(rec, ["a", "constructor"])',
  "rec.a",
  "rec.a.b",
  'rec["a"]',
  "rec.a[0]",
  "rec.a[1].b",
  "rec.?a.?b.orValue(5)",
  'rec.?a.orValue("none")',
  'rec.a == "x"',
  "rec.a != null",
  'rec.a == ""',
  "rec.b == 1",
  "rec.b == true",
  "rec.a && rec.b",
  "rec.a || !rec.b",
  '!rec.a && rec.b != "x"',
  'rec.a == null ? "none" : "some"',
  "rec.list.map(x, x.a)",
  "rec.list.map(x, x)",
  "rec.list.filter(x, x.a == 1)",
  "rec.list.filter(x, x.a.b != null).map(x, x.a.b)",
]

const leaf = fc.constantFrom<Json>(null, "", "x", " X ", 0, 1, 1.5, true, false)
const item = fc.letrec<{ value: Json; object: Json }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie("value"), { maxLength: 3 }), tie("object")),
  object: fc.dictionary(fc.constantFrom("a", "b", "list", "constructor", "__proto__"), tie("value"), { maxKeys: 3, noNullPrototype: true }),
})).object

it.each(EXPRESSIONS)("%s gives what CEL gives, without CEL", (text) => {
  const [fast, cel] = [compiled(text), slow(text)]
  fc.assert(
    fc.property(item, (rec) => {
      const [one, other] = [fast.run({ rec }), cel.run({ rec })]
      // What CEL refuses for its kinds of value may give something here; where both give something, it is the same.
      const comparable = !(one instanceof Failure) && !(other instanceof Failure)
      expect(comparable ? one : other).toEqual(other)
    }),
    { numRuns: 200 },
  )
})
