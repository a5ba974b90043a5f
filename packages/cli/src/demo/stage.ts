// The stage of the demo: two live servers on free ports, a folder of its own, a prompt that types real commands and shows
// their real output, and a tally of what was expected and what was found.
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Writable } from "node:stream"
import { fileURLToPath } from "node:url"
import { EXIT, type ExitCode } from "../exit.ts"
import { CliFailure } from "../failure.ts"
import { main } from "../main.ts"
import type { Screen } from "../screen/screen.ts"
import type { Shell } from "../screen/shell.ts"
import { crmAt, emailAt, type Actor } from "./actors.ts"

export interface Stage {
  readonly folder: string
  readonly crm: Actor
  readonly email: Actor
  /** A new part of the story. */
  act(title: string, words: string): void
  say(words: string): void
  /** Types a command and shows what it prints: all of it, or the answer without the progress. */
  type(line: string, shown?: "all" | "answer"): Promise<ExitCode>
  /** Asks the command line for JSON, unseen. */
  ask(line: string): Promise<unknown>
  expect(what: string, held: boolean, otherwise?: string): void
  readonly checks: readonly Check[]
  close(): Promise<void>
}

export interface Check {
  readonly what: string
  readonly held: boolean
}

const EXAMPLE = fileURLToPath(new URL("../../../../examples/01-crm-email/", import.meta.url))

export async function openStage(screen: Screen): Promise<Stage> {
  if (!existsSync(join(EXAMPLE, "pipeline.yaml")))
    throw new CliFailure(EXIT.usage, "The demo needs the examples folder, which this installation does not have.", {
      hint: "Run it from the project's source: pnpm demo",
    })
  const folder = mkdtempSync(join(tmpdir(), "syncline-demo-"))
  for (const name of ["pipeline.yaml", "person.schema.json"]) cpSync(join(EXAMPLE, name), join(folder, name))
  const [{ startMockCrm }, { startMockEmail }] = await Promise.all([
    import("@syncline/mock-crm/server"),
    import("@syncline/mock-email/server"),
  ])
  const email = await startMockEmail({ seed: join(EXAMPLE, "seed", "email.json") })
  const crm = await startMockCrm({ seed: join(EXAMPLE, "seed", "crm.json") })
  const env = {
    ...screen.shell.env,
    CRM_URL: crm.url,
    CRM_TOKEN: "demo-token",
    CRM_CLIENT_ID: "demo-client",
    CRM_CLIENT_SECRET: "demo-secret",
    EMAIL_URL: email.url,
    EMAIL_KEY: "demo-key",
  }
  const checks: Check[] = []
  const { paint } = screen
  let acts = 0
  return {
    folder,
    crm: crmAt(crm.url),
    email: emailAt(email.url),
    checks,
    act: (title, words) => {
      screen.out(["", paint.bold(paint.cyan(`${++acts}. ${title}`)), `   ${words}`].join("\n"))
    },
    say: (words) => screen.out(`   ${words}`),
    type: async (line, shown = "all") => {
      screen.out(`\n   ${paint.bold(`$ syncline ${line}`)}`)
      const heard = collect()
      const beside = shown === "all" ? heard : collect()
      const exit = await main(line.split(" "), { ...shellIn(screen, folder, env), stdout: heard.stream, stderr: beside.stream })
      screen.out(heard.text().trimEnd().replaceAll(/^/gm, "     "))
      return exit
    },
    ask: async (line) => {
      const heard = collect()
      await main([...line.split(" "), "--json"], { ...shellIn(screen, folder, env), stdout: heard.stream, stderr: collect().stream })
      const answer: unknown = JSON.parse(heard.text())
      return typeof answer === "object" && answer !== null && "data" in answer ? answer.data : null
    },
    expect: (what, held, otherwise) => {
      checks.push({ what, held })
      screen.out(
        `   ${held ? paint.green("✓") : paint.red("✗")} ${what}${held || otherwise === undefined ? "" : paint.red(`: ${otherwise}`)}`,
      )
    },
    close: async () => {
      await Promise.all([crm.close(), email.close()])
    },
  }
}

const shellIn = (screen: Screen, cwd: string, env: Shell["env"]): Shell => ({
  ...screen.shell,
  cwd,
  env,
  interactive: false,
  live: false,
  color: screen.paint.isColorSupported,
  width: screen.shell.width - 5,
})

function collect(): { readonly stream: Writable; readonly text: () => string } {
  let text = ""
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString()
      done()
    },
  })
  return { stream, text: () => text }
}

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true })
