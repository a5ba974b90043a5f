// Texts with `{expression}` in them: paths of requests, where each one is percent-encoded, and settings as the base URL.
import {
  describeNode,
  type Expression,
  type Node,
  type Report,
  type ScalarNode,
  type Shape,
  type Vocabulary,
} from "../../language/index.ts"
import type { Json, JsonObject } from "../../json.ts"
import { ExpressionError } from "../expression-error.ts"
import type { Address, Setting, Value } from "../spec/index.ts"
import { gatheredIn } from "./gathered.ts"
import { PLACES } from "./names.ts"
import { expressionIn, readsOf, runner } from "./value.ts"

type TextNode = ScalarNode & { readonly value: string }

interface Piece {
  readonly text: string
  readonly expression: Expression | null
}

/** The text cut at its braces; `undefined` after a report. Quotes inside an expression may hold braces. */
function piecesOf(node: TextNode, place: Vocabulary, report: Report): readonly Piece[] | undefined {
  const text = node.value
  const pieces: Piece[] = []
  let good = true
  let from = 0
  for (let at = text.indexOf("{"); at >= 0; at = text.indexOf("{", from)) {
    const end = closing(text, at + 1)
    if (end < 0) {
      report.error(node.locate(at, at + 1), "this { is not closed", "add }")
      return undefined
    }
    if (at > from) pieces.push({ text: text.slice(from, at), expression: null })
    const expression = expressionIn(node, text[at + 1] === "=" ? at + 2 : at + 1, end, place, "any", report)
    if (expression === undefined) good = false
    else pieces.push({ text: text.slice(at, end + 1), expression })
    from = end + 1
  }
  if (from < text.length) pieces.push({ text: text.slice(from), expression: null })
  return good ? pieces : undefined
}

function closing(text: string, from: number): number {
  let quote = ""
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const c = text[at] as string
    if (quote !== "") {
      if (c === "\\") at++
      else if (c === quote) quote = ""
    } else if (c === '"' || c === "'") quote = c
    else if (c === "{") depth++
    else if (c === "}" && depth-- === 0) return at
  }
  return -1
}

const isText = (node: Node): node is TextNode => node.kind === "scalar" && typeof node.value === "string" && node.value !== ""

const textOf = (value: Json): string | null =>
  typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : null

/** A path of a request, or `=expression` that gives a whole one. */
export function address(place: Vocabulary): Shape<Address> {
  const expects = "a path, as /contacts/{op.id}"
  return {
    schema: { type: "string", minLength: 1, examples: ["/contacts", "/contacts/{op.id}"] },
    expects,
    fits: isText,
    read: (node, report) => {
      if (!isText(node)) {
        report.error(node.at, `expected ${expects}, found ${describeNode(node)}`)
        return undefined
      }
      const where = `line ${report.position(node.at).line} (${node.value})`
      if (node.value.startsWith("=")) {
        const expression = expressionIn(node, 1, node.value.length, place, "any", report)
        if (expression === undefined) return undefined
        const run = runner(expression, where)
        return {
          reads: readsOf(expression),
          source: node.value,
          run: (scope) => {
            const path = run(scope)
            if (typeof path !== "string" || path === "") throw new ExpressionError(where, "it gives no path")
            return path
          },
        }
      }
      if (!/^(\/|https?:|\{)/.test(node.value))
        report.error(node.at, `expected ${expects}, found ${describeNode(node)}`, "a path starts with /")
      const pieces = piecesOf(node, place, report)
      if (pieces === undefined) return undefined
      const steps = pieces.map(({ text, expression }): string | ((scope: Parameters<Value["run"]>[0]) => string) => {
        if (expression === null) return text
        const run = runner(expression, where)
        return (scope) => encoded(run(scope), text, where)
      })
      return {
        reads: [...new Set(pieces.flatMap(({ expression }) => (expression === null ? [] : readsOf(expression))))],
        source: node.value,
        run: (scope) => {
          let path = ""
          for (const step of steps) path += typeof step === "string" ? step : step(scope)
          return path
        },
      }
    },
  }
}

/** One piece of a path. "." and ".." would climb, nothing would call the collection instead of the item. */
function encoded(value: Json, piece: string, where: string): string {
  const text = textOf(value)
  if (text === null || text === "" || text === "." || text === "..")
    throw new ExpressionError(where, `${piece} gives ${text === null || text === "" ? "nothing" : `"${text}"`}, which makes no path`)
  return encodeURIComponent(text.toWellFormed())
}

/** Something that is known from the configuration alone: `{ secret: token }`, `=config.x`, `https://{config.domain}/`. */
export function setting(expects: string, { secret = false }: { readonly secret?: boolean } = {}): Shape<Setting> {
  return {
    schema: {
      anyOf: [
        { type: ["string", "number", "boolean"] },
        {
          type: "object",
          properties: { secret: { type: "string", description: "Name of a secret of config." } },
          required: ["secret"],
          additionalProperties: false,
        },
      ],
      description: expects,
    },
    expects,
    fits: (node) => node.kind === "scalar" || (node.kind === "map" && node.entries.some((entry) => entry.key === "secret")),
    read: (node, report) => {
      if (node.kind === "map" && node.entries.length === 1 && node.entries[0]?.key === "secret")
        return namedSecret(node.entries[0].value, report)
      if (node.kind !== "scalar" || node.value === null) {
        report.error(node.at, `expected ${expects}, found ${describeNode(node)}`, "write { secret: name }, or =config.name")
        return undefined
      }
      if (isText(node)) return fromText(node, secret, report)
      const literal = node.value
      return { run: () => literal, uses: [], secret: false }
    },
  }
}

function namedSecret(node: Node, report: Report): Setting | undefined {
  if (!isText(node) || !/^[A-Za-z]\w*$/.test(node.value)) {
    report.error(node.at, `expected the name of a secret in config, found ${describeNode(node)}`)
    return undefined
  }
  const name = node.value
  gatheredIn(report).secrets.push({ path: name, at: node.at })
  return { run: (config) => config[name] ?? null, uses: [name], secret: true }
}

function fromText(node: TextNode, secret: boolean, report: Report): Setting | undefined {
  const where = `line ${report.position(node.at).line}`
  const scoped = (run: Value["run"]) => (config: JsonObject) => run({ config })
  if (node.value.startsWith("=")) {
    const expression = expressionIn(node, 1, node.value.length, PLACES.setting, "any", report)
    return expression && { run: scoped(runner(expression, where)), uses: namesOf(expression), secret }
  }
  const pieces = piecesOf(node, PLACES.setting, report)
  if (pieces === undefined) return undefined
  if (secret && pieces.every((piece) => piece.expression === null)) {
    report.conceal(node.at)
    report.warning(node.at, "a secret stands in the manifest itself", "write { secret: name } and let the pipeline hand it in")
  }
  const runs = pieces.map(({ text, expression }) => (expression === null ? () => text : runner(expression, where)))
  return {
    run: (config) => runs.map((run) => textOf(run({ config })) ?? "").join(""),
    uses: pieces.flatMap(({ expression }) => (expression === null ? [] : namesOf(expression))),
    secret,
  }
}

const namesOf = (expression: Expression): readonly string[] =>
  expression.reads.filter(({ root, path }) => root === "config" && path !== "").map(({ path }) => path.split(".")[0] ?? path)
