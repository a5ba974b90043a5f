// A diagnostic: one thing that is wrong with a file, said where it is. Parsing never throws; it reports here and goes on.

export interface Span {
  /** Which of the source files, as the user named it. */
  readonly path: string
  /** UTF-16 offsets into that file's text; `end` is exclusive. */
  readonly start: number
  readonly end: number
}

export interface Diagnostic {
  readonly severity: "error" | "warning"
  readonly message: string
  /** What to do about it: stands after the carets. */
  readonly hint: string | null
  readonly path: string
  readonly start: number
  readonly end: number
  /** Both from 1; the column counts characters as an editor does. */
  readonly line: number
  readonly column: number
}

/** Texts of the files, by the path that diagnostics name. */
export type Sources = ReadonlyMap<string, string>

/** More than this helps nobody; the rest is counted. */
const MAX_DIAGNOSTICS = 200

export class Report {
  readonly sources = new Map<string, string>()
  private readonly found = new Map<string, Diagnostic>()
  private lineStarts = new Map<string, number[]>()

  error(at: Span, message: string, hint: string | null = null): void {
    this.add("error", at, message, hint)
  }

  warning(at: Span, message: string, hint: string | null = null): void {
    this.add("warning", at, message, hint)
  }

  /** Covers a secret in the text that frames are cut from; places stay where they are. */
  conceal(at: Span): void {
    const text = this.sources.get(at.path)
    if (text === undefined) return
    const hidden = text.slice(at.start, at.end).replace(/[^\n"']/g, "•")
    this.sources.set(at.path, text.slice(0, at.start) + hidden + text.slice(at.end))
  }

  get failed(): boolean {
    return [...this.found.values()].some((d) => d.severity === "error")
  }

  /** In the order of the text, the first file first. */
  list(): readonly Diagnostic[] {
    const order = [...this.sources.keys()]
    return [...this.found.values()].sort(
      (a, b) => order.indexOf(a.path) - order.indexOf(b.path) || a.start - b.start || a.message.localeCompare(b.message),
    )
  }

  private add(severity: "error" | "warning", at: Span, message: string, hint: string | null): void {
    const key = `${at.path}:${at.start}:${message}`
    if (this.found.has(key) || this.found.size >= MAX_DIAGNOSTICS) return
    // parsers point behind the text where something is missing at its end
    const length = this.sources.get(at.path)?.length ?? 0
    const start = Math.min(at.start, length)
    const end = Math.max(start, Math.min(at.end, length))
    this.found.set(key, { severity, message, hint, path: at.path, start, end, ...this.position(at) })
  }

  /** Line and column of a place. */
  position(at: Span): { line: number; column: number } {
    const text = this.sources.get(at.path) ?? ""
    let starts = this.lineStarts.get(at.path)
    if (starts === undefined) {
      starts = [0]
      for (let i = 0; i < text.length; i++) if (text[i] === "\n") starts.push(i + 1)
      this.lineStarts.set(at.path, starts)
    }
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= at.start) low = middle
      else high = middle - 1
    }
    const lineStart = starts[low] ?? 0
    return { line: low + 1, column: Array.from(text.slice(lineStart, at.start)).length + 1 }
  }
}
