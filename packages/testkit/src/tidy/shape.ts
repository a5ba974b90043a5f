// What a file looks like: how long it is, how it introduces itself, which words it keeps out, how its tests are switched.
import { Visitor } from "oxc-parser"
import { isCode, type SourceFile } from "./source.ts"
import type { FileRule, Violation } from "./rule.ts"

/** Past this, a second thing has moved in. */
const MAX_LINES = 300

/** Files that are one thing and long all the same. */
export const LONG_FILES: Readonly<Record<string, string>> = {}

const inSource = (path: string): boolean => /^(?:packages|connectors)\/[^/]+\/(?:src|fake)\//.test(path)

export const size: FileRule = {
  name: "size",
  check: ({ path, lines }) => {
    const count = lines.length - 1
    if (!isCode(path) || count <= MAX_LINES || LONG_FILES[path] !== undefined) return []
    return [
      {
        path,
        line: MAX_LINES + 1,
        rule: "size",
        message: `${count} lines; past ${MAX_LINES} a second thing has moved in: give it its own file`,
      },
    ]
  },
}

export const header: FileRule = {
  name: "header",
  check: ({ path, lines }) => {
    if (!isCode(path) || !inSource(path)) return []
    const first = lines[lines[0]?.startsWith("#!") === true ? 1 : 0] ?? ""
    if (/^(?:\/\/|\/\*\*?)\s*\S/.test(first) || /^\/\*\*\s*$/.test(first)) return []
    return [{ path, line: 1, rule: "header", message: "no header: two or three lines say what enters, what leaves and what is guaranteed" }]
  },
}

interface Word {
  readonly pattern: RegExp
  readonly why: string
}

// A class of one letter keeps a pattern from finding itself here.
const WORDS: readonly Word[] = [
  { pattern: /(?:^|[\s"'`(=:])\/(?:[w]ork|[h]ome|[r]oot|[U]sers)\/[\w.-]+/, why: "a path of one machine means nothing on another" },
  { pattern: /\b[C-Z]:\\[\w.-]+/, why: "a path of one machine means nothing on another" },
  { pattern: /\b(?:[T]ODO|[F]IXME|[X]XX)\b/, why: "what is not done is an issue, not a comment" },
  { pattern: /\b[i]ssue #?\d+\b/i, why: "a reader has the code, not the list of tasks it came from" },
  {
    pattern: /\b(?:[l]anguage model|[A]I[- ]generated|[s]ub-?agents?|[c]o-authored-by)\b/i,
    why: "the project says what it does, not how it was made",
  },
  { pattern: /@ts-(?:[i]gnore|[n]ocheck)|\bas [a]ny\b/, why: "a type that is switched off checks nothing" },
]

export const words: FileRule = {
  name: "words",
  check: ({ path, lines }) =>
    lines.flatMap((text, at) =>
      WORDS.flatMap(({ pattern, why }): Violation[] => {
        const found = pattern.exec(text)?.[0].trim()
        return found === undefined ? [] : [{ path, line: at + 1, rule: "words", message: `"${found}": ${why}` }]
      }),
    ),
}

const SWITCHED = new Set(["only", "skip", "todo", "fails"])
const RUNNERS = new Set(["it", "test", "describe", "bench"])

export const switched: FileRule = {
  name: "switched",
  check: (file) => (isCode(file.path) && /\/(?:test|bench)\//.test(file.path) ? switchedTests(file) : []),
}

const switchedTests = (file: SourceFile): readonly Violation[] => {
  const found: Violation[] = []
  new Visitor({
    MemberExpression: (node) => {
      if (node.object.type !== "Identifier" || !RUNNERS.has(node.object.name)) return
      if (node.property.type !== "Identifier" || !SWITCHED.has(node.property.name)) return
      const line = file.lineAt(node.start)
      const told = /^\s*\/\/ skipped: \S+/.test(file.lines[line - 2] ?? "")
      if (told && node.property.name !== "only") return
      const message =
        node.property.name === "only"
          ? ".only silences every other test"
          : `.${node.property.name} without a reason: say it in the line above, as "// skipped: because …"`
      found.push({ path: file.path, line, rule: "switched", message })
    },
  }).visit(file.syntax().program)
  return found
}
