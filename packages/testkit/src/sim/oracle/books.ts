// I12: the journal and what really happened match one to one, and the links can be rebuilt from it. Judged at rest.
import type { Intent, JournalRow, Link } from "@syncline/core"
import { presentOf, type Effect } from "../system.ts"
import type { World } from "../world.ts"
import { mayHaveBeenOurs } from "./blind-spots.ts"

const WROTE: Readonly<Record<Effect["kind"], JournalRow["kind"]>> = { create: "created", update: "updated", delete: "removed" }

export function judgeBooks(world: World, journal: readonly JournalRow[], links: readonly Link[]): void {
  const told = Map.groupBy(journal, (row) => JSON.stringify([row.recordId, row.binding, row.kind]))
  const count = (intent: Intent, kind: JournalRow["kind"]): number =>
    told.get(JSON.stringify([intent.recordId, intent.binding, kind]))?.length ?? 0
  // whom they were about, nobody can tell any more
  const erased = Map.groupBy(
    journal.filter(({ note }) => note === "erased"),
    ({ binding, kind }) => JSON.stringify([binding, kind]),
  )
  const mayBeErased = (intent: Intent, kind: JournalRow["kind"]): number => erased.get(JSON.stringify([intent.binding, kind]))?.length ?? 0
  const effects = world.effects.flatMap((effect) => {
    const intent = world.knowledge.intents.get(effect.op.ref)
    return intent === undefined ? [] : [{ effect, intent }]
  })
  // what a store wrote down that was replaced since is in that one
  const kept = effects.filter(({ effect }) => !world.lost.has(effect))
  for (const own of Map.groupBy(kept, ({ intent, effect }) => JSON.stringify([intent.recordId, intent.binding, effect.kind])).values()) {
    const [first] = own
    if (first === undefined) continue
    const { intent, effect } = first
    // what nobody answered may have been found in another way than by its answer
    const rows = count(intent, WROTE[effect.kind]) + count(intent, "unanswered") + count(intent, "linked")
    const kinds = [WROTE[effect.kind], "unanswered", "linked"] as const
    const erasedRows = rows < own.length ? kinds.reduce((sum, kind) => sum + mayBeErased(intent, kind), 0) : 0
    if (rows + erasedRows < own.length)
      world.violate(
        "I12",
        `${own.length} writes (${effect.kind}) for ${intent.recordId} took effect in ${intent.binding}, the journal has ${rows}`,
      )
  }
  for (const row of journal) {
    if (row.kind === "updated" && row.note === null && row.changes.length === 0)
      world.violate("I12", `the journal does not say what was updated in ${row.binding} ${row.remoteId}`)
    // what was found under its key after a lost answer may be the work of others
    if ((row.kind !== "created" && row.kind !== "updated") || row.changes.length === 0) continue
    const kind = row.kind === "created" ? "create" : "update"
    const real = effects.some(
      ({ effect, intent }) =>
        effect.kind === kind && intent.recordId === row.recordId && intent.binding === row.binding && effect.at <= row.at,
    )
    // an update that changes nothing any more leaves no trace there
    if (!real && !(kind === "update" && wasTypedMeanwhile(world, row)))
      world.violate("I12", `the journal says that ${row.remoteId} was ${row.kind} in ${row.binding}, and it was not`)
  }
  judgeRebuilt(world, journal, links)
}

/** The item shows what a write without an answer was to bring, because a user typed the same. */
function wasTypedMeanwhile(world: World, { recordId, binding, remoteId, at }: JournalRow): boolean {
  if (recordId === null || binding === null) return false
  const system = world.system(binding.split(".")[0] ?? "")
  return [...world.knowledge.intents.values()].some((intent) => {
    if (intent.recordId !== recordId || intent.binding !== binding || intent.kind !== "update" || intent.openedAt > at) return false
    const now = world.knowledge.rowOf({ binding, remoteId, secondaryId: intent.secondaryId })
    // another may have its address by now
    const then = system.rows.filter((row) => row === now || row.versions.some(({ id }) => id === remoteId))
    return then.some((row) => mayHaveBeenOurs(intent, system.asOf(row, at)))
  })
}

const TIES: readonly JournalRow["kind"][] = ["created", "updated", "linked", "record_new", "rekeyed", "merged"]

/** Whoever is linked now was tied by some row of the journal, under an id that the item had. */
function judgeRebuilt(world: World, journal: readonly JournalRow[], links: readonly Link[]): void {
  for (const link of links) {
    if (link.state !== "live" || link.remoteId === null) continue
    const row = world.knowledge.rowOf(link)
    if (row === undefined || presentOf(row).state !== "live") continue
    const ids = new Set(row.versions.map((version) => version.id))
    const tied = journal.some(
      (entry) =>
        entry.binding === link.binding &&
        TIES.includes(entry.kind) &&
        (entry.note === "erased" || (entry.recordId === link.recordId && entry.remoteId !== null && ids.has(entry.remoteId))),
    )
    if (!tied) world.violate("I12", `nothing in the journal ties ${link.remoteId} in ${link.binding} to ${link.recordId}`)
  }
}
