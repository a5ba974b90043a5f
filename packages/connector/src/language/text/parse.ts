// YAML text -> located nodes, or diagnostics. Bounded in size, depth and number of nodes, aliases included.
import { isAlias, isMap, isPair, isScalar, isSeq, parseDocument, type Document, type Node as YamlNode } from "yaml"
import type { Report, Span } from "./diagnostic.ts"
import type { Entry, Node } from "./node.ts"
import { locator } from "./locate.ts"
import { reportYaml } from "./yaml-error.ts"

export const MAX_BYTES = 1_048_576
/** A few thousand lines of an honest file; an alias bomb passes it at once. */
const MAX_NODES = 50_000
const MAX_DEPTH = 40

/** What a file is, for messages. */
export interface FileKind {
  readonly noun: string
  /** How one begins. */
  readonly begins: string | null
}
const ANY_FILE: FileKind = { noun: "document", begins: null }

export function parseYaml(path: string, text: string, report: Report, kind: FileKind = ANY_FILE): Node | null {
  report.sources.set(path, text)
  const start: Span = { path, start: 0, end: 0 }
  if (text.length > MAX_BYTES) {
    report.sources.set(path, "")
    report.error(
      start,
      `the file is larger than 1 MB (${(text.length / MAX_BYTES).toFixed(1)} MB)`,
      "split the schemas into files of their own",
    )
    return null
  }
  const broken = Math.max(text.indexOf("\ufffd"), text.indexOf("\0"))
  if (broken >= 0) {
    report.error({ path, start: broken, end: broken + 1 }, "the file is not valid UTF-8 text", "save it as UTF-8")
    return null
  }
  if (text.trim() === "") {
    report.error(start, "the file is empty", kind.begins)
    return null
  }
  let document: Document.Parsed
  try {
    document = parseDocument(text, { prettyErrors: false, strict: true, uniqueKeys: true, merge: false, version: "1.2", logLevel: "error" })
  } catch (error) {
    report.error(start, error instanceof RangeError ? "the file is nested too deeply" : "the file cannot be read as YAML")
    return null
  }
  reportYaml(path, text, document, report, kind.noun)
  if (document.errors.some((problem) => problem.code !== "DUPLICATE_KEY")) return null
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    report.error(start, "the file holds nothing but comments", kind.begins)
    return null
  }
  try {
    return new Walk(path, text, document, report).node(document.contents, 0)
  } catch (error) {
    if (error instanceof TooMuch) return null
    if (error instanceof RangeError) report.error(start, "the file is nested too deeply")
    else throw error
    return null
  }
}

class TooMuch extends Error {}

class Walk {
  private count = 0
  private readonly open = new Set<unknown>()
  private readonly path: string
  private readonly text: string
  private readonly document: Document.Parsed
  private readonly report: Report

  constructor(path: string, text: string, document: Document.Parsed, report: Report) {
    this.path = path
    this.text = text
    this.document = document
    this.report = report
  }

  node(yaml: unknown, depth: number): Node {
    const at = this.span(yaml)
    if (++this.count > MAX_NODES)
      this.stop(at, `the file unfolds to more than ${MAX_NODES} values`, "aliases that repeat aliases grow without bound")
    if (depth > MAX_DEPTH) this.stop(at, `nested more than ${MAX_DEPTH} levels deep`)
    if (isAlias(yaml)) {
      const target = yaml.resolve(this.document)
      if (target === undefined) this.stop(at, `nothing is anchored as "&${yaml.source}"`)
      if (this.open.has(target)) this.stop(at, `the alias "*${yaml.source}" contains itself`)
      return this.node(target, depth + 1)
    }
    this.open.add(yaml)
    const result = this.content(yaml, at, depth)
    this.open.delete(yaml)
    return result
  }

  private content(yaml: unknown, at: Span, depth: number): Node {
    if (isMap(yaml)) {
      const entries: Entry[] = []
      for (const pair of yaml.items) {
        if (!isPair(pair)) continue
        const keyAt = this.span(pair.key)
        if (!isScalar(pair.key)) {
          this.report.error(keyAt, "a key must be a plain word")
          continue
        }
        // A key is what is written: 1.0 and 1 are two.
        const key = typeof pair.key.value === "number" ? (pair.key.source ?? String(pair.key.value)) : String(pair.key.value)
        // The parser has reported the repetition; the first stands.
        if (entries.some((entry) => entry.key === key)) continue
        const value: Node = pair.value === null ? nothing(keyAt) : this.node(pair.value, depth + 1)
        entries.push({ key, keyAt, value })
      }
      return { kind: "map", at, entries }
    }
    if (isSeq(yaml)) return { kind: "list", at, items: yaml.items.map((item) => this.node(item, depth + 1)) }
    if (isScalar(yaml)) {
      const raw = yaml.value
      const value = raw === null || typeof raw === "string" || typeof raw === "number" || typeof raw === "boolean" ? raw : String(raw)
      return { kind: "scalar", at, value, locate: locator(at, this.text, yaml.type ?? "PLAIN", value) }
    }
    return nothing(at)
  }

  private span(yaml: unknown): Span {
    // The library types a node's range as present after parsing only; a missing one points at the start of the file.
    const range = (yaml as YamlNode | null)?.range
    const start = range?.[0] ?? 0
    let end = range?.[1] ?? start
    while (end > start && /\s/.test(this.text[end - 1] ?? "")) end--
    return { path: this.path, start, end: Math.max(end, start) }
  }

  private stop(at: Span, message: string, hint: string | null = null): never {
    this.report.error(at, message, hint)
    throw new TooMuch()
  }
}

const nothing = (at: Span): Node => ({ kind: "scalar", at, value: null, locate: () => at })
