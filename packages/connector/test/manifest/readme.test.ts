import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { renderDiagnostics } from "../../src/language/index.ts"
import { compileManifest } from "../../src/manifest/index.ts"
import { FUNCTIONS } from "../../src/manifest/language/functions.ts"
import { PLACES } from "../../src/manifest/language/names.ts"

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8")

it("the README names every function, with as many arguments as it takes", () => {
  const told = [...readme.matchAll(/^\| `(\w+)\(([^)]*)\)` \|/gm)].map(([, name, args = ""]) => [name, args.split(",").length])
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(Object.entries(FUNCTIONS).map(([name, { takes }]) => [name, takes])))
})

it("the README names every name that an expression may say", () => {
  const names = new Set(Object.values(PLACES).flatMap((place) => Object.keys(place.names)))
  expect([...names].filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
})

it("the manifest that the README begins with is sound", () => {
  const text = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? ""
  const schema = '{ "type": "object", "properties": { "email": { "type": "string" } } }'
  const { definition, diagnostics, sources } = compileManifest(text, { path: "acme.yaml", readFile: () => schema })
  expect(definition === null ? renderDiagnostics(diagnostics, sources) : "sound").toBe("sound")
})
