// One call of the command line: arguments in, exit code out. Whatever goes wrong ends in one sentence and a code; a stack
// trace is shown only where SYNCLINE_DEBUG asks for it.
import { CommanderError } from "commander"
import { EXIT, type ExitCode } from "./exit.ts"
import { CliFailure } from "./failure.ts"
import { buildProgram } from "./program/program.ts"
import type { Run } from "./program/command.ts"
import { openScreen, type Screen } from "./screen/screen.ts"
import type { Shell } from "./screen/shell.ts"

export async function main(argv: readonly string[], shell: Shell): Promise<ExitCode> {
  if (argv[0] === "completion" || argv[0] === "complete") return (await import("./program/completion.ts")).complete(argv, shell)
  let screen: Screen | null = null
  let command = argv[0] ?? "syncline"
  let exit: ExitCode = EXIT.done
  const run: Run = async (name, options, act) => {
    command = name
    screen = openScreen(shell, { json: options.json === true, color: shell.color && options.color !== false })
    exit = await act(screen)
  }
  try {
    await buildProgram(shell, run).parseAsync([...argv], { from: "user" })
    return exit
  } catch (error) {
    // Help and version end this way too; commander has printed what there is to say.
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.done
      if (argv.includes("--json")) {
        const message = error.message.replace(/^error: /, "")
        openScreen(shell, { json: true, color: false }).refuse(command, { exit: EXIT.usage, message, hint: null, details: null })
      }
      return EXIT.usage
    }
    const told = screen ?? openScreen(shell, { json: argv.includes("--json"), color: shell.color })
    const { tell } = await import("./screen/tell.ts")
    return tell(told, command, error instanceof CliFailure ? error : await (await import("./wire/trouble.ts")).explainTrouble(error))
  }
}
