// I3: nothing stands in a system that no person and no automation ever put somewhere. In: an item as it is at rest. Out: what
// it shows that has no origin.
import type { JsonObject } from "@syncline/connector"
import type { Knowledge } from "../knowledge.ts"
import { presentOf, type Row } from "../system.ts"
import { plain } from "../words.ts"

const STAGES: readonly string[] = ["lost", "lead", "customer", "unheard of"]

/** `kin`: all items that there ever were of the same person. */
export function* judgeOrigins(row: Row, kin: readonly Row[], knowledge: Knowledge): Generator<string> {
  for (const [field, value] of Object.entries(presentOf(row).item)) {
    if (field === "stage") {
      if (
        !STAGES.includes(String(value)) &&
        !(value === null && (hasNoStage(row, kin) || wasPutBack(row, knowledge) || isBlurred(row, knowledge)))
      )
        yield `stage of ${row.uid} is ${JSON.stringify(value)}`
      continue
    }
    for (const one of Array.isArray(value) ? value : [value])
      if (plain(one) !== "" && !knowledge.typed.has(plain(one)))
        yield `${field} of ${row.uid} is ${JSON.stringify(one)}, which nobody ever typed`
  }
}

/** A user left it out, and nobody has said anything since; or we wrote what one left out elsewhere. */
function hasNoStage({ versions }: Row, kin: readonly Row[]): boolean {
  const at = versions.findLastIndex(({ item }) => !lacksStage(item)) + 1
  return versions[at]?.author.by === "user" ? wasAdded(versions, at) : kin.some((one) => one.versions.some((_, n) => isLeftOut(one, n)))
}

const lacksStage = (item: JsonObject): boolean => (item["stage"] ?? null) === null

/** An item that a user added, or anew where it had ended, while the system had no such field. */
const isLeftOut = ({ versions }: Row, at: number): boolean => {
  const [before, own] = [versions[at - 1], versions[at]]
  return own?.author.by === "user" && lacksStage(own.item) && !(before !== undefined && lacksStage(before.item)) && wasAdded(versions, at)
}

const wasAdded = (versions: Row["versions"], at: number): boolean => versions[at - 1]?.state !== "live"

/** One of its record's items had none before a run that was undone, which the undo's own oracle sees to; a person may want it so. */
const wasPutBack = (row: Row, knowledge: Knowledge): boolean => {
  const owners = knowledge.ownersOf(row)
  return [...knowledge.intents.values()].some(
    ({ undoes, recordId, set }) => undoes !== undefined && set["stage"] === null && owners.has(recordId),
  )
}

/** Its record may have been shown another's item as its own, one that was made without a stage while nobody could tell it. */
const isBlurred = (row: Row, knowledge: Knowledge): boolean =>
  [row.person, ...[...knowledge.ownersOf(row)].map((id) => knowledge.personOf.get(id) ?? -1)].some((person) =>
    knowledge.blurred.has(person),
  )
