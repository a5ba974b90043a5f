// The command line, declared. Only names, options and help live here; each command's work is imported when it is called,
// so that `--help` loads nothing heavy.
import { Command } from "commander"
import { cleanText } from "../render/clean.ts"
import type { Shell } from "../screen/shell.ts"
import type { Run } from "./command.ts"
import { declareConnector } from "./connector.ts"
import { declareDecide } from "./decide.ts"
import { declareKeep } from "./keep.ts"
import { declareLook } from "./look.ts"
import { declareSafety } from "./safety.ts"
import { declareSync } from "./sync.ts"
import { declareTry } from "./try.ts"

export const VERSION = "0.1.0"

export function buildProgram(shell: Shell, run: Run): Command {
  const program = new Command("syncline")
  program
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "examples and options")
    .helpCommand("help [command]", "examples and options of a command")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => shell.stdout.write(text),
      writeErr: (text) => shell.stderr.write(text),
      getOutHelpWidth: () => Math.min(shell.width, 100),
      getErrHelpWidth: () => Math.min(shell.width, 100),
      // what was typed is quoted in it
      outputError: (text, write) =>
        write(
          `✗ ${text
            .replace(/^error: /, "")
            .split("\n")
            .map(cleanText)
            .join("\n")}`,
        ),
    })
    .showSuggestionAfterError(true)
    // an option belongs to the command behind which it stands: `mock crm --port` is not mock's own
    .enablePositionalOptions()
    .addHelpText(
      "before",
      [
        "syncline keeps systems in step, both ways, from one YAML file.",
        "",
        "  $ syncline init my-sync              a commented starter pipeline",
        "  $ syncline check my-sync/pipeline.yaml",
        "  $ syncline plan my-sync/pipeline.yaml   what a run would do; writes nothing",
        "  $ syncline run my-sync/pipeline.yaml    one pass; --watch keeps going",
        "",
      ].join("\n"),
    )
    .addHelpText(
      "after",
      "\nWhere FILE is left out, ./pipeline.yaml is used.\nExit codes: 0 done, 1 needs attention, 2 wrong usage or pipeline, 3 stopped by a guard, 4 a system cannot be reached, 5 internal error.",
    )
  declareSync(program, run)
  declareLook(program, run)
  declareDecide(program, run)
  declareSafety(program, run)
  declareKeep(program, run)
  declareConnector(program, run)
  declareTry(program, run)
  program
    .command("completion")
    .summary("names that complete in the shell")
    .description("")
    .argument("<shell>", "bash, zsh, fish or powershell")
    .addHelpText(
      "before",
      "syncline completion: names that complete in the shell\n\n  $ source <(syncline completion bash)\n  $ syncline completion zsh > ~/.zfunc/_syncline\n",
    )
  hintAtHelp(program, "syncline")
  return program
}

/** Whoever types what a command does not know is told where it says what it knows. */
function hintAtHelp(command: Command, path: string): void {
  command.showHelpAfterError(`  ${path} --help`)
  for (const each of command.commands) hintAtHelp(each, `${path} ${each.name()}`)
}
