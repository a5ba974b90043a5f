import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { renderDiagnostics } from "../../src/language/index.ts"
import { compileManifest } from "../../src/manifest/index.ts"

const folder = new URL("bad/", import.meta.url)

describe("a wrong manifest", () => {
  it.each(readdirSync(folder))("is explained: %s", async (name) => {
    const text = readFileSync(new URL(`${name}/manifest.yaml`, folder), "utf8")
    const { definition, diagnostics, sources } = compileManifest(text, {
      path: "acme.connector.yaml",
      readFile: () => ({ error: "there is no such file" }),
      load: () => Promise.resolve({}),
    })
    expect(diagnostics.length).toBeGreaterThan(0)
    expect(definition === null).toBe(diagnostics.some((problem) => problem.severity === "error"))
    await expect(`${renderDiagnostics(diagnostics, sources)}\n`).toMatchFileSnapshot(`./bad/${name}/expected.txt`)
  })

  it("shows no secret that stands in it", () => {
    const told = readFileSync(new URL("secret-literal/expected.txt", folder), "utf8")
    expect(told).not.toContain("sk_live")
  })
})
