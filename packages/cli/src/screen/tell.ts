// How trouble is said: one line what, one line what next, and for programs the same as data.
import type { ExitCode } from "../exit.ts"
import type { CliFailure } from "../failure.ts"
import { cleanText } from "../render/clean.ts"
import type { Screen } from "./screen.ts"

export function tell(screen: Screen, command: string, failure: CliFailure): ExitCode {
  const { paint } = screen
  if (failure.preface !== null) screen.complain(`${failure.preface}\n\n`)
  screen.complain(`${paint.red("✗")} ${cleanText(failure.message)}`)
  if (failure.hint !== null) screen.complain(`  ${paint.dim(failure.hint)}`)
  if (debugging(screen) && failure.cause instanceof Error) screen.complain(paint.dim(failure.cause.stack ?? String(failure.cause)))
  screen.refuse(command, { exit: failure.exit, message: failure.message, hint: failure.hint, details: failure.details })
  return failure.exit
}

const debugging = (screen: Screen): boolean => (screen.shell.env["SYNCLINE_DEBUG"] ?? "") !== ""
