// Whether an edit stands, and whether the engine could know of it when it sent something. Judged from the history.
import { isBlank, type Json } from "@syncline/core"
import { type Effect, presentOf, type Row } from "../system.ts"
import { plain } from "../words.ts"
import type { World } from "../world.ts"

export interface Edit {
  readonly path: string
  readonly value: Json | undefined
}

/** Whether it is there still. One that a user took back by hand left no word: the item is as our last write left it. */
export function stands(row: Row, { path, value }: Edit): boolean {
  const present = plain(presentOf(row).item[path])
  const left = row.versions.findLast(({ author, state }) => author.by === "engine" && state === "live")
  return present === plain(value) && present !== plain(left?.item[path])
}

/** Whether the engine was shown an edit before it sent something; a system that compares is asked to see to the rest. */
export function isKnown(world: World, row: Row, { path, value }: Edit, sentAt: number): boolean {
  const { name, shape } = world.system(row.uid.replace(/\d+$/, ""))
  const told = world.knowledge.toldAt(name, row, path, value ?? null)
  return shape.guard === "ifMatch" || (told !== null && told <= sentAt)
}

/**
 * A user cleared again what a write of ours had brought to a blank field, before any answer of the system showed it. The write
 * was taken and the field is as blank as before: a system that leaves a field out looks the same, and the journal says so.
 */
export function wasClearedUnseen(world: World, { row, before, after, at }: Effect, { path, value }: Edit, until: number): boolean {
  const brought = after.item[path] ?? null
  if (!isBlank(value ?? null) || !isBlank(before?.item[path] ?? null) || isBlank(brought)) return false
  const cleared = row.versions.some((one) => one.author.by === "user" && one.since >= at && isBlank(one.item[path] ?? null))
  const shown = world.knowledge.toldAt(row.uid.replace(/\d+$/, ""), row, path, brought)
  return cleared && (shown === null || shown > until)
}
