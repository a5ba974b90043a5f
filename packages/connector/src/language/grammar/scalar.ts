// Shapes of single values: texts, numbers, yes or no, and names out of a list.
import type { JsonObject } from "../../json.ts"
import { describeNode, type Node, type ScalarNode } from "../text/node.ts"
import { didYouMean } from "../text/nearest.ts"
import type { Located, Shape } from "./shape.ts"

export interface Text extends Located<string> {
  readonly node: ScalarNode
}

export interface TextOptions {
  readonly expects: string
  readonly pattern?: RegExp
  readonly examples?: readonly string[]
}

export function text(options: TextOptions): Shape<Text> {
  const schema: JsonObject = {
    type: "string",
    minLength: 1,
    ...(options.pattern === undefined ? {} : { pattern: options.pattern.source }),
    ...(options.examples === undefined ? {} : { examples: [...options.examples] }),
  }
  return {
    schema,
    expects: options.expects,
    fits: (node) => node.kind === "scalar" && node.value !== null,
    read: (node, report) => {
      if (node.kind !== "scalar" || node.value === null || node.value === "") {
        report.error(
          node.at,
          `expected ${options.expects}, found ${node.kind === "scalar" && node.value === "" ? "an empty text" : describeNode(node)}`,
        )
        return undefined
      }
      if (typeof node.value !== "string") {
        report.error(node.at, `expected ${options.expects}, found ${describeNode(node)}`, `write it in quotes: "${String(node.value)}"`)
        return undefined
      }
      if (options.pattern !== undefined && !options.pattern.test(node.value)) {
        report.error(node.at, `expected ${options.expects}, found ${describeNode(node)}`)
        return undefined
      }
      return { value: node.value, at: node.at, node }
    },
  }
}

export function whole(options: { readonly expects: string; readonly min: number; readonly max?: number }): Shape<Located<number>> {
  return numberShape("integer", options)
}

export function decimal(options: { readonly expects: string; readonly min: number; readonly max?: number }): Shape<Located<number>> {
  return numberShape("number", options)
}

function numberShape(type: "integer" | "number", options: { expects: string; min: number; max?: number }): Shape<Located<number>> {
  return {
    schema: { type, minimum: options.min, ...(options.max === undefined ? {} : { maximum: options.max }) },
    expects: options.expects,
    fits: (node) => node.kind === "scalar" && typeof node.value === "number",
    read: (node, report) => {
      const value = node.kind === "scalar" ? node.value : null
      const good =
        typeof value === "number" &&
        Number.isFinite(value) &&
        (type === "number" || Number.isInteger(value)) &&
        value >= options.min &&
        value <= (options.max ?? Number.MAX_SAFE_INTEGER)
      if (good) return { value, at: node.at }
      const quoted = typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))
      report.error(node.at, `expected ${options.expects}, found ${describeNode(node)}`, quoted ? "write it without quotes" : null)
      return undefined
    },
  }
}

export function yesNo(): Shape<Located<boolean>> {
  return {
    schema: { type: "boolean" },
    expects: "true or false",
    fits: (node) => node.kind === "scalar" && typeof node.value === "boolean",
    read: (node, report) => {
      if (node.kind === "scalar" && typeof node.value === "boolean") return { value: node.value, at: node.at }
      const word = node.kind === "scalar" ? String(node.value).toLowerCase() : ""
      const hint = ["yes", "on", "true"].includes(word)
        ? "did you mean true?"
        : ["no", "off", "false"].includes(word)
          ? "did you mean false?"
          : null
      report.error(node.at, `expected true or false, found ${describeNode(node)}`, hint)
      return undefined
    },
  }
}

/** One word out of a fixed list. `what` names it in messages: `unknown direction "inn"`. */
export function word<const W extends string>(what: string, words: readonly W[]): Shape<Located<W>> {
  return {
    schema: { enum: [...words] },
    expects: words.join(" or "),
    fits: (node) => node.kind === "scalar" && typeof node.value === "string",
    read: (node, report) => {
      const found = node.kind === "scalar" ? words.find((candidate) => candidate === node.value) : undefined
      if (found !== undefined) return { value: found, at: node.at }
      if (node.kind === "scalar" && typeof node.value === "string")
        report.error(node.at, `unknown ${what} ${describeNode(node)}`, didYouMean(node.value, words))
      else report.error(node.at, `expected ${words.join(" or ")}, found ${describeNode(node)}`)
      return undefined
    },
  }
}

/** A number that must be this one: the version of the format. */
export function exactly(value: number, expects: string): Shape<Located<number>> {
  return {
    schema: { const: value },
    expects,
    fits: (node) => node.kind === "scalar",
    read: (node, report) => {
      if (node.kind === "scalar" && node.value === value) return { value, at: node.at }
      const quoted = node.kind === "scalar" && node.value === String(value)
      report.error(
        node.at,
        `must be ${expects}, found ${describeNode(node)}`,
        quoted ? "write it without quotes" : `this version of Syncline reads version ${value} only`,
      )
      return undefined
    },
  }
}

/** Any single value: text, number, true, false, null. */
export function scalar(expects: string): Shape<Located<string | number | boolean | null>> {
  return {
    schema: { type: ["string", "number", "boolean", "null"] },
    expects,
    fits: (node) => node.kind === "scalar",
    read: (node, report) => {
      if (node.kind === "scalar") return { value: node.value, at: node.at }
      report.error(node.at, `expected ${expects}, found ${describeNode(node)}`)
      return undefined
    },
  }
}

/** Whatever stands there, as a located node: for parts that are read against somebody else's schema. */
export function anything(expects: string, schema: JsonObject, fits: (node: Node) => boolean): Shape<Node> {
  return {
    schema,
    expects,
    fits,
    read: (node, report) => {
      if (fits(node)) return node
      report.error(node.at, `expected ${expects}, found ${describeNode(node)}`)
      return undefined
    },
  }
}
