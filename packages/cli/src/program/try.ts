// Declared here: what lets one try things without a real system: mock servers and the demo.
import type { Command } from "commander"
import { declare, withOutput, type CommonOptions, type Run } from "./command.ts"
import { wholeNumber } from "./number.ts"

const HIGHEST_PORT = 65_535

export function declareTry(program: Command, run: Run): void {
  const mock = withOutput(program.command("mock").summary("a CRM or an e-mail platform to try things on").description(""))
    .argument("[name]", "a connector that brings its fake, as hubspot, or a folder that holds one")
    .option("--port <n>", "port on 127.0.0.1; 0 takes a free one", wholeNumber(0, HIGHEST_PORT), 0)
    .option("--seed <file>", "what it holds at the beginning, as JSON")
    .action((name: string | undefined, options: CommonOptions & { port: number; seed?: string }) =>
      name === undefined
        ? mock.help()
        : run(`mock ${name}`, options, async (screen) => (await import("../command/mock.ts")).mockConnector(screen, name, options)),
    )
  mock.addHelpText(
    "before",
    "syncline mock: a CRM or an e-mail platform to try things on, as real HTTP servers on this machine only\n\n  $ syncline mock crm --seed people.json\n  $ syncline mock email --port 4020\n  $ syncline mock hubspot --port 4030 --seed contacts.json\n",
  )
  for (const [name, summary] of [
    ["crm", "a CRM with ETags, a change log and OAuth2"],
    ["email", "an e-mail platform whose ids change with the address"],
  ] as const) {
    withOutput(
      declare(mock, {
        name,
        summary,
        examples: ["", "--port 4010 --seed people.json", "--file state.db"],
        about: "It runs until Ctrl-C. Credentials and the admin address are printed at the start.",
      }),
    )
      .option("--port <n>", "port on 127.0.0.1; 0 takes a free one", wholeNumber(0, HIGHEST_PORT), name === "crm" ? 4010 : 4020)
      .option("--seed <file>", "items to start with: a JSON array in the API's own shape, or CSV with a header")
      .option("--file <db>", "where it keeps its state (default: in memory)")
      .action((options: CommonOptions & { port: number; seed?: string; file?: string }) =>
        run(`mock ${name}`, options, async (screen) => (await import("../command/mock.ts")).mock(screen, name, options)),
      )
  }

  withOutput(declare(program, { name: "demo", summary: "the whole story on two live servers, in under a minute", examples: [""] }))
    .option("--keep", "leave the demo's folder behind, and say where it is")
    .action((options: CommonOptions & { keep?: boolean }) =>
      run("demo", options, async (screen) => (await import("../demo/demo.ts")).demo(screen, { keep: options.keep === true })),
    )
}
