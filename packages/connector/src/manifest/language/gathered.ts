// What the shapes come across while they read one file and somebody needs afterwards: which settings are used, and where.
import type { Report, Span } from "../../language/index.ts"
import type { CodeRef } from "../spec/index.ts"

export interface Read {
  readonly path: string
  readonly at: Span
}

export interface Gathered {
  /** Reads of `config`, without the name in front. */
  readonly config: Read[]
  readonly secrets: Read[]
  /** Reads of `rec`, without the name in front. */
  readonly records: Read[]
  readonly code: { readonly ref: CodeRef; readonly at: Span }[]
}

const byReport = new WeakMap<Report, Gathered>()

export function gatheredIn(report: Report): Gathered {
  let gathered = byReport.get(report)
  if (gathered === undefined) {
    gathered = { config: [], secrets: [], records: [], code: [] }
    byReport.set(report, gathered)
  }
  return gathered
}
