// Completion for the shell: the same declarations, read by the completion library instead of being run.
import tab from "@bomb.sh/tab/commander"
import { EXIT, type ExitCode } from "../exit.ts"
import type { Shell } from "../screen/shell.ts"
import { buildProgram } from "./program.ts"

const SHELLS = ["bash", "zsh", "fish", "powershell"]

export async function complete(argv: readonly string[], shell: Shell): Promise<ExitCode> {
  const program = buildProgram(shell, async () => {})
  const asked = argv[1]
  if (argv[0] === "completion" && (asked === undefined || !SHELLS.includes(asked))) {
    const help = asked === "--help" || asked === "-h"
    program.commands.find((command) => command.name() === "completion")?.outputHelp({ error: !help })
    return help ? EXIT.done : EXIT.usage
  }
  const bare = buildProgram(shell, async () => {})
  const kept = bare.commands.filter((command) => command.name() !== "completion")
  // The library brings its own command of that name.
  Object.assign(bare, { commands: kept })
  tab(bare, { completionCommandName: "completion" })
  await bare.parseAsync([...argv], { from: "user" })
  return EXIT.done
}
