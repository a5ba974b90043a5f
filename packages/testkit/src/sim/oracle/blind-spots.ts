// Where nobody outside a system could have known better: its shape hides who is who, and the engine is not to blame.
import { canonicalText, type Intent, type Json } from "@syncline/core"
import type { Knowledge } from "../knowledge.ts"
import { type Effect, presentOf, type Row, type SimSystem, type Version } from "../system.ts"
import { plain } from "../words.ts"

/**
 * A user brought it back after the last answer about it was true: where lookups lag, what is answered may be as old as
 * that, and no create can be made on condition that an item is still gone.
 */
export const cameBackUnseen = ({ shape }: SimSystem, row: Row, knowledge: Knowledge): boolean => {
  const askedAt = knowledge.lastAsked(row)
  const back = row.versions.findLastIndex(({ state }) => state !== "live") + 1
  const returned = row.versions[back]
  return askedAt !== null && back > 0 && returned !== undefined && returned.author.by === "user" && returned.since > askedAt - shape.lagById
}

/**
 * A user made it while the create was on its way; or before, and nothing had shown it when the create was decided on, which is
 * sent again under its key whatever is shown since.
 */
export const wasMadeMeanwhile = (row: Row, { sentAt }: Effect, { openedAt }: Intent, knowledge: Knowledge): boolean =>
  row.madeBy.by === "user" && ((row.versions[0]?.since ?? 0) >= sentAt || (knowledge.shownAt(row) ?? openedAt) > openedAt)

/** Made for somebody else, it was given to this record only while the create was on its way, and may have come to look like it then. */
export const wasTiedMeanwhile = (row: Row, { sentAt }: Effect, { recordId }: Intent, knowledge: Knowledge): boolean =>
  !(row.madeBy.by === "engine" && knowledge.intents.get(row.madeBy.op.ref)?.recordId === recordId) &&
  knowledge.ownerAt(row, sentAt) !== recordId

/**
 * Somebody typed the very value that a write without an answer was to bring, while nobody knew what became of it: the item
 * shows what was sent, and who wrote it cannot be told. An address is read in one spelling, whatever it is typed in.
 */
export const mayHaveBeenOurs = (intent: Intent, version: Version | undefined): boolean =>
  intent.unanswered &&
  version !== undefined &&
  Object.entries(intent.set).every(
    ([path, value]) =>
      same(version.item[path] ?? null, value) ||
      // an address has one spelling, and there is one kind of nothing
      ((path === "email" || plain(value) === "") && plain(version.item[path]) === plain(value)),
  )

const same = (one: Json, other: Json): boolean => canonicalText(one) === canonicalText(other)

/**
 * A create whose answer was lost made this row, or brought it back from an archive, and a user gave it another address before
 * anything showed it: looked up by the address that was sent it is not there, and where creates have no key of their own,
 * nothing else tells.
 */
export const wasRenamedUnseen = (system: SimSystem, row: Row, knowledge: Knowledge): boolean => {
  const made = row.versions[row.versions.findLastIndex(({ state }) => state !== "live") + 1]
  return (
    system.shape.idempotent !== "header" &&
    made?.author.by === "engine" &&
    made.author.op.kind === "create" &&
    !(made === row.versions[0] ? knowledge.linked.has(row) : knowledge.isLinked(row)) &&
    plain(presentOf(row).item["email"]).toLowerCase() !== plain(made.author.op.set["email"]).toLowerCase()
  )
}

/** It came up since the store was put back, and waits for a person: nobody is made beside it before that person said what it is. */
export function waitsSinceRestore(row: Row, { openedAt }: Intent, knowledge: Knowledge, restoredAt: number | null): boolean {
  const shownAt = knowledge.shownAt(row)
  return restoredAt !== null && shownAt !== null && shownAt >= restoredAt && shownAt < openedAt && !knowledge.isLinked(row)
}
