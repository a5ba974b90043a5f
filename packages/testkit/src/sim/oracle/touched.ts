// What people did to the items of a record since a run wrote there. In: the hidden history. Out: whether anybody touched what an
// undo of that run would take back.
import { canonicalText, type Intent, type Json } from "@syncline/core"
import { type Effect, presentOf, type Row } from "../system.ts"
import { plain } from "../words.ts"
import type { World } from "../world.ts"
import { type Edit, isKnown, stands, wasClearedUnseen } from "./known-edits.ts"

/** Where versions do not order, what was shown in a page counts once a lookup has confirmed it, in a later pass perhaps. */
const CONFIRMED_WITHIN_MS = 120_000

/** What users changed in a row from a time on. */
const editsSince = (world: World, row: Row, since: number): readonly Edit[] =>
  row.versions.flatMap((version, at) => {
    const before = row.versions[at - 1]
    if (version.author.by !== "user" || version.since < since || before === undefined || world.time.now < since) return []
    return Object.entries(version.item)
      .filter(([path, value]) => plain(value) !== plain(before.item[path]))
      .map(([path, value]) => ({ path, value }))
  })

/** Whether the engine was shown, before it sent something, that a user edited what it had made. */
export const wasEdited = (world: World, made: Effect, sentAt: number): boolean =>
  editsSince(world, made.row, made.at).some(
    (edit) =>
      stands(made.row, edit) &&
      isKnown(world, made.row, edit, sentAt) &&
      !wasClearedUnseen(world, made, edit, sentAt) &&
      isMappedSince(world, made, edit.path, sentAt),
  )

/**
 * Whether the pipeline read that field of the system at any time since the item was made: what nobody mapped is no part of what
 * is kept of an item, and is not looked at when it goes.
 */
const isMappedSince = (world: World, { row, at }: Effect, path: string, until: number): boolean =>
  world
    .pipelinesWithin(at, until)
    .some(({ entities }) =>
      entities
        .flatMap(({ bindings }) => bindings)
        .some(({ system, fields }) => system === row.uid.replace(/\d+$/, "") && fields.some(({ reads }) => reads.includes(path))),
    )

const rowsOf = (world: World, recordId: string): readonly Row[] =>
  [...world.systems.values()].flatMap(({ rows }) => rows.filter((row) => world.knowledge.ownersOf(row).has(recordId)))

/**
 * Whether a user of that system put an item there again for the record by hand, or had one there that came to stand for it since:
 * the undo's word is no longer the last.
 */
export const addedSince = (world: World, { row }: Effect, recordId: string, since: number): boolean =>
  world.system(row.uid.replace(/\d+$/, "")).rows.some((one) => {
    const [first] = one.versions
    if (one === row || first?.author.by !== "user" || !world.knowledge.ownersOf(one).has(recordId)) return false
    return first.since >= since || world.knowledge.ownerAt(one, since) !== recordId
  })

export const editedSince = (world: World, recordId: string, path: string, since: number): boolean =>
  rowsOf(world, recordId).some((row) => editsSince(world, row, since).some((edit) => edit.path === path))

/** Whether anybody did anything to a field of a record that its systems did not know when the run wrote it. */
export function wasTouched(world: World, effect: Effect, intent: Intent, path: string): boolean {
  const now = presentOf(effect.row)
  if (now.state !== "live" || !same(now.item[path], effect.after.item[path])) return true
  return rowsOf(world, intent.recordId).some((row) => {
    const system = world.system(row.uid.replace(/\d+$/, ""))
    // a rewriting that was not declared looks like an edit
    if (!system.shape.declares && path in system.shape.normalises) return true
    if (path in (system.shape.rewrites ?? {})) return true
    const since = intent.openedAt - CONFIRMED_WITHIN_MS - system.shape.lagDelta
    return row.versions.some((version, at) => {
      if (same(version.item[path], row.versions[at - 1]?.item[path]) || version === effect.after) return false
      if (version.since >= since) return true
      const told = world.knowledge.toldAt(system.name, row, path, version.item[path] ?? null)
      return told === null || told >= since
    })
  })
}

export const same = (a: Json | undefined, b: Json | undefined): boolean => canonicalText(a ?? null) === canonicalText(b ?? null)
