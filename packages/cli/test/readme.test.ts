// The first page of the project is tried as a reader would try it: its pipeline, its wrong pipeline, its commands, its links.
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { cli, folder } from "./child.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const page = readFileSync(join(root, "README.md"), "utf8")
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(/^```(?<language>\w*)\n(?<text>.*?)^```$/gms)].flatMap(({ groups }) =>
    groups?.["language"] === language ? [groups["text"] ?? ""] : [],
  )

/** The pipeline of the page, beside the schema that the starter brings. */
async function written(change: (text: string) => string): Promise<string> {
  const cwd = folder()
  await cli(["init"], { cwd })
  const [pipeline = ""] = blocks("yaml")
  writeFileSync(join(cwd, "pipeline.yaml"), change(pipeline))
  return cwd
}

describe("the README", () => {
  it("shows a pipeline in which nothing is wrong", async () => {
    const { code, out } = await cli(["check", "--offline"], { cwd: await written((text) => text) })
    expect(out).toContain("Nothing is wrong")
    expect(code).toBe(0)
  })

  it("shows an error as it is printed", async () => {
    const cwd = await written((text) => text.replace("as: [trim, lower]", "as: [trim, lowercase]"))
    const { code, err } = await cli(["check", "--offline"], { cwd, env: { COLUMNS: "120" } })
    expect(code).toBe(2)
    const shown = blocks("").find((text) => text.includes("unknown lens")) ?? ""
    // trailing words of the long line depend on the width of the terminal
    const heart = (text: string): readonly string[] => text.split("\n").map((line) => line.replace(/# our field.*/, "").trimEnd())
    expect(heart(err)).toEqual(expect.arrayContaining([...heart(shown.trimEnd())]))
  })

  it("names every command, and none that is not there", async () => {
    const { out } = await cli(["--help"])
    const commands = [...out.matchAll(/^ {2}(?<name>[a-z]+) .*/gm)].map(({ groups }) => groups?.["name"] ?? "")
    const offered = commands.filter((name) => !["syncline", "help"].includes(name))
    const table = [...page.matchAll(/^\| `syncline (?<name>[a-z]+)/gm)].map(({ groups }) => groups?.["name"] ?? "")
    expect(table.toSorted()).toEqual(offered.toSorted())
  })

  it("links to files that are there", () => {
    const targets = [...page.matchAll(/\]\((?<target>[^)]+)\)/g)].map(({ groups }) => groups?.["target"] ?? "")
    expect(targets.filter((target) => !existsSync(join(root, target)))).toEqual([])
  })

  it("names scripts that package.json has", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> }
    const named = [...page.matchAll(/npx -y pnpm@12 (?<script>[a-z]+)/g)].map(({ groups }) => groups?.["script"] ?? "")
    expect(named.filter((script) => scripts[script] === undefined)).toEqual([])
  })
})
