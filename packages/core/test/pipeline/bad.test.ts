// Every pipeline under bad/ is wrong in the way its folder is named for; expected.txt is what a person is told.
// `vitest run … -u` writes the expectations anew: read each one that changes.
import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { compilePipeline, renderDiagnostics } from "../../src/pipeline/index.ts"
import { envWith } from "./fake-connectors.ts"

const folder = new URL("./bad/", import.meta.url)
const names = readdirSync(folder).sort()

const filesOf = (name: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(new URL(`${name}/`, folder))
      .filter((file) => file !== "expected.txt")
      .map((file) => [file, readFileSync(new URL(`${name}/${file}`, folder), "utf8")]),
  )

describe("a wrong pipeline", () => {
  it("is known in at least sixty kinds", () => {
    expect(names.length).toBeGreaterThanOrEqual(60)
  })

  it.each(names)("is explained: %s", async (name) => {
    const files = filesOf(name)
    const result = compilePipeline({ path: "pipeline.yaml", text: files["pipeline.yaml"] ?? "" }, envWith(files))
    const told = renderDiagnostics(result.problems, result.sources)
    const errors = result.problems.filter((problem) => problem.severity === "error").length
    expect(result.problems.length).toBeGreaterThan(0)
    expect(result.pipeline === null).toBe(errors > 0)
    await expect(`${told}\n`).toMatchFileSnapshot(`./bad/${name}/expected.txt`)
  })
})
