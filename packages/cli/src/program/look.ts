// Declared here: the commands that only look: status, log, explain.
import type { Command } from "commander"
import { declare, withStore, type CommonOptions, type Run } from "./command.ts"
import { wholeNumber } from "./number.ts"

export function declareLook(program: Command, run: Run): void {
  withStore(declare(program, { name: "status", summary: "where every system stands", examples: ["", "pipeline.yaml --json"] }))
    .argument("[file]", "the pipeline")
    .action((file: string | undefined, options: CommonOptions) =>
      run("status", options, async (screen) => (await import("../command/status.ts")).status(screen, file, options)),
    )

  withStore(
    declare(program, {
      name: "log",
      summary: "what happened: every change, decision and write",
      examples: ["", "pipeline.yaml --record jane@example.com", "pipeline.yaml --run run_7k2", "pipeline.yaml --follow"],
    }),
  )
    .argument("[file]", "the pipeline")
    .option("--record <key>", "only this record: a match key, a remote id or its own id")
    .option("--run <id>", "only this run")
    .option("--limit <n>", "the newest so many", wholeNumber(1, 100_000), 50)
    .option("--follow", "wait for more, until Ctrl-C")
    .action((file: string | undefined, options: CommonOptions & { record?: string; run?: string; limit: number; follow?: boolean }) =>
      run("log", options, async (screen) =>
        (await import("../command/log.ts")).log(screen, file, { ...options, follow: options.follow === true }),
      ),
    )

  withStore(
    declare(program, {
      name: "explain",
      summary: "why a value is what it is, in every system",
      examples: ["jane@example.com", "pipeline.yaml jane@example.com.phone", "pipeline.yaml c_81f2"],
      about: "RECORD is a match key's value, a remote id, or the record's own id; .FIELD narrows it to one field.",
    }),
  )
    .usage("[options] [FILE] RECORD[.FIELD]")
    .argument("<record...>", "the pipeline (optional), then the record")
    .action((args: string[], options: CommonOptions) =>
      run("explain", options, async (screen) => (await import("../command/explain.ts")).explain(screen, args, options)),
    )
}
