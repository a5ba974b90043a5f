// Declared here: the commands that lead from a file to a synchronised pair: init, check, plan, apply, run.
import type { Command } from "commander"
import { declare, withOutput, withStore, type CommonOptions, type Run } from "./command.ts"
import { allowance, wholeNumber, type Allowance } from "./number.ts"

export function declareSync(program: Command, run: Run): void {
  withOutput(
    declare(program, {
      name: "init",
      summary: "write a commented starter pipeline",
      examples: ["", "my-sync", "my-sync --from one-way"],
      about: "Files that are there already are never overwritten.",
    }),
  )
    .argument("[dir]", "folder to write into", ".")
    .option("--from <starter>", "crm-email or one-way", "crm-email")
    .action((dir: string, options: CommonOptions & { from: string }) =>
      run("init", options, async (screen) => (await import("../command/init.ts")).init(screen, dir, options.from)),
    )

  withOutput(
    declare(program, {
      name: "check",
      summary: "find everything that is wrong with a pipeline",
      examples: ["", "pipeline.yaml", "pipeline.yaml --offline"],
      about:
        "Online it also reaches each system, tries the mapping on real items, and says what each system can guarantee. It writes nothing.",
    }),
  )
    .argument("[file]", "the pipeline")
    .option("--offline", "only the file: call no system")
    .action((file: string | undefined, options: CommonOptions & { offline?: boolean }) =>
      run("check", options, async (screen) =>
        (await import("../command/check.ts")).check(screen, file, { offline: options.offline === true }),
      ),
    )

  withStore(
    declare(program, {
      name: "plan",
      summary: "show what a run would do",
      examples: ["", "pipeline.yaml", "pipeline.yaml --out plan.json", "pipeline.yaml --exit-code"],
      about: "Nothing is written anywhere, the store included. With --exit-code the answer is 10 where there are changes.",
    }),
  )
    .argument("[file]", "the pipeline")
    .option("--out <plan.json>", "keep the plan for `syncline apply`")
    .option("--exit-code", "exit 10 where there are changes")
    .option("--samples <n>", "writes to show per system and kind", wholeNumber(0, 1_000_000), 3)
    .option("--full", "read everything, rather than what changed")
    .action((file: string | undefined, options: CommonOptions & { out?: string; exitCode?: boolean; samples: number; full?: boolean }) =>
      run("plan", options, async (screen) =>
        (await import("../command/plan.ts")).plan(screen, file, {
          ...options,
          exitCode: options.exitCode === true,
          full: options.full === true,
        }),
      ),
    )

  withStore(
    declare(program, {
      name: "apply",
      summary: "carry out a kept plan: exactly that, or nothing",
      examples: ["plan.json", "plan.json --allow delete=200"],
    }),
  )
    .argument("<plan.json>", "what `plan --out` wrote")
    .option("--file <pipeline>", "the pipeline, if it moved since the plan was made")
    .option("--allow <kind=n>", "let this many deletes (creates, updates) through the guard; repeatable", allowance)
    .action((plan: string, options: CommonOptions & { file?: string; allow?: Allowance }) =>
      run("apply", options, async (screen) => (await import("../command/apply.ts")).apply(screen, plan, options)),
    )

  withStore(
    declare(program, {
      name: "run",
      summary: "bring all systems in step",
      examples: ["", "pipeline.yaml", "pipeline.yaml --watch", "pipeline.yaml --allow delete=200"],
      about: "One pass, until nothing is left to do. With --watch it goes on as the pipeline's schedule says, until Ctrl-C.",
    }),
  )
    .argument("[file]", "the pipeline")
    .option("--watch", "keep going")
    .option("--allow <kind=n>", "let this many deletes (creates, updates) through the guard; repeatable", allowance)
    .option("--full", "read everything, rather than what changed")
    .action((file: string | undefined, options: CommonOptions & { watch?: boolean; full?: boolean; allow?: Allowance }) =>
      run("run", options, async (screen) =>
        (await import("../command/run.ts")).run(screen, file, { ...options, watch: options.watch === true, full: options.full === true }),
      ),
    )
}
