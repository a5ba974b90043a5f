// What a system really went through between two looks at it: created, changed (with the values it has now), gone.
// The same for both mocks, under ids that stay.
import { isObject, type Json } from "@syncline/connector"
import type { Kind } from "./mock.ts"
import type { Item } from "./people.ts"

export interface Happened {
  readonly kind: "create" | "update" | "delete"
  /** Present id of the item, as its system names it; the former one where it is gone. */
  readonly id: string
  readonly stable: string
  /** Path -> value after; only what changed. */
  readonly changed: Readonly<Record<string, Json>>
}

const OWN = new Set(["id", "contact_id", "created_at", "updated_at", "revision", "field_times", "last_changed"])

export const leaves = (item: Item, path = ""): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    Object.entries(item).flatMap(([key, value]): [string, Json][] => {
      const at = path === "" ? key : `${path}.${key}`
      if (OWN.has(at)) return []
      return isObject(value) ? Object.entries(leaves(value, at)) : [[at, value]]
    }),
  )

const stableOf = (kind: Kind, item: Item): string => String(kind === "crm" ? item["id"] : item["contact_id"])
const blank = (value: Json | undefined): boolean =>
  value === undefined || value === null || value === "" || value === false || (Array.isArray(value) && value.length === 0)
const same = (a: Json | undefined, b: Json | undefined): boolean => (blank(a) && blank(b)) || JSON.stringify(a) === JSON.stringify(b)

export function whatHappened(kind: Kind, before: readonly Item[], after: readonly Item[]): readonly Happened[] {
  const was = new Map(before.map((item) => [stableOf(kind, item), item]))
  const is = new Map(after.map((item) => [stableOf(kind, item), item]))
  const happened: Happened[] = []
  for (const [stable, item] of is) {
    const old = was.get(stable)
    const now = leaves(item)
    const then = old === undefined ? {} : leaves(old)
    const changed = Object.fromEntries(Object.entries(now).filter(([path, value]) => !same(value, then[path])))
    if (old !== undefined && Object.keys(changed).length === 0) continue
    const kindOf = old === undefined ? "create" : item["status"] === "archived" && old["status"] !== "archived" ? "delete" : "update"
    happened.push({ kind: kindOf, id: String(item["id"]), stable, changed: kindOf === "delete" ? {} : changed })
  }
  for (const [stable, item] of was) if (!is.has(stable)) happened.push({ kind: "delete", id: String(item["id"]), stable, changed: {} })
  return happened
}
