// How many links a place has in each state, without reading the links: nearly all are live and have an item, so the index
// of items is counted and corrected by the index of those few that are not so.
import type { LinkState } from "@syncline/core/model"
import type { Base } from "./base.ts"
import { stateOf } from "./link-row.ts"

export interface LinkCounts {
  readonly states: Readonly<Record<LinkState, number>>
  /** Live links with an item. */
  readonly linked: number
}

/** By the number of the place. */
export function openLinkCounts({ db }: Base): () => ReadonlyMap<number, LinkCounts> {
  const items = db.prepare<[], { readonly place: number; readonly count: number }>(
    "SELECT place, count(*) AS count FROM link INDEXED BY link_remote WHERE remote_id IS NOT NULL GROUP BY place",
  )
  const odd = db.prepare<[], { readonly place: number; readonly state: number; readonly count: number; readonly items: number }>(`
    SELECT place, state, count(*) AS count, total(remote_id IS NOT NULL) AS items FROM link INDEXED BY link_odd
    WHERE state <> 0 OR remote_id IS NULL GROUP BY place, state`)

  return () => {
    const counts = new Map<number, { states: Record<LinkState, number>; linked: number }>()
    const at = (place: number) => {
      const found = counts.get(place) ?? { states: { live: 0, parked: 0, kept: 0, gone: 0 }, linked: 0 }
      counts.set(place, found)
      return found
    }
    for (const { place, count } of items.all()) at(place).linked = count
    for (const row of odd.all()) {
      const found = at(row.place)
      found.linked -= row.items
      found.states[stateOf(row.state)] += row.count
    }
    // Of the live links, the index of the odd holds only those without an item.
    for (const found of counts.values()) found.states.live += found.linked
    return counts
  }
}
