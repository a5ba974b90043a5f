// Form fields. Objects nest as `address[city]`, lists of texts repeat their name, lists of objects are numbered `items[0][sku]`.
// Reading takes all of that, and `name[]`; a name that comes once is a text, more often a list.
import { isObject, type Json, type JsonObject } from "../../json.ts"

export const encodeForm = (body: Json): string => {
  const pairs = new URLSearchParams()
  for (const [name, value] of Object.entries(isObject(body) ? body : {})) append(pairs, name, value)
  return pairs.toString()
}

const append = (pairs: URLSearchParams, name: string, value: Json): void => {
  if (Array.isArray(value)) {
    const plain = value.every((each: Json) => typeof each !== "object" || each === null)
    value.forEach((each: Json, index) => append(pairs, plain ? name : `${name}[${index}]`, each))
  } else if (isObject(value)) for (const [inner, each] of Object.entries(value)) append(pairs, `${name}[${inner}]`, each)
  else pairs.append(name, value === null ? "" : String(value))
}

/** Deeper names are kept as they are. */
const MAX_DEPTH = 10

export const decodeForm = (text: string): JsonObject => {
  const tree = new Map<string, Node>()
  for (const [name, value] of new URLSearchParams(text)) place(tree, partsOf(name), value)
  return objectOf(tree)
}

type Node = Map<string, Node> | string[]

const partsOf = (name: string): string[] => {
  const [, first, rest] = /^([^[\]]+)((?:\[[^[\]]*\])+)$/.exec(name) ?? []
  if (first === undefined || rest === undefined) return [name]
  const inner = rest.slice(1, -1).split("][")
  return inner.length >= MAX_DEPTH ? [name] : [first, ...inner]
}

const place = (tree: Map<string, Node>, [first = "", ...rest]: readonly string[], value: string): void => {
  const known = tree.get(first)
  // `name[]` is one more of `name`
  if (rest.length === 0 || (rest.length === 1 && rest[0] === "")) {
    if (known instanceof Map) return
    tree.set(first, [...(known ?? []), value])
    return
  }
  const branch = known instanceof Map ? known : new Map<string, Node>()
  tree.set(first, branch)
  place(branch, rest, value)
}

const objectOf = (tree: ReadonlyMap<string, Node>): JsonObject =>
  Object.fromEntries([...tree].filter(([name]) => name !== "__proto__").map(([name, node]) => [name, valueOf(node)]))

const valueOf = (node: Node): Json => {
  if (!(node instanceof Map)) return node.length === 1 ? (node[0] ?? "") : node
  const numbered = [...node.keys()].every((name, index) => name === String(index))
  return numbered ? [...node.values()].map(valueOf) : objectOf(node)
}
