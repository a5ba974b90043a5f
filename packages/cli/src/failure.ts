// Trouble that a person can do something about: one sentence, an exit code, and what to type or change next.
import { EXIT, type ExitCode } from "./exit.ts"

export class CliFailure extends Error {
  readonly exit: ExitCode
  readonly hint: string | null
  /** Anything a program would like to read with `--json`. */
  readonly details: unknown
  /** Laid out already, and shown before the message as it is: diagnostics with their code frames. */
  readonly preface: string | null
  constructor(
    exit: ExitCode,
    message: string,
    more: { readonly hint?: string; readonly details?: unknown; readonly cause?: unknown; readonly preface?: string } = {},
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause })
    this.name = "CliFailure"
    this.exit = exit
    this.hint = more.hint ?? null
    this.details = more.details ?? null
    this.preface = more.preface ?? null
  }
}

export const usage = (message: string, hint?: string): CliFailure => new CliFailure(EXIT.usage, message, hint === undefined ? {} : { hint })
