// The tutorial for authors of connectors is carried out as it stands: files are written, changes made, commands run, in order.
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, onTestFinished, test } from "vitest"
import { cli, folder, start } from "./child.ts"

const home = fileURLToPath(new URL("../../../connectors", import.meta.url))
const page = readFileSync(join(home, "README.md"), "utf8")

interface Step {
  readonly language: string
  readonly note: string
  readonly text: string
}

const steps: readonly Step[] = [...page.matchAll(/^```(?<language>\w+) ?(?<note>.*)\n(?<text>[\s\S]*?)^```$/gm)].map(({ groups }) => ({
  language: groups?.["language"] ?? "",
  note: groups?.["note"] ?? "",
  text: groups?.["text"] ?? "",
}))

const change = (cwd: string, text: string): void => {
  const lines = text.split("\n")
  const file = join(cwd, lines[0]?.replace("--- ", "") ?? "")
  const side = (sign: string): string =>
    lines
      .slice(1)
      .filter((line) => line.startsWith(sign))
      .map((line) => line.slice(1))
      .join("\n")
  const before = readFileSync(file, "utf8")
  expect(before).toContain(side("-"))
  writeFileSync(file, before.replace(side("-"), side("+")))
}

test("every step of the tutorial works as it is written", { timeout: 480_000 }, async () => {
  const cwd = folder()
  let url = ""
  let commands = 0
  for (const { language, note, text } of steps) {
    if (language === "diff") change(cwd, text)
    const file = /file=(\S+)/.exec(note)?.[1]
    if (file !== undefined) writeFileSync(join(cwd, file), text)
    if (language !== "sh") continue
    for (const line of text.split("\n").filter((each) => each.startsWith("syncline "))) {
      commands++
      const args = line
        .replace(/http:\/\/127\.0\.0\.1:4030/, url)
        .split(/\s+/)
        .slice(1)
      if (args[0] === "mock") {
        // A port of its own, since tests run side by side.
        const child = start([...args.slice(0, -1), "0"], { cwd })
        onTestFinished(() => void child.process.kill("SIGKILL"))
        url = /http:\/\/127\.0\.0\.1:\d+/.exec(await child.says(/127\.0\.0\.1:\d+/))?.[0] ?? ""
        continue
      }
      const { code, out, err } = await cli(args, { cwd })
      expect(code, `${line}\n${out}\n${err}`).toBe(note === "fails" ? 1 : 0)
    }
  }
  expect(commands).toBeGreaterThan(10)
})

test("it links to what is there", () => {
  const targets = [...page.matchAll(/\]\((?<target>[^)]+)\)/g)].map(({ groups }) => groups?.["target"] ?? "")
  expect(targets.filter((target) => !existsSync(join(home, target)))).toEqual([])
})
