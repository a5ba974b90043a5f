// How a command is declared: examples first in its help, options shared by name, the work itself loaded when it is called.
import { Option, type Command } from "commander"
import type { ExitCode } from "../exit.ts"
import type { Screen } from "../screen/screen.ts"

export interface CommonOptions {
  readonly json?: boolean
  readonly color?: boolean
  readonly store?: string
}

/** Opens a screen for the command, does its work and keeps its exit code. */
export type Run = (name: string, options: CommonOptions, act: (screen: Screen) => Promise<ExitCode>) => Promise<void>

export interface Declared {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  readonly examples: readonly string[]
  /** After the examples: what it does, where that is not plain from the summary. */
  readonly about?: string
}

export function declare(parent: Command, { name, summary, examples, about }: Declared): Command {
  const command = parent.command(name).summary(summary).description("")
  const path = `${parent.name() === "syncline" ? "" : `${parent.name()} `}${name.split(" ")[0]}`
  command.addHelpText(
    "before",
    `${[`syncline ${path}: ${summary}`, "", ...examples.map((each) => `  $ syncline ${path}${each === "" ? "" : ` ${each}`}`)].join("\n")}\n`,
  )
  if (about !== undefined) command.addHelpText("after", `\n${about}`)
  return command
}

export const withOutput = (command: Command): Command =>
  command
    .addOption(new Option("--json", "print one JSON document instead of text"))
    .addOption(new Option("--no-color", "print without colours"))

export const withStore = (command: Command): Command =>
  withOutput(command).addOption(
    new Option("--store <url>", "where the state is kept, sqlite:PATH (default: .syncline/NAME.db beside the pipeline)"),
  )
