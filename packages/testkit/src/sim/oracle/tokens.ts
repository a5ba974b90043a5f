// I2: what a person typed is live, or was overwritten by somebody who had seen it, or lost by a policy that said so, or is
// kept where somebody is told. In: the world at rest and one token. Out: violations.
import type { Token } from "../knowledge.ts"
import { presentOf, type Row } from "../system.ts"
import { plain } from "../words.ts"
import { bindingsOf, type Scene } from "./scene.ts"
import { isTold } from "./told.ts"

export function judgeToken(scene: Scene, token: Token): void {
  const { world } = scene
  const { value, field } = token
  const journal = [...scene.journal, ...world.past.journal]
  if (value === "") return
  if (world.knowledge.blurred.has(token.row.person)) return
  // whoever is forgotten is forgotten with all that they said
  if (world.erasing.isOf(world, token.row) || world.erasing.wasSaid(field, value)) return
  const name = `${field}/${value}`
  if (world.knowledge.replaced.has(name) || world.knowledge.windowed.has(name)) return
  const rows = [...world.systems.values()].flatMap((system) => system.rows)
  const shows = (row: Row): boolean => plain(presentOf(row).item[field]) === value
  // still there, or gone with its item by the hand of a user who saw it
  if (rows.some((row) => (shows(row) && presentOf(row).state === "live") || endedWith(row, field, value))) return
  const sides = [...scene.reviews, ...[...scene.closed, ...world.past.reviews].filter((review) => review.status === "resolved")]
  if (
    sides.some(
      (review) =>
        review.sides.some((side) => plain(side.value) === value || holds(side.value, field, value)) || holds(review.item, field, value),
    )
  )
    return
  if (scene.quarantine.some((entry) => holds(entry.item, field, value))) return
  if (isKeptBack(scene, token) || hasLeft(scene, token)) return
  if (
    journal.some((row) =>
      row.changes.some(
        (change) =>
          change.field === field &&
          ((change.lost !== undefined && plain(change.lost) === value) ||
            // what is only written there was never taken in: the write itself says what it went over
            (row.kind === "updated" && plain(change.before) === value && isOut(scene, row, field))),
      ),
    )
  )
    return
  const recordId = world.knowledge.recordOf.get(token.row)
  const owners = world.knowledge.ownersOf(token.row)
  const ruled =
    [...owners].some((owner) => world.decidedDeletes.has(owner)) ||
    journal.some(
      (row) => row.recordId !== null && owners.has(row.recordId) && row.kind === "conflict" && row.note?.startsWith("delete wins") === true,
    )
  if (ruled || [...owners].some((owner) => world.removedUnknown(owner)) || wentUnmapped(scene, token, owners)) return
  world.violate(
    "I2",
    `${field} ${JSON.stringify(value)}, typed in ${token.system} into ${token.row.uid} (${recordId ?? "no record"}), is lost without a word`,
  )
}

/** The record has it, and somebody is told why an item that would show it is not made, or is not written to. */
const isKeptBack = (scene: Scene, { row, field, value }: Token): boolean =>
  scene.records.some(
    ({ id, deleted, fields }) =>
      deleted === null &&
      plain(fields[field]) === value &&
      scene.world.knowledge.ownersOf(row).has(id) &&
      scene.loaded.links.some(
        (link) =>
          link.recordId === id &&
          (link.remoteId === null || link.state === "gone" || field in link.owed) &&
          (isTold(scene, null, link, field) || scene.withheld.has(`${link.binding}/${field}`)),
      ),
  )

/**
 * The item left a filter that removes what leaves. It took along what was not mapped there; or its record lives and has the
 * value, and the pipeline names no place to show it.
 */
const hasLeft = (scene: Scene, { row, field, value, system }: Token): boolean => {
  const { world } = scene
  const { author, since } = presentOf(row)
  if (author.by !== "engine" || !world.leaving.has(author.op.ref)) return false
  const then = world.pipelineAt(since).entities.flatMap((entity) => entity.bindings)
  return (
    then.every((binding) => binding.system !== system || binding.field(field) === undefined) ||
    scene.records.some(
      ({ id, deleted, fields }) =>
        deleted === null &&
        plain(fields[field]) === value &&
        world.knowledge.ownersOf(row).has(id) &&
        bindingsOf(scene).every((binding) => binding.field(field) === undefined || binding.accepts(fields, false) === false),
    )
  )
}

/** It went with its record, which was deleted where nobody was to see it: where it was typed, or there, the field was not mapped. */
const wentUnmapped = ({ world, journal, records }: Scene, token: Token, owners: ReadonlySet<string>): boolean =>
  world.formerly.length > 0 &&
  [...journal, ...world.past.journal].some(({ kind, recordId, at, note }) => {
    const record = kind === "deleted" && recordId !== null && owners.has(recordId) ? records.find(({ id }) => id === recordId) : undefined
    if (record === undefined) return false
    // one that lives again has other items by now, and only what was typed before went with the former ones
    const ended = record.deleted?.system ?? (token.at <= at ? /^deleted in ([^:]+):/.exec(note ?? "")?.[1] : undefined)
    const places = [...(ended === undefined ? [] : [ended]), token.system]
    const bindings = world.pipelineAt(at).entities.flatMap((entity) => entity.bindings)
    return bindings.some((binding) => places.includes(binding.system) && binding.field(token.field) === undefined)
  })

/** As it was mapped then. */
const isOut = ({ world }: Scene, { binding, at }: Scene["journal"][number], field: string): boolean =>
  world
    .pipelineAt(at)
    .entities.flatMap((entity) => entity.bindings)
    .find(({ key }) => key === binding)
    ?.field(field)?.direction === "out"

const holds = (item: unknown, field: string, value: string): boolean =>
  typeof item === "object" && item !== null && !Array.isArray(item) && plain((item as Record<string, string>)[field]) === value

/** Whether a user deleted the row while it showed this value. */
const endedWith = (row: Row, field: string, value: string): boolean =>
  row.versions.some((version) => version.state !== "live" && version.author.by === "user" && plain(version.item[field]) === value)
