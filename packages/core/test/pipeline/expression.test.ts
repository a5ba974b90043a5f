import { describe, expect, it } from "vitest"
import { compileExpression, type Name, type Scope } from "../../src/pipeline/compile/expression.ts"
import { Report } from "@syncline/connector/language"
import { LensFailure } from "../../src/model/pipeline.ts"

function compiled(text: string, names: readonly Name[] = ["rec"]) {
  const report = new Report()
  report.sources.set("x", text)
  const at = { path: "x", start: 0, end: text.length }
  const node = { kind: "scalar", at, value: text, locate: (start: number, end: number) => ({ path: "x", start, end }) } as const
  return { expression: compileExpression({ value: text, at, node }, names, "any", report), problems: report.list() }
}

function run(text: string, scope: Scope, names?: readonly Name[]) {
  const { expression, problems } = compiled(text, names)
  if (expression === undefined) throw new Error(problems.map((problem) => problem.message).join())
  return expression.run(scope)
}

const message = (result: unknown): string => (result instanceof LensFailure ? result.message : "no failure")

describe("an expression", () => {
  it("reads what an item lacks as null, at any depth", () => {
    expect(run("rec.a.b.c == null", { rec: {} })).toBe(true)
    expect(run("rec.a.b == null", { rec: { a: null } })).toBe(true)
    expect(run('rec["a"] == null', { rec: {} })).toBe(true)
    expect(run("rec.a == null", { rec: null })).toBe(true)
  })

  it("holds a blank equal to null and to an empty text alike", () => {
    for (const a of ["", null]) {
      expect(run('rec.a == ""', { rec: { a } })).toBe(true)
      expect(run("rec.a == null", { rec: { a } })).toBe(true)
      expect(run('rec.a != ""', { rec: { a } })).toBe(false)
    }
    expect(run('rec.a != ""', { rec: { a: "x" } })).toBe(true)
  })

  it("takes a blank condition as false", () => {
    expect(run('rec.a ? "yes" : "no"', { rec: {} })).toBe("no")
    expect(run("rec.a || rec.b", { rec: { b: true } })).toBe(true)
    expect(run("!rec.a", { rec: {} })).toBe(true)
  })

  it("lets null stand beside a value", () => {
    expect(run('rec.a == "x" ? null : "y"', { rec: { a: "x" } })).toBe(null)
    expect(run('rec.a == "x" ? 1 : null', { rec: { a: "x" } })).toBe(1)
    const [problem] = compiled('rec.a == "" && rec.b ? null : lowr(rec.c)').problems
    expect([problem?.message, problem?.start]).toEqual(['unknown function "lowr"', 30])
  })

  it("computes with whole numbers and gives numbers back", () => {
    expect(run("rec.n + 1", { rec: { n: 41 } })).toBe(42)
    expect(run("rec.n > 1.5", { rec: { n: 2 } })).toBe(true)
    expect(run("rec.n / 2.0", { rec: { n: 2.5 } })).toBe(1.25)
    expect(run("rec.list.map(x, x + 1)", { rec: { list: [1, 2] } })).toEqual([2, 3])
  })

  it("takes whole and broken numbers together, as they come", () => {
    const cents = (value: number): unknown => run("round(value * 100.0)", { value }, ["value"])
    expect([19.9, 29.5, 999, 0.005, -0.005, 1e20].map(cents)).toEqual([1990, 2950, 99_900, 1, -1, expect.any(LensFailure)])
    expect([1990, 999, 50.5].map((amount) => run("rec.amount / 100.0", { rec: { amount } }))).toEqual([19.9, 9.99, 0.505])
    expect(run("rec.a + rec.b * 2 - 1", { rec: { a: 1, b: 0.5 } })).toBe(1)
  })

  it("computes a blank from a blank", () => {
    for (const text of ["rec.n / 100.0", "100 - rec.n", "rec.n * rec.n", "rec.n + 1", "round(rec.n * 100.0)"])
      expect(run(text, { rec: {} })).toBe(null)
  })

  it("has functions on texts that bear a blank", () => {
    expect(run("rec.a.trim().lower()", { rec: { a: " Ada " } })).toBe("ada")
    expect(run("lower(rec.a)", { rec: {} })).toBe(null)
    expect(run('rec.a.startsWith("x") || rec.a.contains("y")', { rec: {} })).toBe(false)
    expect(run('rec.first + " " + rec.last', { rec: { first: "Ada", last: "Byron" } })).toBe("Ada Byron")
    expect(run('rec.first + "" + rec.last', { rec: { last: "Byron" } })).toBe("Byron")
  })

  it("takes a blank list as empty, and no blank as larger or smaller than anything", () => {
    expect(run('rec.tags.exists(t, t == "vip")', { rec: {} })).toBe(false)
    expect(run('"vip" in rec.tags', { rec: {} })).toBe(false)
    expect(run('rec.tags.filter(t, t != "x")', { rec: { tags: ["x", "y"] } })).toEqual(["y"])
    expect(run('rec.score > 50 ? "hot" : "cold"', { rec: {} })).toBe("cold")
    expect(run("rec.score <= 50 || 1.5 > rec.score", { rec: {} })).toBe(false)
    expect(run("string(rec.score)", { rec: {} })).toBe(null)
    expect(run("rec.first + rec.last", { rec: {} })).toBe(null)
  })

  it("follows .? to a default", () => {
    expect(run('rec.?a.orValue("none")', { rec: {} })).toBe("none")
    expect(run('rec.?a.orValue("none")', { rec: { a: "x" } })).toBe("x")
  })

  it("matches patterns in linear time, also one that other engines choke on", () => {
    expect(run('rec.a.matches("^(a+)+$")', { rec: { a: `${"a".repeat(5_000)}!` } })).toBe(false)
    expect(run('rec.a.matches("^a+$") && matches(rec.a, "a")', { rec: { a: "aaa" } })).toBe(true)
  })

  it("answers a failure, not an exception, for what does not go together", () => {
    expect(message(run("rec.a + 1", { rec: { a: "x" } }))).toContain("no such overload")
    expect(message(run("1 / rec.n", { rec: { n: 0 } }))).toMatch(/zero/i)
    expect(message(run("duration('3s')", {}))).toContain("no JSON")
    expect(message(run("rec.n * 9007199254740991", { rec: { n: 1000 } }))).toContain("exactly")
  })

  it("cannot be led to a prototype by the names in an item", () => {
    expect(run("rec.constructor == null && rec.toString == null", { rec: {} })).toBe(true)
    expect(run("rec.__proto__ == null", { rec: {} })).toBe(true)
  })

  it("knows the paths that it reads, but not the variables of its own loops", () => {
    const { expression } = compiled('rec.tags.exists(t, t == rec.account.name) && rec["x"].y > 1')
    expect(expression?.reads.map((read) => read.path)).toEqual(["tags", "account.name", "x.y"])
  })

  it("is the same text however it is spaced", () => {
    expect(compiled('rec.a=="x"||rec.b').expression?.canonical).toBe(compiled('rec.a == "x"   ||\n rec.b // why').expression?.canonical)
  })

  it("is refused beyond its bounds", () => {
    expect(compiled(`${"1+".repeat(3_000)}1`).problems[0]?.message).toContain("longer than 4000")
    expect(compiled(`${"1+".repeat(900)}1`).problems[0]?.message).toMatch(/too (large|deep)/)
    expect(compiled("__isTrue(rec.a)").problems[0]?.message).toContain("unknown function")
  })

  it("sees only the names of its place", () => {
    expect(compiled("record.a", ["rec"]).problems[0]?.hint).toContain("known are: rec")
    expect(run("value == null || linked", { value: "x", linked: true }, ["value", "linked"])).toBe(true)
  })
})
