// A file as the rules see it: its text and, for TypeScript, what it imports and its syntax tree. Parsed once, on demand.
import { parseSync, type ParseResult } from "oxc-parser"

export interface Import {
  /** As written: `../model/link.ts`, `effect/Effect`. */
  readonly specifier: string
  readonly line: number
  /** Erased before it runs: `import type`, `export type … from`. */
  readonly typeOnly: boolean
}

export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly lines: readonly string[]
  /** Empty for anything but TypeScript. */
  readonly imports: () => readonly Import[]
  readonly syntax: () => ParseResult
  readonly lineAt: (offset: number) => number
}

export const isCode = (path: string): boolean => path.endsWith(".ts")

export const sourceFile = (path: string, text: string): SourceFile => {
  const lines = text.split("\n")
  let parsed: ParseResult | undefined
  const syntax = () => (parsed ??= parseSync(path, text))
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length
  return { path, text, lines, lineAt, syntax, imports: () => (isCode(path) ? importsOf(syntax(), text, lineAt) : []) }
}

const importsOf = ({ module }: ParseResult, text: string, lineAt: (offset: number) => number): readonly Import[] => {
  const found: Import[] = []
  for (const one of module.staticImports) {
    const statement = text.slice(one.start, one.end)
    const typeOnly = /^import\s+type\b/.test(statement) || (one.entries.length > 0 && one.entries.every((entry) => entry.isType))
    found.push({ specifier: one.moduleRequest.value, line: lineAt(one.start), typeOnly })
  }
  for (const one of module.staticExports) {
    const from = one.entries.find((entry) => entry.moduleRequest !== null)?.moduleRequest
    if (from == null) continue
    found.push({ specifier: from.value, line: lineAt(one.start), typeOnly: one.entries.every((entry) => entry.isType) })
  }
  for (const one of module.dynamicImports) {
    const literal = text.slice(one.moduleRequest.start, one.moduleRequest.end)
    const specifier = /^["'`](?<specifier>[^"'`$]+)["'`]$/.exec(literal)?.groups?.["specifier"]
    if (specifier !== undefined) found.push({ specifier, line: lineAt(one.start), typeOnly: false })
  }
  return found
}
