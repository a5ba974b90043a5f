// Whatever a user writes, the compiler answers: never an exception, and every problem has its place in the text.
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { compilePipeline, renderDiagnostics } from "../../src/pipeline/index.ts"
import { BASE } from "./base.ts"
import { envWith } from "./fake-connectors.ts"

const scrap = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ":",
    "- ",
    "\n",
    "'",
    '"',
    "&a ",
    "*a",
    "!x",
    "null",
    "[]",
    "{}",
    "0",
    "\t",
    "|",
    ">",
    "${",
    "# ",
    "? ",
  ),
)

/** A few cuts and pastes at random places. */
const damaged = fc
  .array(fc.record({ at: fc.nat(BASE.length), remove: fc.nat(12), insert: scrap }), { minLength: 1, maxLength: 4 })
  .map((edits) => edits.reduce((text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove), BASE))

describe("the compiler", () => {
  it("answers every damaged pipeline with problems that have a place, and without an exception", () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const { pipeline, problems, sources } = compilePipeline({ path: "p.yaml", text }, envWith())
        expect(pipeline === null).toBe(problems.some((problem) => problem.severity === "error"))
        for (const problem of problems) {
          expect(problem.message).not.toMatch(/undefined|\[object|NaN/)
          expect(problem.line).toBeGreaterThan(0)
          expect(problem.end).toBeGreaterThanOrEqual(problem.start)
        }
        expect(renderDiagnostics(problems, sources, { color: true })).not.toContain("undefined")
      }),
      { numRuns: 150 },
    )
  })

  it("answers any text at all", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(compilePipeline({ path: "p.yaml", text }, envWith()).pipeline).toBeNull()
      }),
    )
  })

  it("refuses more than a megabyte before it reads it", () => {
    const { problems } = compilePipeline({ path: "p.yaml", text: `${BASE}# ${"x".repeat(1_100_000)}` }, envWith())
    expect(problems.map((problem) => problem.message)).toEqual(["the file is larger than 1 MB (1.0 MB)"])
  })
})
