// Wrong usage: exit code 2, one clear line, never a stack trace.
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { cli, folder } from "./child.ts"

const stackTrace = /^\s+at .*:\d+:\d+/m

test.for<[string, string[], RegExp]>([
  ["an unknown command names the nearest one", ["chek"], /unknown command 'chek'[\s\S]*check/],
  ["an unknown option is refused", ["run", "--wach"], /unknown option '--wach'[\s\S]*--watch/],
  [
    "and told where the options are listed",
    ["review", "resolve", "--every"],
    /unknown option '--every'[\s\S]*syncline review resolve --help/,
  ],
  ["a missing argument is named", ["apply"], /missing required argument 'plan.json'/],
  ["an option without its value is refused", ["plan", "--out"], /argument missing/],
  ["a number that is none is refused", ["mock", "crm", "--port", "many"], /whole number from 0 to 65535/],
  ["an allowance must name what it allows", ["run", "--allow", "200"], /delete=200/],
  ["a review kind that does not exist is refused with those that do", ["review", "list", "--kind", "quarrel"], /conflict/],
  ["a folder without a pipeline says what to do", ["status"], /no pipeline.yaml[\s\S]*syncline init/],
  ["a file that is not there is named", ["plan", "nowhere.yaml"], /There is no file nowhere.yaml/],
  ["a starter that does not exist is refused with those that do", ["init", "--from", "crm-crm"], /crm-email, one-way/],
  ["a plan that is not there is named", ["apply", "plan.json"], /plan.json cannot be read/],
  ["a seed that is not there is named", ["mock", "crm", "--seed", "nobody.json"], /There is no file nobody.json/],
  ["completion for an unknown shell shows its help", ["completion", "tcsh"], /bash, zsh, fish or powershell/],
])("%s", { timeout: 20_000 }, async ([, args, expected]) => {
  const { code, err } = await cli(args, { cwd: folder() })
  expect(err).toMatch(expected)
  expect(err).not.toMatch(stackTrace)
  expect(code).toBe(2)
})

test("a backup that is typed where the pipeline belongs is understood", async () => {
  const cwd = folder()
  await cli(["init"], { cwd })
  writeFileSync(join(cwd, "monday.db"), "")
  const { code, err } = await cli(["restore", "monday.db"], { cwd })
  expect(err).toContain("syncline restore --from monday.db")
  expect(code).toBe(2)
})

test("a store that is no sqlite url is refused", async () => {
  const cwd = folder()
  await cli(["init"], { cwd })
  const { code, err } = await cli(["status", "--store", "postgres://somewhere"], { cwd })
  expect(err).toContain("sqlite:PATH")
  expect(code).toBe(2)
})

test("a plan file that holds something else is refused", async () => {
  const cwd = folder()
  writeFileSync(join(cwd, "a.json"), "{}")
  writeFileSync(join(cwd, "b.json"), "version: 1")
  expect((await cli(["apply", "a.json"], { cwd })).err).toContain("holds no plan")
  expect((await cli(["apply", "b.json"], { cwd })).err).toContain("is not JSON")
})

test("with --json, trouble is one document on stdout and one sentence on stderr", async () => {
  const { code, out, err } = await cli(["status", "--json"], { cwd: folder() })
  expect(code).toBe(2)
  expect(JSON.parse(out)).toEqual({
    command: "status",
    version: 1,
    error: {
      exit: 2,
      message: "There is no pipeline.yaml in this folder.",
      hint: "Name the file, or write a starter: syncline init",
      details: null,
    },
  })
  expect(err).toContain("There is no pipeline.yaml")
})

test("looking at a pipeline that never ran makes no file", async () => {
  const cwd = folder()
  await cli(["init"], { cwd })
  for (const args of [["status"], ["review", "list"], ["quarantine", "list"], ["log"]]) {
    const { code, out } = await cli(args, { cwd })
    expect(out).toContain("never run")
    expect(code).toBe(0)
  }
  const { readdirSync } = await import("node:fs")
  expect(readdirSync(cwd).sort()).toEqual(["person.schema.json", "pipeline.yaml"])
}, 20_000)
