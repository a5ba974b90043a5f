// The YAML library's findings in our words, each once and where the mistake is rather than where it was noticed.
import type { Document } from "yaml"
import type { Report } from "./diagnostic.ts"

/** After one of these the rest of the file is misread, and says nothing. */
const DERAILING: readonly string[] = [
  "TAB_AS_INDENT",
  "BAD_INDENT",
  "MISSING_CHAR",
  "BLOCK_IN_FLOW",
  "BLOCK_AS_IMPLICIT_KEY",
  "UNEXPECTED_TOKEN",
]

export function reportYaml(path: string, text: string, document: Document.Parsed, report: Report, noun: string): void {
  const found = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])
  const derailed = found.findIndex((problem) => DERAILING.includes(problem.code))
  const tab = found.find((problem) => problem.code === "TAB_AS_INDENT")
  const told = tab === undefined ? (derailed < 0 ? found : found.slice(0, derailed + 1)) : [tab]
  for (const { code, message, pos } of told) {
    let [start, end] = pos
    if (code === "DUPLICATE_KEY" || (code === "BAD_INDENT" && !UNCLOSED.test(message))) {
      while (text[start] === " ") start++
      const word = /^[^\s:,{}[\]]+/.exec(text.slice(start, start + 200))?.[0] ?? ""
      end = Math.max(end, start + word.length)
      const key = word.replace(/^["']|["']$/g, "")
      if (code === "DUPLICATE_KEY") report.error({ path, start, end }, `the key "${key}" is here twice`, "remove one of the two")
      else report.error({ path, start, end }, "this line is indented unlike those it belongs to", "keys of one mapping start in one column")
      continue
    }
    // What is missing at the end of a text belongs behind its last character.
    if (start >= text.length || (/\s/.test(text[start] ?? "") && text.slice(start).trim() === ""))
      start = Math.max(0, text.trimEnd().length - 1)
    const [said, known] = explain(code, message, noun)
    const hint = known ?? hintForExpression(text, start)
    report.error({ path, start, end: Math.max(end, start + 1) }, said, hint)
  }
}

/** An expression that is not quoted, where commas, colons and quotes have a meaning for YAML. */
function hintForExpression(text: string, at: number): string | null {
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at)
  return /[:[,{]\s*=[^\s,'"][^,]*$|[:[,{]\s*=\w+\(.*$/.test(line) ? "put the expression in quotes: '=…'" : null
}

const UNCLOSED = /flow (\w+) .*end with a ([\]}])/i

function explain(code: string, message: string, noun: string): readonly [string, string | null] {
  const open = UNCLOSED.exec(message)
  if (open !== null) return [`the ${open[1] === "sequence" ? "list" : "mapping"} before this is not closed`, `add "${open[2]}"`]
  switch (code) {
    case "MULTIPLE_DOCS":
      return ["a second document starts here", `one ${noun} a file: remove the "---"`]
    case "TAB_AS_INDENT":
      return ["a tab is used to indent", "YAML indents with spaces only"]
    case "TAG_RESOLVE_FAILED":
      return ["tags (!word) mean nothing here", "remove the tag"]
    case "MISSING_CHAR":
      return [
        /quote/.test(message) ? "a quoted text is not closed" : lowerFirst(message),
        /quote/.test(message) ? "add the closing quote" : null,
      ]
    case "BLOCK_AS_IMPLICIT_KEY":
    case "MULTILINE_IMPLICIT_KEY":
      return [lowerFirst(message), "check the indentation and the quotes of this line and the one before"]
    default:
      return [lowerFirst(message.split("\n")[0] ?? message), null]
  }
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
