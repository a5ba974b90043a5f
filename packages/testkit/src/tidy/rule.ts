// The shape of a house rule: it looks at one file, or at the tree as a whole, and says what is wrong and why that matters.
import type { SourceFile } from "./source.ts"

export interface Violation {
  /** Path from the root, with `/`. */
  readonly path: string
  /** 1-based; 0 where the file or folder itself is meant. */
  readonly line: number
  readonly rule: string
  readonly message: string
}

export interface FileRule {
  readonly name: string
  readonly check: (file: SourceFile) => readonly Violation[]
}

export interface PathRule {
  readonly name: string
  readonly check: (paths: readonly string[]) => readonly Violation[]
}

/** `path:line  [rule] message`, one a line. */
export const violationText = (violations: readonly Violation[]): string =>
  violations.map(({ path, line, rule, message }) => `${path}${line > 0 ? `:${line}` : ""}  [${rule}] ${message}`).join("\n")
