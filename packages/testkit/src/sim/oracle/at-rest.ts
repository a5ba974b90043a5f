// What must hold once the world is quiet: nothing lost, nothing doubled, everybody agrees or somebody is told why not.
import { equal, LensFailure, type RecordRow } from "@syncline/core"
import type { JsonObject } from "@syncline/connector"
import { presentOf } from "../system.ts"
import { addressOf, plain } from "../words.ts"
import type { World } from "../world.ts"
import { judgeBooks } from "./books.ts"
import { judgeOrigins } from "./origins.ts"
import { bindingsOf, MOST, type Scene, sceneOf } from "./scene.ts"
import { judgeToken } from "./tokens.ts"
import { isTold } from "./told.ts"

export async function atRest(world: World): Promise<void> {
  const scene = await sceneOf(world)
  const { journal, loaded } = scene
  if ((await world.ask(world.store.openIntents(MOST))).some((intent) => !scene.reviews.some((review) => review.linkId === intent.linkId)))
    world.violate("I17", "a write is still open, and nobody is asked about it")
  for (const record of scene.records) judgeRecord(scene, record, null)
  judgeRows(scene)
  judgeHeld(scene)
  judgeWithheld(scene)
  judgeClaims(scene)
  for (const token of world.knowledge.tokens) judgeToken(scene, token)
  judgeBooks(world, journal, loaded.links)
  await world.erasing.scan(world)
}

/** Whether all others agree while one system cannot be reached (I15). */
export async function inStepWithout(world: World, down: string): Promise<void> {
  const scene = await sceneOf(world)
  for (const record of scene.records) {
    // what the other one has to answer first may hold the record as a whole
    const waits = scene.loaded.links.some(
      (link) => link.recordId === record.id && link.binding.startsWith(`${down}.`) && link.owes !== null,
    )
    if (!waits) judgeRecord({ ...scene, withheld: new Set([...scene.withheld, ...putBack(scene)]) }, record, down)
  }
}

/** Whether all that no drifted field touches agrees (I15). */
export async function inStepBesidesDrift(world: World): Promise<void> {
  const scene = await sceneOf(world)
  const drifted = bindingsOf(scene).flatMap((binding) =>
    binding.fields
      .filter(({ reads }) => reads.some((path) => world.system(binding.system).drifts.has(path)))
      .map(({ name }) => `${binding.key}/${name}`),
  )
  const withheld = new Set([...scene.withheld, ...drifted, ...putBack(scene)])
  for (const record of scene.records) judgeRecord({ ...scene, withheld }, record, null)
}

/** What automations put back goes back and forth until it is noticed, however long that takes: it is judged at rest. */
const putBack = (scene: Scene): readonly string[] =>
  bindingsOf(scene).flatMap(({ key }) => (scene.world.twists.automations ?? []).map(({ field }) => `${key}/${field}`))

/** An item in quarantine that nobody could tell whose it is, and that may be the very one: whoever looks at it is told. */
const isBesideRefused = ({ quarantine }: Scene, { fields }: RecordRow, binding: string): boolean =>
  quarantine.some((entry) => entry.linkId === null && entry.binding === binding && addressOf(entry.item) === fields["email"])

/** The item whose loss ended it may be back, in a system that cannot be asked: nothing else of the record goes before that. */
const mayBeBack = ({ loaded }: Scene, { id }: RecordRow, down: string | null): boolean =>
  down !== null &&
  loaded.links.some(
    (link) => link.recordId === id && link.binding.startsWith(`${down}.`) && link.state === "gone" && link.rereadAt !== null,
  )

/** `down`: a system that is left out. */
function judgeRecord(scene: Scene, record: RecordRow, down: string | null): void {
  const { world } = scene
  for (const binding of bindingsOf(scene)) {
    if (binding.system === down) continue
    const links = scene.loaded.links.filter((link) => link.recordId === record.id && link.binding === binding.key)
    if (links.length > 1) world.violate("I4", `${record.id} has ${links.length} links in ${binding.key}`)
    const [link] = links
    const row = link === undefined ? undefined : world.knowledge.rowOf(link)
    const alive = row !== undefined && presentOf(row).state === "live"
    if (isTold(scene, record.id, link ?? null, null)) continue
    // what shows values that nobody can read is not removed
    const hidden = binding.fields.filter(({ name }) => scene.withheld.has(`${binding.key}/${name}`))
    if (link?.owes === "delete" && hidden.length > 0) continue
    // nor marked as deleted in a field that is not as it was
    const marks = binding.onDelete.kind === "archive" ? (binding.onDelete.fields ?? {}) : {}
    if (link?.owes === "archive" && hidden.some(({ reads }) => reads.some((path) => path in marks))) continue
    if (record.deleted !== null) {
      if (link !== undefined && link.remoteId === null)
        world.violate("I5", `${record.id} is deleted, and still to be made in ${binding.key}`)
      if (link !== undefined && link.state !== "gone" && link.state !== "kept" && alive && !mayBeBack(scene, record, down))
        world.violate("I1", `${record.id} was deleted in ${record.deleted.system}, and ${binding.key} still has ${row.uid}`)
      continue
    }
    const belongs = binding.accepts(record.fields, link !== undefined && link.remoteId !== null && link.state !== "gone")
    if (link === undefined || link.remoteId === null || link.state === "gone") {
      // without its key nothing is made that could not be recognised
      if (belongs === true && binding.create && !scene.withheld.has(`${binding.key}/email`) && !isBesideRefused(scene, record, binding.key))
        world.violate("I1", `${record.id} is not in ${binding.key}, and nobody is told`)
      continue
    }
    if (belongs === true && link.state !== "live")
      world.violate("I1", `${record.id} belongs to ${binding.key}, and ${link.remoteId} is ${link.state} there`)
    const isAsked = link.owes === "delete" && scene.reviews.some(({ sides }) => sides.some((side) => side.linkId === link.id))
    if (belongs === false && link.state === "live") {
      if (!isAsked)
        world.violate("I1", `${record.id} does not belong to ${binding.key} any more, and ${link.remoteId} is kept in step there`)
      continue
    }
    if (link.state !== "live") continue
    if (!alive) {
      world.violate("I1", `${record.id} is linked to ${link.remoteId} in ${binding.key}, which is not there`)
      continue
    }
    for (const field of binding.fields) {
      const there = field.get(presentOf(row).item)
      const value = record.fields[field.name] ?? null
      if (
        there instanceof LensFailure ||
        equal(there, value) ||
        // nobody ever wrote it, and nothing there is wiped out for a blank
        (field.direction === "out" && value === null) ||
        plain(there) === plain(value) ||
        scene.withheld.has(`${binding.key}/${field.name}`) ||
        isTold(scene, record.id, link, field.name)
      )
        continue
      world.violate(
        "I1",
        `${record.id}.${field.name} is ${JSON.stringify(value)}, and in ${binding.key} ${row.uid} ${JSON.stringify(there)}`,
      )
    }
  }
}

/** Nobody but the living claims a key, and only one that is his: else others would be taken for him, or be asked about. */
function judgeClaims({ world, loaded, records }: Scene): void {
  for (const claim of loaded.claims) {
    const record = records.find((one) => one.id === claim.recordId)
    const reserved = loaded.intents.some((intent) => intent.recordId === claim.recordId)
    if (record === undefined || reserved || claim.key !== "email") continue
    if (record.deleted !== null || !claim.value.includes(plain(record.fields["email"])))
      world.violate("I4", `${record.id} still claims ${claim.key} ${claim.value}`)
  }
}

/** I15: whoever is held for being refused was refused by himself, and not for another in the same batch. */
function judgeHeld({ world, quarantine }: Scene): void {
  for (const { binding, direction, field, item, reason, remoteId } of quarantine) {
    const system = world.system(binding.split(".")[0] ?? "")
    if (direction !== "out" || !reason.includes("refused")) continue
    // a schema that drifts may be as it was again: whoever is told of it has it tried again
    if (!system.hasRefused(item))
      world.violate(
        "I15",
        `${remoteId ?? "a new item"} in ${binding} is held (${field ?? "as a whole"}: ${reason}), and nothing is wrong with it`,
      )
  }
}

/** A field that is as it was again is held no longer, and nobody had to do anything for that. */
function judgeWithheld({ world, withheld, loaded }: Scene): void {
  // values of strange kinds keep a field held by right
  if (world.extras.hostileWords === true) return
  for (const name of withheld) {
    const [key = "", field = ""] = name.split("/")
    const shows = loaded.links.some((link) => {
      const row = link.binding === key && link.state === "live" ? world.knowledge.rowOf(link) : undefined
      const item =
        row === undefined || presentOf(row).state !== "live" ? {} : world.system(key.split(".")[0] ?? "").shows(presentOf(row).item)
      return (item[PATHS[field] ?? field] ?? null) !== null && link.seen !== null
    })
    if (shows) world.violate("I17", `${field} is still held in ${key}, and items show it as ever`)
  }
}

const PATHS: Readonly<Record<string, string>> = { consent: "stage" }

function judgeRows(scene: Scene): void {
  const { world } = scene
  for (const system of world.systems.values()) {
    for (const row of system.live()) {
      const present = presentOf(row)
      const link = scene.loaded.links.find(
        (candidate) =>
          candidate.binding.startsWith(`${system.name}.`) && candidate.state !== "gone" && world.knowledge.rowOf(candidate) === row,
      )
      const asked = scene.reviews.some((review) => review.binding === `${system.name}.people` && review.remoteId === present.id)
      const held = scene.quarantine.some((entry) => entry.binding === `${system.name}.people` && entry.remoteId === present.id)
      const outside = link === undefined && isOutside(scene, system.name, present.item)
      if (link === undefined && !asked && !held && !outside && !world.erasing.isLeftAlone(row))
        world.violate("I9", `${row.uid} (${present.id}) in ${system.name} is known to nobody`)
      const kin = [...world.systems.values()].flatMap(({ rows }) => rows.filter(({ person }) => person === row.person))
      for (const wrong of judgeOrigins(row, kin, world.knowledge)) world.violate("I3", wrong)
    }
  }
}

/** Whether the filter of its binding has no place for what nobody else has yet. */
function isOutside(scene: Scene, system: string, item: JsonObject): boolean {
  const binding = bindingsOf(scene).find((one) => one.system === system)
  if (binding === undefined) return false
  const fields = binding.fields.flatMap((field) => {
    // what is only written there says nothing about the item to a filter
    if (field.direction === "out") return []
    const value = field.get(item)
    return value instanceof LensFailure ? [] : [[field.name, value] as const]
  })
  return binding.accepts(Object.fromEntries(fields), true) === false
}
