// Where a command's words go: answers to stdout, progress and remarks to stderr. Secrets learned from a pipeline's
// configuration are taken out of everything that passes, whichever stream it goes to.
import { createColors } from "picocolors"
import type { Shell } from "./shell.ts"

export type Paint = ReturnType<typeof createColors>

export interface Screen {
  readonly shell: Shell
  readonly paint: Paint
  readonly width: number
  /** `--json`: one document on stdout, nothing else. */
  readonly json: boolean
  /** One or more lines of the answer. */
  out(text: string): void
  /** One or more lines beside it; silent with `--json`. */
  note(text: string): void
  /** Says what went wrong, also with `--json`. */
  complain(text: string): void
  /** The answer for a program: `{ command, version, data }`. */
  answer(command: string, data: unknown): void
  refuse(
    command: string,
    error: { readonly exit: number; readonly message: string; readonly hint: string | null; readonly details: unknown },
  ): void
  /** From now on these are never shown. */
  hide(redact: (text: string) => string): void
}

export const JSON_VERSION = 1

export function openScreen(shell: Shell, options: { readonly json: boolean; readonly color: boolean }): Screen {
  const hidden: ((text: string) => string)[] = []
  const clean = (text: string): string => hidden.reduce((rest, redact) => redact(rest), text)
  const write = (stream: Shell["stdout"], text: string): void => {
    stream.write(clean(text.endsWith("\n") ? text : `${text}\n`))
  }
  return {
    shell,
    paint: createColors(options.color && !options.json),
    width: shell.width,
    json: options.json,
    out: (text) => {
      if (!options.json) write(shell.stdout, text)
    },
    note: (text) => {
      if (!options.json) write(shell.stderr, text)
    },
    complain: (text) => write(shell.stderr, text),
    answer: (command, data) => {
      if (options.json) write(shell.stdout, JSON.stringify({ command, version: JSON_VERSION, data }))
    },
    refuse: (command, error) => {
      if (options.json) write(shell.stdout, JSON.stringify({ command, version: JSON_VERSION, error }))
    },
    hide: (redact) => {
      hidden.push(redact)
    },
  }
}
