// What a person sees who asks for help. The texts are kept as files, so that a change of them is seen in review.
import { expect, test } from "vitest"
import { cli } from "./child.ts"

const COMMANDS = [
  "",
  "init",
  "check",
  "plan",
  "apply",
  "run",
  "status",
  "log",
  "explain",
  "verify",
  "undo",
  "forget",
  "backup",
  "restore",
  "mock",
  "mock crm",
  "mock email",
  "demo",
  "connector",
  "connector new",
  "connector test",
  "connector describe",
  "completion",
  "review",
  "review list",
  "review show",
  "review resolve",
  "quarantine",
  "quarantine list",
  "quarantine show",
  "quarantine retry",
  "quarantine drop",
]

test.for(COMMANDS)("help of `syncline %s` shows examples first", { timeout: 20_000 }, async (command) => {
  const { code, out, err } = await cli([...command.split(" ").filter((word) => word !== ""), "--help"])
  expect(err).toBe("")
  expect(code).toBe(0)
  expect(out.indexOf("$ syncline")).toBeLessThan(out.indexOf("Usage:"))
  await expect(out).toMatchFileSnapshot(`golden/help/${command === "" ? "syncline" : command.replace(" ", "-")}.txt`)
})

test("every command of the program has its help kept", async () => {
  const { buildProgram } = await import("../src/program/program.ts")
  const { processShell } = await import("../src/screen/shell.ts")
  const program = buildProgram(processShell(), async () => {})
  const names = program.commands.flatMap((command) => [command.name(), ...command.commands.map((sub) => `${command.name()} ${sub.name()}`)])
  expect(names.filter((name) => !COMMANDS.includes(name))).toEqual([])
})
