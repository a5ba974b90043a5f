// Declared here: the commands that look after what was synchronised: verify, undo, forget.
import type { Command } from "commander"
import { declare, withStore, type CommonOptions, type Run } from "./command.ts"
import { allowance, wholeNumber, type Allowance } from "./number.ts"

export function declareSafety(program: Command, run: Run): void {
  withStore(
    declare(program, {
      name: "verify",
      summary: "compare everything with everything, and say what differs and why",
      examples: ["", "pipeline.yaml", "pipeline.yaml --repair", "pipeline.yaml --json"],
      about:
        "Every system is read in full; nothing is written without --repair. A repair marks what a run could not see by itself,\nthen makes one full run: policies, guards and reviews hold as ever. Exit 1 where differences are found (with --repair: left).",
    }),
  )
    .argument("[file]", "the pipeline")
    .option("--repair", "put right what can be put right")
    .option("--allow <kind=n>", "with --repair: let this many deletes (creates, updates) through the guard; repeatable", allowance)
    .option("--samples <n>", "differences to show per cause and binding", wholeNumber(0, 10_000), 5)
    .action((file: string | undefined, options: CommonOptions & { repair?: boolean; allow?: Allowance; samples: number }) =>
      run("verify", options, async (screen) =>
        (await import("../command/verify.ts")).verify(screen, file, { ...options, repair: options.repair === true }),
      ),
    )

  withStore(
    declare(program, {
      name: "undo",
      summary: "take back what a run wrote",
      examples: ["run_7k2", "pipeline.yaml run_7k2", "pipeline.yaml run_7k2 --yes"],
      about:
        "Shows what it would do; with --yes it does it. Everything is read first: what was changed since the run is asked about,\nnot overwritten. Restored values are held until they are decided, so that the next run does not write them again.",
    }),
  )
    .usage("[options] [FILE] RUN")
    .argument("<run...>", "the pipeline (optional), then the id of the run or its beginning")
    .option("-y, --yes", "do it")
    .option("--allow <kind=n>", "let this many deletes (creates, updates) through the guard; repeatable", allowance)
    .option("--samples <n>", "actions to show per kind and binding", wholeNumber(0, 10_000), 5)
    .action((args: string[], options: CommonOptions & { yes?: boolean; allow?: Allowance; samples: number }) =>
      run("undo", options, async (screen) =>
        (await import("../command/undo.ts")).undo(screen, args, { ...options, yes: options.yes === true }),
      ),
    )

  withStore(
    declare(program, {
      name: "forget",
      summary: "erase a person, and take them in no more",
      examples: [
        "jane@example.com",
        "pipeline.yaml jane@example.com --yes",
        "pipeline.yaml jane@example.com --everywhere",
        "--lift fgt_3f2a…",
      ],
      about:
        "RECORD is a match key's value, a remote id, or the record's own id. Store, journal, reviews, quarantine and the bytes\nof the file are cleared; keyed hashes of match keys and ids stay, so that no run takes the person in again: --lift ends that.",
    }),
  )
    .usage("[options] [FILE] RECORD")
    .argument("[record...]", "the pipeline (optional), then the record; none with --lift")
    .option("--everywhere", "delete the items in the systems first, within the guards")
    .option("-y, --yes", "do it")
    .option("--allow <kind=n>", "with --everywhere: let this many deletes through the guard", allowance)
    .option("--lift <id>", "let a match key come in again, by the id on the receipt")
    .action((args: string[], options: CommonOptions & { everywhere?: boolean; yes?: boolean; lift?: string; allow?: Allowance }) =>
      run("forget", options, async (screen) =>
        (await import("../command/forget.ts")).forget(screen, args, {
          ...options,
          everywhere: options.everywhere === true,
          yes: options.yes === true,
        }),
      ),
    )
}
