// Whether two writes were about one item. In: writes that took effect, and what they were meant for. Out: what can be told by
// ids and names, where ids may change.
import type { Intent } from "@syncline/core"
import type { Effect, Row } from "../system.ts"
import type { World } from "../world.ts"

/**
 * Whether a write hit the item that `intent` is about. Where an item is known by its address alone and two changed places, or
 * one took another's before anybody looked, it is whatever stands under the link's id, and nobody can tell that it was another.
 */
export function isOneItem(world: World, row: Row, { linkId, remoteId }: Intent, effect: Effect): boolean {
  if (effect.row === row) return true
  const took = hasNoStableName(world, row) && effect.after.id === remoteId
  return (took || world.knowledge.blurred.has(row.person)) && world.knowledge.intents.get(effect.op.ref)?.linkId === linkId
}

/** Its id is made from its address, and it has no other name. */
export function hasNoStableName(world: World, row: Row): boolean {
  const { shape } = world.system(row.uid.replace(/\d+$/, ""))
  return shape.id === "address" && !shape.secondary
}
