// Diagnostics as a person reads them: place and message, the line itself, carets under the part, the hint behind them.
import type { Diagnostic, Sources } from "./diagnostic.ts"

/** Lines longer than this are shown around the fault only. */
const MAX_WIDTH = 110

export interface RenderOptions {
  readonly color?: boolean
}

export function renderDiagnostics(diagnostics: readonly Diagnostic[], sources: Sources, options: RenderOptions = {}): string {
  const paint = options.color === true ? ANSI : PLAIN
  const split = new Map([...sources].map(([path, text]) => [path, { text, lines: text.split("\n") }]))
  // many diagnostics may point into one very long line
  let last: { readonly line: string; readonly characters: readonly string[] } = { line: "", characters: [] }
  const charactersOf = (line: string): readonly string[] => {
    if (last.line !== line) last = { line, characters: [...line.replace(/\r$/, "")] }
    return last.characters
  }
  return diagnostics.map((diagnostic) => renderOne(diagnostic, split.get(diagnostic.path), charactersOf, paint)).join("\n\n")
}

interface Split {
  readonly text: string
  readonly lines: readonly string[]
}

type Paint = typeof PLAIN
const PLAIN = { error: (s: string) => s, warning: (s: string) => s, dim: (s: string) => s, bold: (s: string) => s }
const ANSI: Paint = {
  error: (s) => `\u001b[31m${s}\u001b[39m`,
  warning: (s) => `\u001b[33m${s}\u001b[39m`,
  dim: (s) => `\u001b[2m${s}\u001b[22m`,
  bold: (s) => `\u001b[1m${s}\u001b[22m`,
}

function renderOne(
  diagnostic: Diagnostic,
  source: Split | undefined,
  charactersOf: (line: string) => readonly string[],
  paint: Paint,
): string {
  const mark = diagnostic.severity === "warning" ? `${paint.warning("warning:")} ` : ""
  const head = `${paint.bold(`${visible(diagnostic.path)}:${diagnostic.line}:${diagnostic.column}`)}  ${mark}${visible(diagnostic.message)}`
  const line = source?.lines[diagnostic.line - 1]
  if (line === undefined || line.trim() === "") return diagnostic.hint === null ? head : `${head}\n  ${diagnostic.hint}`

  const characters = charactersOf(line)
  const column = diagnostic.column - 1
  // no more of it than can be shown
  const [marked = ""] = (source?.text ?? "").slice(diagnostic.start, Math.min(diagnostic.end, diagnostic.start + 2 * MAX_WIDTH)).split("\n")
  const length = Array.from(marked.replace(/\r$/, "")).length
  const from = characters.length > MAX_WIDTH ? Math.max(0, column - 40) : 0
  const shown = characters.slice(from, from + MAX_WIDTH)
  const frame = `${from > 0 ? "…" : ""}${shown.map(visible).join("")}${from + MAX_WIDTH < characters.length ? "…" : ""}`
  const number = String(diagnostic.line)
  const here = Math.max(0, column - from)
  const indent = " ".repeat(widthOf(shown.slice(0, here)) + (from > 0 ? 1 : 0))
  const carets = "^".repeat(Math.max(1, widthOf(shown.slice(here, here + length))))
  const paintCarets = diagnostic.severity === "warning" ? paint.warning : paint.error
  const hint = diagnostic.hint === null ? "" : ` ${visible(diagnostic.hint)}`
  return [
    head,
    `  ${paint.dim(`${number} |`)} ${frame}`,
    `  ${paint.dim(`${" ".repeat(number.length)} |`)} ${indent}${paintCarets(carets)}${hint}`,
  ].join("\n")
}

/** Columns that characters take on a terminal: marks none, the scripts of East Asia and pictures two. */
const widthOf = (characters: readonly string[]): number =>
  characters.reduce((sum, character) => sum + (/^[\p{M}\p{Cf}]/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1), 0)
const WIDE = /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|^\p{Emoji_Presentation}/u

/** Control characters of a hostile file must not reach a terminal. */
const visible = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (c) => (c === "\t" ? " " : "\ufffd"))
