// What must hold at every write and every commit, judged the moment it happens.
import type { Changes, Lease } from "@syncline/core"
import type { Effect } from "../system.ts"
import { plain } from "../words.ts"
import type { World } from "../world.ts"

/** A write took effect in a system. */
export function atEffect(world: World, effect: Effect): void {
  const { knowledge } = world
  const { op, row, before, after } = effect
  const system = world.system(row.uid.replace(/\d+$/, ""))
  const intent = knowledge.intents.get(op.ref)
  if (intent === undefined) return
  const place = `${system.name} ${row.uid}`
  const known = knowledge.recordOf.get(row)
  if (effect.kind === "create") {
    const twin = system.live().find((other) => other !== row && knowledge.recordOf.get(other) === intent.recordId)
    if (twin !== undefined) world.violate("I4", `${place} is created for ${intent.recordId}, which has ${twin.uid} there already`)
    knowledge.belongs(row, intent.recordId)
    if (!knowledge.personOf.has(intent.recordId)) knowledge.personOf.set(intent.recordId, row.person)
  } else if (known !== undefined && known !== intent.recordId && (system.shape.id === "opaque" || system.shape.secondary)) {
    world.violate("I1", `${effect.kind} for ${intent.recordId} hits ${place}, which is ${known}'s`)
  }
  if (effect.kind === "delete") judgeDelete(world, effect, intent.recordId)
  if (before === null) return
  for (const field of Object.keys(effect.kind === "delete" ? before.item : op.set)) {
    const lost = before.item[field] ?? null
    if (effect.kind !== "delete" && plain(lost) === plain(after.item[field])) continue
    const told = knowledge.toldAt(system.name, row, field, lost)
    // the engine could not know: it was typed after the last read, into a system that does not compare
    if ((told === null || told > effect.sentAt) && system.shape.guard !== "ifMatch") {
      for (const value of Array.isArray(lost) ? lost : [lost]) knowledge.windowed.add(`${field}/${plain(value)}`)
    }
  }
}

function judgeDelete(world: World, effect: Effect, recordId: string): void {
  if (world.decidedDeletes.has(recordId)) return
  const asked = [...world.systems.values()].some((system) =>
    system.rows.some(
      (row) =>
        (world.knowledge.recordOf.get(row) === recordId || row.person === effect.row.person) &&
        row.versions.some((version) => version.state !== "live" && version.author.by === "user"),
    ),
  )
  if (!asked) world.violate("I6", `${effect.row.uid} is deleted for ${recordId}, and nobody deleted anything of it`)
}

export function atCommit(world: World, changes: Changes, _lease: Lease): void {
  const { records } = world.knowledge
  const made = changes.records.filter((record) => !records.has(record.id))
  for (const record of changes.records) records.set(record.id, record)
  for (const record of made) {
    const email = plain(record.fields["email"])
    const other = [...records.values()].find(
      (candidate) => candidate.id !== record.id && candidate.deleted === null && email !== "" && plain(candidate.fields["email"]) === email,
    )
    if (other !== undefined && record.deleted === null)
      world.violate("I4", `${record.id} is made for ${email}, which ${other.id} has already`)
  }
  for (const link of changes.links) {
    // what vanished before it could be read back is looked at again
    if (link.seen === null || link.rereadAt !== null || link.state === "gone") continue
    const [system = ""] = link.binding.split(".")
    const strange = world.knowledge.wasReturned(system, link.seen)
    if (strange !== null) world.violate("I13", `seen of ${link.id} in ${link.binding} holds ${strange}, which was never returned`)
  }
}
