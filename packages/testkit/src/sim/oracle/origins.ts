// I3: nothing stands in a system that no person and no automation ever put somewhere. In: an item as it is at rest. Out: what
// it shows that has no origin.
import type { Knowledge } from "../knowledge.ts"
import { presentOf, type Row } from "../system.ts"
import { plain } from "../words.ts"

const STAGES: readonly string[] = ["lost", "lead", "customer", "unheard of"]

export function* judgeOrigins(row: Row, knowledge: Knowledge): Generator<string> {
  for (const [field, value] of Object.entries(presentOf(row).item)) {
    if (field === "stage") {
      if (!STAGES.includes(String(value)) && !(value === null && (wasAddedWithout(row) || wasPutBack(row, knowledge))))
        yield `stage of ${row.uid} is ${JSON.stringify(value)}`
      continue
    }
    for (const one of Array.isArray(value) ? value : [value])
      if (plain(one) !== "" && !knowledge.typed.has(plain(one)))
        yield `${field} of ${row.uid} is ${JSON.stringify(one)}, which nobody ever typed`
  }
}

/** A user added it, or anew where it had ended, while the system had no such field, and nobody has said anything since. */
function wasAddedWithout({ versions }: Row): boolean {
  const at = versions.findLastIndex(({ item }) => (item["stage"] ?? null) !== null) + 1
  return versions[at]?.author.by === "user" && versions[at - 1]?.state !== "live"
}

/** One of its record's items had none before a run that was undone, which the undo's own oracle sees to; a person may want it so. */
const wasPutBack = (row: Row, knowledge: Knowledge): boolean => {
  const owners = knowledge.ownersOf(row)
  return [...knowledge.intents.values()].some(
    ({ undoes, recordId, set }) => undoes !== undefined && set["stage"] === null && owners.has(recordId),
  )
}
