// Under which id a row is known: one of its own, one made from its address, or one that others had before. And who answers for
// it once it went into another.
import type { JsonObject } from "@syncline/connector"
import { presentOf, type Row, type Version } from "./row.ts"
import type { Shape } from "./shape.ts"

export function addressId(uid: string, item: JsonObject): string {
  const email = item["email"]
  return `h-${typeof email === "string" ? email.trim().toLowerCase() : uid}`
}

export function idFor({ shape, rows }: { readonly shape: Shape; readonly rows: readonly Row[] }, row: Row, item: JsonObject): string {
  if (shape.id === "address") return addressId(row.uid, item)
  if (shape.reuses !== true) return row.uid
  const taken = new Set(rows.filter((other) => other !== row && other.versions.at(-1)?.state !== "gone").map(idOf))
  const own = idOf(row)
  if (own !== undefined && !taken.has(own)) return own
  let n = 1
  while (taken.has(`r${n}`)) n++
  return `r${n}`
}

const idOf = (row: Row): string | undefined => row.versions.at(-1)?.id

/** Whoever an item that was merged is part of now; null: nobody, or nobody who is there. */
export function heirOf({ into }: Version): Row | null {
  if (into === undefined) return null
  const now = presentOf(into)
  return now.state === "live" ? into : heirOf(now)
}
