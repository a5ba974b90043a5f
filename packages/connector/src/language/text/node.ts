// A YAML document as plain located nodes: what the grammar reads. Aliases are followed, every part knows its place.
import type { Json } from "../../json.ts"
import type { Span } from "./diagnostic.ts"

export interface Entry {
  readonly key: string
  readonly keyAt: Span
  readonly value: Node
}
export interface MapNode {
  readonly kind: "map"
  readonly at: Span
  readonly entries: readonly Entry[]
}
export interface ListNode {
  readonly kind: "list"
  readonly at: Span
  readonly items: readonly Node[]
}
export interface ScalarNode {
  readonly kind: "scalar"
  readonly at: Span
  readonly value: string | number | boolean | null
  /** Offsets in the file of each character of a text, where the two can be matched. */
  readonly locate: (start: number, end: number) => Span
}
export type Node = MapNode | ListNode | ScalarNode

export const entryOf = (node: Node | undefined, key: string): Entry | undefined =>
  node?.kind === "map" ? node.entries.find((entry) => entry.key === key) : undefined

/** The node at a JSON pointer's segments, or the deepest one on the way there. */
export function nodeAt(node: Node, segments: readonly string[]): Node {
  let here = node
  for (const segment of segments) {
    const next = here.kind === "map" ? entryOf(here, segment)?.value : here.kind === "list" ? here.items[Number(segment)] : undefined
    if (next === undefined) return here
    here = next
  }
  return here
}

export function toJson(node: Node): Json {
  if (node.kind === "scalar") return node.value
  if (node.kind === "list") return node.items.map(toJson)
  const object: Record<string, Json> = Object.create(null) as Record<string, Json>
  for (const entry of node.entries) object[entry.key] = toJson(entry.value)
  // A null prototype while filling, so that a key `__proto__` is a key; then an ordinary object for libraries.
  return Object.fromEntries(Object.entries(object))
}

/** What a node is, in the words of a message. */
export function describeNode(node: Node): string {
  if (node.kind !== "scalar") return node.kind === "map" ? "a mapping" : "a list"
  if (node.value === null) return "nothing"
  if (typeof node.value !== "string") return `${typeof node.value === "number" ? "the number" : ""} ${String(node.value)}`.trim()
  return `"${node.value.length > 40 ? `${node.value.slice(0, 39)}…` : node.value}"`
}
