// Fills in the lists that items do not carry themselves: who they belong to, what they are tagged with. Enters a page's
// changes, leaves the same with those fields; an edge that cannot be read fails the page, for a list that is not there would
// read as one that was emptied.
import type { CallOptions, Change } from "../../contract.ts"
import type { Json } from "../../json.ts"
import { canonicalText, withValues } from "../../value/index.ts"
import type { EdgeRead, EdgeSpec, Enrich, Opened, Scope } from "../spec/index.ts"
import { severalAtOnce } from "../write/several-at-once.ts"
import { readAll } from "./read-all.ts"

type Upsert = Extract<Change, { kind: "upsert" }>

export const enrich: Enrich = async (opened, plan, changes, options = {}) => {
  let result = changes
  for (const edge of plan.edges) if (edge.read !== null) result = await withEdge(opened, edge, edge.read, result, options)
  return result
}

const withEdge = async (
  opened: Opened,
  edge: EdgeSpec,
  read: EdgeRead,
  changes: readonly Change[],
  options: CallOptions,
): Promise<Change[]> => {
  const owners = changes.filter((change): change is Upsert => change.kind === "upsert")
  const portions: Upsert[][] = []
  for (let at = 0; at < owners.length; at += read.max) portions.push(owners.slice(at, at + read.max))
  const found = new Map<string, Json[]>()
  await severalAtOnce(portions, async (portion) => {
    for (const [owner, values] of await readPortion(opened, read, portion, options)) found.set(owner, values)
  })
  return changes.map((change) =>
    change.kind === "upsert" ? { ...change, item: withValues(change.item, { [edge.field]: found.get(change.id) ?? [] }) } : change,
  )
}

/** Owner -> its values, each once, in their order. */
const readPortion = async (
  opened: Opened,
  read: EdgeRead,
  portion: readonly Upsert[],
  options: CallOptions,
): Promise<ReadonlyMap<string, Json[]>> => {
  const ids = portion.map(({ id }) => id)
  const names: Scope = { owner: ids[0] ?? null, owners: ids, rec: portion[0]?.item ?? null, config: opened.config }
  const values = new Map<string, Map<string, Json>>(ids.map((id) => [id, new Map<string, Json>()]))
  for (const element of await readAll(opened, read, names, options)) {
    const scope: Scope = { ...names, edge: element }
    if (read.keep !== null && !read.keep.run(scope)) continue
    const owner = read.owner === null ? ids[0] : textOf(read.owner.run(scope))
    const list = owner === undefined ? undefined : values.get(owner)
    for (const value of [read.value.run(scope)].flat()) if (value !== null) list?.set(canonicalText(value), value)
  }
  return new Map([...values].map(([owner, list]) => [owner, [...list.values()]]))
}

const textOf = (value: Json): string | undefined =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined
