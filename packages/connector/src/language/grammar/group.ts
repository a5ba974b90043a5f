// Shapes made of shapes: objects with known keys, objects with free keys, lists, alternatives.
import type { JsonObject } from "../../json.ts"
import type { Report, Span } from "../text/diagnostic.ts"
import { describeNode, type MapNode, type Node } from "../text/node.ts"
import { didYouMean, nearest } from "../text/nearest.ts"
import type { Shape } from "./shape.ts"

export interface Field<T> {
  readonly shape: Shape<T>
  readonly doc: string
  readonly required: boolean
}
export const required = <T>(shape: Shape<T>, doc: string): Field<T> => ({ shape, doc, required: true })
export const optional = <T>(shape: Shape<T>, doc: string): Field<T> => ({ shape, doc, required: false })

export type Read<F> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T | undefined : never }
/** Every part may be missing: what could not be read has been reported, and the rest is still worth checking. */
export interface Block<F> {
  readonly at: Span
  readonly node: MapNode
  readonly fields: Read<F>
}

type Fields = Readonly<Record<string, Field<unknown>>>

export function object<const F extends Fields>(what: string, doc: string, fields: F, extra: JsonObject = {}): Shape<Block<F>> {
  const names = Object.keys(fields)
  const needed = names.filter((name) => fields[name]?.required === true)
  return {
    schema: {
      type: "object",
      description: doc,
      properties: Object.fromEntries(names.map((name) => [name, described(fields[name] as Field<unknown>)])),
      ...(needed.length > 0 ? { required: needed } : {}),
      additionalProperties: false,
      ...extra,
    },
    expects: `${what} (a mapping with ${names.join(", ")})`,
    fits: (node) => node.kind === "map",
    read: (node, report) => {
      if (node.kind !== "map") {
        report.error(node.at, `expected ${what} as a mapping, found ${describeNode(node)}`, `it has the keys: ${names.join(", ")}`)
        return undefined
      }
      const values: Record<string, unknown> = {}
      const present = new Set<string>()
      const misspelt = new Set<string>()
      for (const entry of node.entries) {
        const field = Object.hasOwn(fields, entry.key) ? fields[entry.key] : undefined
        if (field === undefined) {
          const left = names.filter((name) => !node.entries.some((other) => other.key === name))
          report.error(entry.keyAt, `unknown key "${entry.key}" in ${what}`, didYouMean(entry.key, left.length > 0 ? left : names))
          misspelt.add(nearest(entry.key, left) ?? "")
          continue
        }
        present.add(entry.key)
        values[entry.key] = field.shape.read(entry.value, report)
      }
      for (const name of needed) {
        // A key that is merely misspelt has been reported with this name as the hint.
        if (present.has(name) || misspelt.has(name)) continue
        const { shape, doc } = fields[name] as Field<unknown>
        const compound = shape.schema["type"] === "object" || shape.schema["type"] === "array"
        report.error(
          headOf(node),
          `${what} lacks "${name}"`,
          compound ? `add ${name}: ${doc.charAt(0).toLowerCase()}${doc.slice(1).replace(/\.$/, "")}` : `add ${name}: ${shape.expects}`,
        )
      }
      // Each value was read by the shape that `Read<F>` takes its type from.
      return { at: node.at, node, fields: values as Read<F> }
    },
  }
}

const described = (field: Field<unknown>): JsonObject => ({ ...field.shape.schema, description: field.doc })

/** The first key of a mapping stands for it, so that carets do not run over the whole block. */
const headOf = (node: MapNode): Span => node.entries[0]?.keyAt ?? node.at

export interface Item<T> {
  readonly key: string
  readonly keyAt: Span
  readonly value: T | undefined
}

export interface RecordOptions {
  readonly what: string
  readonly doc: string
  /** What a key must look like, and that in words. */
  readonly key: { readonly pattern: RegExp; readonly expects: string }
  readonly min?: number
}

export function record<T>(of: Shape<T>, options: RecordOptions): Shape<readonly Item<T>[]> {
  return {
    schema: {
      type: "object",
      description: options.doc,
      propertyNames: { pattern: options.key.pattern.source },
      additionalProperties: of.schema,
      ...(options.min === undefined ? {} : { minProperties: options.min }),
    },
    expects: options.what,
    fits: (node) => node.kind === "map",
    read: (node, report) => {
      if (node.kind !== "map") {
        report.error(node.at, `expected ${options.what} as a mapping, found ${describeNode(node)}`)
        return undefined
      }
      if (node.entries.length < (options.min ?? 0)) report.error(node.at, `expected at least one entry in ${options.what}`)
      const items: Item<T>[] = []
      for (const entry of node.entries) {
        const good = options.key.pattern.test(entry.key)
        if (!good) report.error(entry.keyAt, `"${entry.key}" is not ${options.key.expects}`)
        const value = of.read(entry.value, report)
        if (good) items.push({ key: entry.key, keyAt: entry.keyAt, value })
      }
      return items
    },
  }
}

export interface List<T> {
  readonly at: Span
  readonly items: readonly T[]
}

export function list<T>(of: Shape<T>, options: { readonly expects: string; readonly min?: number }): Shape<List<T>> {
  const min = options.min ?? 0
  return {
    schema: { type: "array", items: of.schema, ...(min > 0 ? { minItems: min } : {}) },
    expects: options.expects,
    fits: (node) => node.kind === "list",
    read: (node, report) => {
      if (node.kind !== "list") {
        report.error(
          node.at,
          `expected ${options.expects}, found ${describeNode(node)}`,
          node.kind === "scalar" && of.fits(node) ? `write it in brackets: [${String(node.value)}]` : null,
        )
        return undefined
      }
      if (node.items.length < min) report.error(node.at, `expected ${options.expects}, found an empty list`)
      const items: T[] = []
      for (const item of node.items) {
        const value = of.read(item, report)
        if (value !== undefined) items.push(value)
      }
      return { at: node.at, items }
    },
  }
}

/** The first alternative that is written like the node reads it; so order them from the most to the least particular. */
export function either<T>(expects: string, alternatives: readonly Shape<T>[]): Shape<T> {
  return {
    schema: { anyOf: alternatives.map((alternative) => alternative.schema) },
    expects,
    fits: (node) => alternatives.some((alternative) => alternative.fits(node)),
    read: (node, report) => {
      const chosen = alternatives.find((alternative) => alternative.fits(node))
      if (chosen !== undefined) return chosen.read(node, report)
      report.error(node.at, `expected ${expects}, found ${describeNode(node)}`)
      return undefined
    },
  }
}

/** The same notation, another value. */
export function as<A, B>(shape: Shape<A>, change: (value: A, report: Report, node: Node) => B | undefined): Shape<B> {
  return {
    schema: shape.schema,
    expects: shape.expects,
    fits: shape.fits,
    read: (node, report) => {
      const value = shape.read(node, report)
      return value === undefined ? undefined : change(value, report, node)
    },
  }
}

/** An alternative that is chosen by one of its keys. */
export function keyed<T>(shape: Shape<T>, keys: readonly string[]): Shape<T> {
  return { ...shape, fits: (node) => node.kind === "map" && node.entries.some((entry) => keys.includes(entry.key)) }
}
