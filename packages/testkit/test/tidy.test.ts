import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { tidy, treeOf, violationText, type Tree } from "../src/tidy/index.ts"

const ROOT = fileURLToPath(new URL("../../..", import.meta.url))

const treeWith = (files: Readonly<Record<string, string>>): Tree => ({ paths: Object.keys(files), read: (path) => files[path] ?? "" })

/** One file that is wrong in one way. */
const planted = (path: string, ...body: readonly string[]) => {
  const head = path.includes("/src/") ? ["// A planted file: nothing enters, nothing leaves."] : []
  return tidy(treeWith({ [path]: [...head, ...body, ""].join("\n") }))
}

describe("this project", () => {
  it("keeps every house rule", () => {
    expect(violationText(tidy(treeOf(ROOT)))).toBe("")
  })
})

describe("a planted violation is found, with its place and its reason", () => {
  const cases: [what: string, rule: string, line: number, path: string, ...body: string[]][] = [
    ["a connector that imports the engine", "layering", 2, "connectors/acme/src/a.ts", 'import { x } from "@syncline/core"'],
    ["an engine that imports the command line", "layering", 2, "packages/core/src/run/a.ts", 'import type { X } from "@syncline/cli"'],
    ["a store that imports more than nouns and port", "layering", 2, "packages/store/src/a.ts", 'import { x } from "@syncline/core"'],
    ["a command line that ships the test kit", "layering", 2, "packages/cli/src/a.ts", 'const x = await import("@syncline/testkit")'],
    ["a path into another package", "layering", 2, "packages/core/src/run/a.ts", 'export * from "../../../connector/src/index.ts"'],
    ["a stage that knows another stage", "layering", 2, "packages/core/src/pull/a.ts", 'import { x } from "../deliver/x.ts"'],
    ["a stage that calls the run", "layering", 2, "packages/core/src/pull/a.ts", 'import { x } from "../run/x.ts"'],
    ["a noun that imports a stage's type", "layering", 2, "packages/core/src/model/a.ts", 'import type { X } from "../store/x.ts"'],
    ["an effect in a pure room", "purity", 2, "packages/core/src/integrate/a.ts", 'import * as Effect from "effect/Effect"'],
    ["a file read in a pure room", "purity", 2, "packages/core/src/pipeline/a.ts", 'import { readFileSync } from "node:fs"'],
    [
      "the network by way of the connector's front door",
      "purity",
      2,
      "packages/core/src/model/a.ts",
      'import { isObject } from "@syncline/connector"',
    ],
    ["the wall clock in the engine", "clock", 3, "packages/core/src/run/a.ts", "", "export const now = () => new Date()"],
    ["a file that is too long", "size", 301, "packages/cli/src/a.ts", ...Array.from({ length: 300 }, () => "// line")],
    ["a path of one machine", "words", 2, "packages/cli/src/a.ts", `export const x = "${["", "home", "jane"].join("/")}"`],
    ["a task left behind", "words", 2, "packages/cli/src/a.ts", `// ${"TO"}${"DO"}: later`],
    ["a switched-off type", "words", 2, "packages/cli/src/a.ts", `export const x = y ${"as"} ${"any"}`],
    ["a lonely test", "switched", 1, "packages/cli/test/a.test.ts", 'it.only("x", () => {})'],
    ["a skipped test without a reason", "switched", 2, "packages/cli/test/a.test.ts", "", 'describe.skip("x", () => {})'],
    ["a stranger at the top", "top-level", 0, "notes.md", "x"],
    ["a package that earned no border", "rooms", 0, "packages/extra/src/a.ts"],
    ["a room that is not on the map", "rooms", 0, "packages/core/src/attic/a.ts"],
    ["a file left lying in a package", "rooms", 0, "packages/cli/scratch.ts"],
    ["a drawer for everything", "names", 0, "packages/cli/src/utils/a.ts"],
    ["a drawer for everything as a file", "names", 0, "packages/cli/src/helpers.ts"],
    ["camel case in a file name", "names", 0, "packages/cli/src/someThing.ts"],
  ]
  it.each(cases)("%s", (_what, rule, line, path, ...body) => {
    const found = planted(path, ...body)
    expect(found.map((one) => ({ rule: one.rule, line: one.line }))).toEqual([{ rule, line }])
    expect(found[0]?.message).toMatch(/\w+ \w+/)
  })

  it("a source file without a header", () => {
    const found = tidy(treeWith({ "packages/cli/src/a.ts": "export const x = 1\n" }))
    expect(violationText(found)).toMatch(/^packages\/cli\/src\/a\.ts:1 {2}\[header\] no header/)
  })
})

describe("what is allowed stays allowed", () => {
  it.each([
    ["packages/core/src/integrate/a.ts", 'import * as Data from "effect/Data"\nimport type { Json } from "@syncline/connector"'],
    ["packages/core/src/integrate/a.ts", 'import { equal } from "../model/value.ts"'],
    ["packages/core/src/deliver/a.ts", 'import type { Session } from "../session/session.ts"'],
    ["packages/store/src/a.ts", 'import { StoreError } from "@syncline/core/store"\nimport type { Link } from "@syncline/core/model"'],
    ["packages/cli/src/a.ts", 'const { x } = await import("@syncline/mock-crm")'],
    ["connectors/acme/fake/index.ts", '// A fake.\nimport { defineFake } from "@syncline/testkit/fake"'],
    ["connectors/acme/conformance.ts", 'import { fake } from "./fake/index.ts"'],
    ["packages/core/src/run/a.ts", "export const at = (ms: number) => new Date(ms).toISOString()"],
    ["packages/cli/test/a.test.ts", '// skipped: this machine has no terminal\nit.skip("x", () => {})'],
  ])("%s", (path, body) => {
    expect(violationText(planted(path, body))).toBe("")
  })
})
