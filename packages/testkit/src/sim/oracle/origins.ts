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

/** It had none, as it was made while nobody could tell, and an undo took back what was written there since. */
function wasPutBack({ versions }: Row, { intents }: Knowledge): boolean {
  const last = versions.findLastIndex(({ item }) => (item["stage"] ?? null) !== null) + 1
  const author = versions[last]?.author
  const isUndo = author?.by === "engine" && intents.get(author.op.ref)?.undoes !== undefined
  return isUndo && versions.slice(0, last).some(({ item }) => (item["stage"] ?? null) === null)
}
