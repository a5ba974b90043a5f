// Declared here: the commands that keep the store itself safe: backup, restore.
import type { Command } from "commander"
import { declare, withStore, type CommonOptions, type Run } from "./command.ts"

export function declareKeep(program: Command, run: Run): void {
  withStore(
    declare(program, {
      name: "backup",
      summary: "copy the store as it is now into one file",
      examples: ["--out store.backup", "pipeline.yaml --out /backups/monday.db"],
      about: "A run may be under way: the copy shows one instant, and holds nothing up. It is checked, and replaces no file.",
    }),
  )
    .argument("[file]", "the pipeline")
    .option("--out <path>", "the file to make")
    .action((file: string | undefined, options: CommonOptions & { out?: string }) =>
      run("backup", options, async (screen) => (await import("../command/backup.ts")).backup(screen, file, options)),
    )

  withStore(
    declare(program, {
      name: "restore",
      summary: "put a backup in the place of the store",
      examples: ["--from store.backup", "pipeline.yaml --from /backups/monday.db"],
      about:
        "Refused while a run is under way. What was there is kept beside it. The next run reads every system in full before it\nwrites, and looks up whatever it would create: nothing that was made since the backup is made again.",
    }),
  )
    .argument("[file]", "the pipeline")
    .option("--from <path>", "the backup")
    .action((file: string | undefined, options: CommonOptions & { from?: string }) =>
      run("restore", options, async (screen) => (await import("../command/restore.ts")).restore(screen, file, options)),
    )
}
