// An expression without quotes inside {…} or […] that YAML cut at a comma: `{ when: =a(b, c) }` is `=a(b` and a key `c)`.
// Each is reported once, where it stands, and put together again, so that the rest of the file is judged as it was meant.
import type { Entry, Node, Report, ScalarNode, Span } from "../../language/index.ts"

const OPENING = "([{"
const CLOSING = ")]}"

export function mendCuts(node: Node, text: string, report: Report): Node {
  if (node.kind === "scalar") return node
  if (node.kind === "list") {
    const items: Node[] = []
    for (let i = 0; i < node.items.length; i++) {
      const item = node.items[i] as Node
      const end = isCut(item, text) ? wholeEnd(text, item.at.start, node.at.end) : null
      if (end === null) items.push(mendCuts(item, text, report))
      else {
        items.push(whole(item.at, end, text, report))
        while (i + 1 < node.items.length && (node.items[i + 1] as Node).at.start < end) i++
      }
    }
    return { ...node, items }
  }
  const entries: Entry[] = []
  for (let i = 0; i < node.entries.length; i++) {
    const entry = node.entries[i] as Entry
    const end = isCut(entry.value, text) ? wholeEnd(text, entry.value.at.start, node.at.end) : null
    if (end === null) entries.push({ ...entry, value: mendCuts(entry.value, text, report) })
    else {
      entries.push({ ...entry, value: whole(entry.value.at, end, text, report) })
      while (i + 1 < node.entries.length && (node.entries[i + 1] as Entry).keyAt.start < end) i++
    }
  }
  return { ...node, entries }
}

/** A plain expression with a bracket open, and a comma right behind it in the file. */
function isCut(node: Node, text: string): boolean {
  if (node.kind !== "scalar" || typeof node.value !== "string" || !node.value.startsWith("=")) return false
  if (text[node.at.start] !== "=" || depthOf(text, node.at.start, node.at.end) <= 0) return false
  return /^\s*,/.test(text.slice(node.at.end, node.at.end + 200))
}

function depthOf(text: string, from: number, to: number): number {
  let depth = 0
  scan(text, from, to, (change) => {
    depth += change
    return false
  })
  return depth
}

/** Where the brackets of the expression are closed; null: nowhere in the part of the file that it could have come from. */
function wholeEnd(text: string, from: number, limit: number): number | null {
  let depth = 0
  return scan(text, from, limit, (change) => {
    depth += change
    return depth === 0
  })
}

function scan(text: string, from: number, to: number, at: (change: 1 | -1) => boolean): number | null {
  let quote = ""
  for (let i = from; i < to; i++) {
    const c = text[i] as string
    if (quote !== "") {
      if (c === "\\") i++
      else if (c === quote) quote = ""
    } else if (c === '"' || c === "'") quote = c
    else if (OPENING.includes(c) ? at(1) : CLOSING.includes(c) ? at(-1) : false) return i + 1
  }
  return null
}

function whole(at: Span, end: number, text: string, report: Report): ScalarNode {
  // What stands behind the bracket, up to the next comma or the end of the mapping, belongs to it: `=size(a, b) > 2`.
  const rest = /^[^,}\]\n]*/.exec(text.slice(end, end + 400))?.[0].trimEnd() ?? ""
  const span: Span = { ...at, end: end + rest.length }
  const value = text.slice(span.start, span.end)
  report.error(
    span,
    "YAML cuts this expression at its comma",
    `put it in quotes: '${value.length > 60 ? `${value.slice(0, 59)}…` : value}'`,
  )
  return { kind: "scalar", at: span, value, locate: (a, b) => ({ path: at.path, start: span.start + a, end: span.start + b }) }
}
