// What must hold at every write and every commit, judged the moment it happens.
import type { Changes, Intent, RecordRow, Review } from "@syncline/core"
import { automate } from "../automation.ts"
import { type Effect, presentOf, type Row } from "../system.ts"
import { plain } from "../words.ts"
import { cameBackUnseen, waitsSinceRestore, wasMadeMeanwhile, wasRenamedUnseen, wasTiedMeanwhile } from "./blind-spots.ts"
import { WHOLE_BATCH } from "../wire.ts"
import type { World } from "../world.ts"
import { knownOrder, wrongOrder } from "./order.ts"
import { judgePolicies } from "./policies.ts"
import { judgeRewritten, strangeKind } from "./rewritten.ts"
import { judgeNews, judgeTies } from "./ties.ts"
import { missedBy, type PassAccount } from "./pass-account.ts"

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
    if (
      twin !== undefined &&
      !knowledge.leftAlone.has(twin) &&
      !(wasRenamedUnseen(system, twin, knowledge) && !waitsSinceRestore(twin, intent, knowledge, world.restoredAt)) &&
      !cameBackUnseen(system, twin, knowledge) &&
      !wasMadeMeanwhile(twin, effect, intent, knowledge) &&
      !wasTiedMeanwhile(twin, effect, intent, knowledge) &&
      !isOfNobody(world, twin, intent) &&
      !arrivesAstray(world, twin, effect)
    )
      world.violate("I4", `${place} is created for ${intent.recordId}, which has ${twin.uid} there already`)
    const double = doubleOf(world, effect, intent.recordId)
    if (double !== undefined && twin === undefined)
      world.violate(
        "I4",
        `${place} is created for ${intent.recordId}, and ${double.uid} was made there for the same before the store was put back`,
      )
    knowledge.belongs(row, intent.recordId)
    if (!knowledge.personOf.has(intent.recordId)) knowledge.personOf.set(intent.recordId, row.person)
  } else if (known !== undefined && known !== intent.recordId && (system.shape.id === "opaque" || system.shape.secondary)) {
    // it was that record's to the store that began it, and has another in the one that was put back
    if (!world.strays.has(op.ref)) world.violate("I1", `${effect.kind} for ${intent.recordId} hits ${place}, which is ${known}'s`)
  }
  for (const wrong of world.undoing.write(world, effect, intent)) world.violate("undo", wrong)
  if (effect.kind === "delete") judgeDelete(world, effect, intent)
  if (effect.kind === "create" && world.deaths.isResurrection(intent, row.person, knowledge, [...world.systems.values()]))
    world.violate("I5", `${place} is made for ${intent.recordId}, which was deleted, and nobody did anything for it since`)
  // an undo puts back whatever stood there, and a person may have decided for it
  const strange = intent.undoes === undefined && world.extras.hostileWords !== true ? strangeKind(system, op) : null
  if (strange !== null) world.violate("I3", `${place}: ${strange}`)
  automate(world, effect)
  for (const [field, value] of Object.entries(op.set)) {
    const isAutomated = world.twists.automations?.some((one) => one.field === field) === true
    const back = isAutomated ? world.flips.writeAgainst(row, field, plain(value), op.ref) : world.flips.write(row, field, plain(value))
    if (back && !isBlurred(world, row)) world.violate("I17", `${field} of ${place} goes back to ${JSON.stringify(value)} by itself`)
  }
  if (intent.unanswered) ignored(world, effect)
  if (before === null) return
  for (const field of Object.keys(effect.kind === "delete" ? before.item : op.set)) {
    const lost = before.item[field] ?? null
    if (effect.kind !== "delete" && plain(lost) === plain(after.item[field])) continue
    const told = knowledge.toldAt(system.name, row, field, lost)
    // the engine could not know: it was typed after the last read, into a system that does not compare; or it is in a field
    // that had vanished before any item ever showed it, and a field that is left out is one that is blank; or it has vanished
    // before this item ever showed it, or where too few had a value for anybody to tell
    const isBlind = system.shape.guard !== "ifMatch" || knowledge.isUnheardOf(system.name, field, intent.openedAt)
    const isHidden = system.hides(field) && (told === null || knowledge.isUnmissed(system.name, field))
    if (((told === null || told > effect.sentAt) && isBlind) || isHidden) {
      for (const value of Array.isArray(lost) ? lost : [lost]) knowledge.windowed.add(`${field}/${plain(value)}`)
    }
  }
}

/**
 * A system took a write, left a field of it out as if there were none, and gave no answer: whoever types there later has
 * seen a blank, and nothing tells it from having seen what was sent.
 */
function ignored({ knowledge, systems }: World, { op, row, after }: Effect): void {
  const system = systems.get(row.uid.replace(/\d+$/, ""))
  for (const [field, sent] of Object.entries(op.set))
    if (system?.ignores(op, field) === true && plain(after.item[field]) !== plain(sent)) knowledge.windowed.add(`${field}/${plain(sent)}`)
}

/** It is of somebody who was forgotten, and a person was told so and had another one made beside it. */
const isOfNobody = ({ knowledge, erasing }: World, twin: Row, { recordId, binding }: Intent): boolean =>
  knowledge.mayHaveOneBeside(recordId, binding) && erasing.isLeftAlone(twin) && !knowledge.isLinked(twin)

/**
 * Only a store that was replaced had begun it, and it was still on its way when the one that was put back had another made: it
 * could not be seen there, and nobody was left who knew that it may still come.
 */
function arrivesAstray({ strays }: World, twin: Row, { op, sentAt }: Effect): boolean {
  const { madeBy, versions } = twin
  return strays.has(op.ref) && madeBy.by === "engine" && !strays.has(madeBy.op.ref) && (versions[0]?.since ?? 0) >= sentAt
}

/** Whether it was ever taken for the item of somebody who cannot be told apart: what is written for each of them lands on it. */
const isBlurred = ({ knowledge }: World, row: Row): boolean =>
  [row.person, ...[...knowledge.ownersOf(row)].map((id) => knowledge.personOf.get(id) ?? -1)].some((person) =>
    knowledge.blurred.has(person),
  )

/**
 * What was made for somebody whom the store that was put back does not know, and is made once more under the same address. An
 * item that is another record's by now is known again, and not made once more: who shares an address has an item each.
 */
function doubleOf(world: World, { row, op }: Effect, recordId: string): Row | undefined {
  if (world.lost.size === 0) return undefined
  const { knowledge, systems } = world
  const own = [...systems.values()].flatMap(({ rows }) => rows.filter((one) => one !== row && knowledge.ownersOf(one).has(recordId)))
  const vanished = new Set(own.flatMap((one) => [...knowledge.ownersOf(one)]).filter((id) => !knowledge.records.has(id)))
  const email = plain(op.set["email"])
  return world
    .system(row.uid.replace(/\d+$/, ""))
    .live()
    .find(
      (other) =>
        other !== row &&
        !knowledge.isLinked(other) &&
        !knowledge.leftAlone.has(other) &&
        plain(presentOf(other).item["email"]) === email &&
        [...knowledge.ownersOf(other)].some((id) => vanished.has(id)),
    )
}

function judgeDelete(world: World, effect: Effect, { recordId, undoes }: Intent): void {
  const beyond = world.guards.beyond(world, effect)
  if (beyond !== null) world.violate("I6", beyond)
  // somebody asked for that, and whether it was what he asked for is judged there
  if (undoes !== undefined) return
  if (world.erasing.isUnwanted(effect.row, recordId) || world.erasing.isAdopted(world, recordId)) return
  if (world.decidedDeletes.has(recordId) || world.leaving.has(effect.op.ref)) return
  // who changed places where an item is its address was deleted under the other's name, and nobody can tell
  if (world.knowledge.blurred.has(effect.row.person)) return
  const asked = [...world.systems.values()].some((system) =>
    system.rows.some((row) =>
      row.versions.some(
        (version) =>
          version.state !== "live" &&
          version.author.by === "user" &&
          !isBackSince(world, row, version.seq, { recordId, sentAt: effect.sentAt }) &&
          // an item that was archived and is made again may be another's by now
          (world.knowledge.recordOf.get(row) === recordId ||
            world.knowledge.ownerAt(row, version.since) === recordId ||
            row.person === effect.row.person),
      ),
    ),
  )
  if (!asked && !world.removedUnknown(recordId))
    world.violate("I6", `${effect.row.uid} is deleted for ${recordId}, and nobody deleted anything of it`)
}

/**
 * It was brought back after it went and before that was sent, and the engine has stored it: the delete proves nothing any more.
 * One that came back as the item of another record, which has its address meanwhile, brings the deleted one nothing back.
 */
function isBackSince(world: World, row: Row, seq: number, { recordId, sentAt }: { recordId: string; sentAt: number }): boolean {
  const { recordOf, records } = world.knowledge
  const owner = recordOf.get(row) ?? recordId
  if (owner !== recordId && records.get(owner)?.deleted === null && isLinked(world, row)) return false
  const stored = world.durable.get(row) ?? 0
  const back = row.versions.find(({ seq: at, since, state }) => at > seq && at <= stored && since <= sentAt && state === "live")
  return back !== undefined && !isGivenAway(world, row, back.since)
}

/** A person was asked whose the item is that came back, and said that it is another's, or nobody's. */
const isGivenAway = ({ knowledge }: World, row: Row, since: number): boolean =>
  [...knowledge.reviews.values()].some(
    ({ status, answer, binding, remoteId, item, closedAt }) =>
      item !== null &&
      status === "resolved" &&
      answer !== undefined &&
      answer.choice.take !== "new" &&
      (closedAt ?? 0) >= since &&
      binding !== null &&
      row.uid.startsWith(binding.split(".")[0] ?? "") &&
      row.versions.some(({ id }) => id === remoteId),
  )

/** Judges a commit against what was stored before it. */
export function beforeLearning(world: World, changes: Changes, account: PassAccount): void {
  for (const wrong of world.answers.judge(changes, world.knowledge)) world.violate("I14", wrong)
  for (const wrong of world.erasing.judge(world, changes)) world.violate("forget", wrong)
  for (const wrong of judgeTies(changes, world.knowledge)) world.violate("I4", wrong)
  for (const wrong of judgeNews(changes, world.knowledge)) world.violate("I2", wrong)
  for (const wrong of judgeRewritten(world, changes)) world.violate("I13", wrong)
  for (const wrong of judgePolicies(world.pipeline, changes, world.knowledge)) world.violate("I2", wrong)
  for (const record of changes.records) world.undoing.moved(record, world.knowledge.records.get(record.id), world.time.now)
  world.deaths.committed(changes, world.knowledge, world.time.now)
  for (const { kind, recordId, note } of changes.journal) {
    const [, undone] = kind === "revived" ? (/^(\S+) was undone$/.exec(note ?? "") ?? []) : []
    if (undone === undefined || recordId === null) continue
    if (world.undoing.broughtBack(world, recordId, undone)) world.deaths.broughtBack(recordId)
    else world.violate("I5", `an undo of ${undone} brings ${recordId} back, of which it deleted nothing`)
  }
  for (const { binding, cursor } of changes.scans) {
    const system = world.system(binding.split(".")[0] ?? "")
    for (const [row, seq] of account.takePages(system)) world.durable.set(row, Math.max(seq, world.durable.get(row) ?? 0))
    const missed = missedBy(system, cursor, world.durable, (row) => isLinked(world, row))
    if (missed !== null) world.violate("I10", `the cursor of ${system.name} is past ${missed.uid}, whose last change was never stored`)
  }
  for (const review of changes.reviews) if (!world.knowledge.reviews.has(review.id)) judgeUnsure(world, review)
  for (const record of changes.records)
    if (!world.knowledge.records.has(record.id)) judgeNewRecord(world, record, changes)
    else judgeEnd(world, record)
}

/** I6: an item that has no place in a system any more may go there, by whomever: that says nothing about its record. */
function judgeEnd(world: World, { id, deleted, entity, fields }: RecordRow): void {
  const { knowledge } = world
  if (deleted === null || knowledge.records.get(id)?.deleted !== null) return
  const bindings = world.pipeline.entities.find(({ name }) => name === entity)?.bindings ?? []
  for (const link of knowledge.links.values()) {
    const binding = bindings.find(({ key, system }) => key === link.binding && system === deleted.system)
    const isOut = link.state === "parked" || link.owes === "delete"
    if (link.recordId === id && isOut && binding?.accepts(fields, true) === false)
      world.violate(
        "I6",
        `${id} ends because ${link.remoteId ?? "its item"} went from ${link.binding}, where it had no place any more (${deleted.proof})`,
      )
  }
}

const isLinked = ({ knowledge }: World, row: Row): boolean =>
  [...knowledge.links.values()].some((link) => link.state !== "gone" && link.remoteId !== null && knowledge.rowOf(link) === row)

function judgeNewRecord(world: World, record: RecordRow, changes: Changes): void {
  const email = plain(record.fields["email"])
  const now = new Map(changes.records.map((each) => [each.id, each] as const))
  // whoever had the address before, and still has it
  const other = [...world.knowledge.records.values()].find(
    (candidate) =>
      candidate.id !== record.id &&
      email !== "" &&
      [candidate, now.get(candidate.id) ?? candidate].every((each) => each.deleted === null && plain(each.fields["email"]) === email),
  )
  if (other !== undefined && record.deleted === null && !isWanted(record, changes))
    world.violate("I4", `${record.id} is made for ${email}, which ${other.id} has already`)
}

/** A person who was asked about this very item said that it is one of its own, whoever else has its address. */
const isWanted = (record: RecordRow, { links, reviews }: Changes): boolean =>
  links.some(
    (link) =>
      link.recordId === record.id &&
      reviews.some(
        ({ status, answer, binding, remoteId }) =>
          status === "resolved" && answer?.choice.take === "new" && binding === link.binding && remoteId === link.remoteId,
      ),
  )

export function atCommit(world: World, changes: Changes): void {
  for (const intent of changes.openIntents) world.undoing.opened(world, intent)
  world.flips.learn(changes, world.knowledge.intents)
  for (const { id, unanswered } of changes.openIntents)
    if (unanswered) for (const effect of world.effects.filter(({ op }) => op.ref === id)) ignored(world, effect)
  for (const { id, kind, recordId, binding: key } of changes.openIntents) {
    const binding = world.pipeline.entities.flatMap(({ bindings }) => bindings).find((one) => one.key === key)
    const record = world.knowledge.records.get(recordId)
    const isOut = binding?.leaving === "delete" && record?.deleted === null && binding.accepts(record.fields, true) === false
    if (kind === "delete" && isOut) world.leaving.add(id)
  }
  for (const row of changes.journal) {
    for (const change of row.changes) {
      const wrong = wrongOrder(world, change)
      if (wrong !== null) world.violate("order", wrong)
    }
  }
  // that is said where many were sent at once: whose fault it was is to be found out first
  for (const { remoteId, linkId, reason } of changes.quarantine)
    if (reason.includes(WHOLE_BATCH)) world.violate("I15", `${remoteId ?? linkId ?? "an item"} is held because another was refused`)
  for (const link of changes.links) {
    // what vanished before it could be read back is looked at again
    if (link.seen === null || link.rereadAt !== null || link.state === "gone") continue
    const [system = ""] = link.binding.split(".")
    const { id, secondary } = world.system(system).shape
    const row = id === "opaque" || secondary ? (world.knowledge.rowOf(link) ?? null) : null
    const strange = world.knowledge.wasReturned(system, row, link.seen)
    if (strange !== null) world.violate("I13", `seen of ${link.id} in ${link.binding} holds ${strange}, which was never returned`)
  }
}

/** A question about order where the order is known. */
function judgeUnsure(world: World, review: Review): void {
  const { field, sides } = review
  const [first, second] = sides
  if (review.kind !== "conflict" || review.status !== "open" || field === null || sides.length !== 2) return
  if (!review.message.endsWith("their order cannot be told") || first === undefined || second === undefined) return
  if (knownOrder(world, field, first, second))
    world.violate("order", `${review.id} asks about ${field}, although it is known who was later`)
}
