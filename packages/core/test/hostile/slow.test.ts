// No lens, no schema and no expression holds up the event loop, whatever text it is given.
import { describe, expect, it } from "vitest"
import { LensFailure } from "../../src/model/pipeline.ts"
import { compileExpression } from "../../src/pipeline/compile/expression.ts"
import { compileSchema, newAjv } from "../../src/pipeline/compile/validator.ts"
import { LENSES } from "../../src/pipeline/index.ts"
import { parseYaml, Report } from "@syncline/connector/language"
import { LONGEST_BLOCK_MS, threadMs } from "./measure.ts"
import { EXPRESSION_CASES, LENS_USES, SCHEMAS, SLOW_TEXTS } from "./slow.ts"

function lens(name: string, settings: string | null) {
  const report = new Report()
  const node = settings === null ? null : parseYaml("settings", settings, report)
  const use = LENSES.find((entry) => entry.name === name)?.read(node, report)
  if (use === undefined) throw new Error(report.list()[0]?.message)
  return use.bind({ remote: ["text"] })
}

describe("a lens is quick, there and back, on", () => {
  it.each(SLOW_TEXTS)("%s", (_name, text) => {
    for (const [name, settings] of LENS_USES) {
      const { get, put } = lens(name, settings)
      const ms = threadMs(() => {
        const value = get(text)
        put(value instanceof LensFailure ? text : value, text)
      })
      expect({ name, slow: ms > LONGEST_BLOCK_MS }).toEqual({ name, slow: false })
    }
  })

  it("a text of every lens is known", () => {
    expect(new Set(LENS_USES.map(([name]) => name))).toEqual(new Set(LENSES.map((entry) => entry.name)))
  })
})

describe("a schema judges every slow text quickly with", () => {
  it.each(SCHEMAS.map((schema) => [JSON.stringify(schema), schema] as const))("%s", (_name, schema) => {
    const validate = compileSchema(newAjv(), { type: "string", ...schema })
    if ("error" in validate) throw new Error(validate.error)
    for (const [name, text] of SLOW_TEXTS) {
      const ms = threadMs(() => void validate(text))
      expect({ name, slow: ms > LONGEST_BLOCK_MS }).toEqual({ name, slow: false })
    }
  })

  it("a pattern that cannot be judged in linear time is refused when it is read", () => {
    for (const pattern of ["(a)\\1", "^(?!x)", "(?<=a)b"]) {
      expect(compileSchema(newAjv(), { type: "string", pattern })).toEqual({ error: expect.stringContaining("regexp") })
    }
  })
})

describe("an expression ends soon, with a value or a reason, on", () => {
  it.each(EXPRESSION_CASES)("$name", ({ text, item, gives, says }) => {
    const report = new Report()
    report.sources.set("x", text)
    const at = { path: "x", start: 0, end: text.length }
    const node = { kind: "scalar", at, value: text, locate: (start: number, end: number) => ({ path: "x", start, end }) } as const
    const expression = compileExpression({ value: text, at, node }, ["rec"], "any", report)
    if (expression === undefined) throw new Error(report.list()[0]?.message)
    expect(threadMs(() => void expression.run({ rec: item }))).toBeLessThan(LONGEST_BLOCK_MS)
    const result = expression.run({ rec: item })
    const reason = result instanceof LensFailure ? result.message : undefined
    expect(reason === undefined ? { gives: result } : "no value").toEqual(says === undefined ? { gives } : "no value")
    expect(reason ?? "").toMatch(new RegExp(says ?? "", "i"))
  })
})
